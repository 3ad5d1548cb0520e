package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.RedeemedPage;
import org.farthing.protocol.token.RedemptionAnswer;
import org.farthing.protocol.token.RedemptionBody;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.wallet.WalletRequest;
import org.farthing.server.collect.ServiceCallException;
import org.farthing.server.collect.TokenCalls;
import org.farthing.server.gate.PaymentEvent;
import org.farthing.server.keys.MintKey;
import org.farthing.server.ledger.Payee;
import org.farthing.server.ledger.UploadStatus;
import org.farthing.server.mint.TestMint;
import org.farthing.server.offer.Offer;
import org.farthing.server.token.DirectorySource;
import org.farthing.server.trust.KeyDocuments;
import org.farthing.server.trust.PatientDocuments;
import org.jspecify.annotations.Nullable;

/** A mint, and a payee with books of its own that takes its tokens, both in raw bytes; the line between them can fail. */
final class RemoteStand implements TokenCalls, AutoCloseable {

    static final Origin PAYEE = MintStand.PAYEE;
    static final Duration LOOK = Duration.ofSeconds(10);

    final Paywall paywall;
    final MintStand mint;
    final List<byte[]> swaps = new CopyOnWriteArrayList<>();
    volatile boolean away;
    volatile boolean losingAnswers;

    /** What the mint answers to swaps instead of making them. */
    volatile @Nullable Problem saying;

    private final AtomicInteger calling = new AtomicInteger();
    private final KeyDocuments documents;

    RemoteStand(Path folder) {
        this(folder, TestMint::epoch, settings -> settings);
    }

    RemoteStand(Path folder, Function<Instant, List<MintKey>> epochs, UnaryOperator<RemoteTokens> settings) {
        paywall = new Paywall(folder);
        documents = PatientDocuments.open(paywall.clock, false);
        mint = new MintStand(folder, epochs, builder -> {}, handler -> handler.payees(documents), ledger -> ledger);
        register();
        RemoteTokens tokens =
                settings.apply(RemoteTokens.of(MintStand.ISSUER.text()).withUploadEvery(LOOK));
        TokenLinks links = new TokenLinks(
                issuer -> away
                        ? CompletableFuture.failedFuture(new IllegalStateException("no route to host"))
                        : CompletableFuture.completedFuture(new DirectorySource.Fetched(
                                mint.mint.directory(), Duration.ZERO, Optional.of(mint.mint.unchangedFor()))),
                routes -> this,
                () -> {});
        paywall.boot(
                prices -> prices.charge(
                        "/docs/*",
                        Offer.of(Amount.of(5), TestMint.CURRENCY)
                                .methods("token")
                                .build()),
                handler -> {
                    handler.setRemoteTokens(tokens);
                    handler.setTokenLinks(links);
                });
        ready();
        // Its first look is over, and it rests: what is paid from now on waits until time passes.
        paywall.scheduler.awaitScheduled(LOOK, 1);
    }

    /** The payee's key document as the mint has it is of now. */
    private void register() {
        String document =
                KeyDirectory.of(PAYEE, List.of(paywall.key.publicKey())).format();
        MintStand.await(mint.ledger().payees().put(PAYEE.text(), false, Payee.Status.ACTIVE, document));
    }

    private void ready() {
        Paywall.awaitTrue(() -> paywall.handler().isReady(), () -> "not ready");
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    void pass(Duration by) {
        mint.clock.advance(by);
        paywall.clock.advance(by);
        paywall.scheduler.advance(by);
    }

    /** Time in which neither is awake; then both know each other again. */
    void sleep(Duration by) {
        mint.clock.advance(by);
        paywall.clock.advance(by);
        register();
        if (!away) {
            paywall.scheduler.advance(Duration.ofMinutes(4));
            ready();
        }
    }

    /** Lets the courier look until it is so. Time does not pass while it is on the line, or what it signed would be too old. */
    void until(BooleanSupplier condition) {
        for (int i = 0; i < 100 && !condition.getAsBoolean(); i++) {
            pass(LOOK);
            long soon = System.nanoTime() + 300_000_000;
            while (!condition.getAsBoolean() && (calling.get() > 0 || System.nanoTime() < soon)) {
                Thread.onSpinWait();
            }
        }
        assertThat(condition.getAsBoolean())
                .as("after a quarter of an hour: %s, %s", status(), uploads())
                .isTrue();
    }

    /** Listeners hear of it after the books have it. */
    void heard(PaymentEvent.Kind kind) {
        Paywall.awaitTrue(() -> paywall.events.stream().anyMatch(event -> event.kind() == kind), () -> paywall.events);
    }

    void redeemed() {
        until(() -> status() == null);
    }

    private List<String> uploads() {
        return Paywall.await(paywall.ledger().tokens().uploadItems(null, 0, 10)).stream()
                .map(upload -> upload.state() + " after " + upload.attempts() + " tries, " + upload.result())
                .toList();
    }

    @Nullable
    UploadStatus status() {
        List<UploadStatus> all = Paywall.await(paywall.ledger().tokens().uploadStatus());
        return all.isEmpty() ? null : all.get(0);
    }

    // ---- what a client does --------------------------------------------------------------------------------------

    /** Asks and pays. */
    HttpTester.Response pay(String path, List<BlindToken> tokens) {
        return paywall.get(path, TokenTill.pay(paywall.get(path), tokens));
    }

    HttpTester.Response swap(String body) {
        return paywall.send("POST", "/token-swap", body);
    }

    static String swapBody(List<BlindToken> tokens, List<PendingToken> pending) {
        return new SwapBody(MintStand.CHALLENGE, tokens, TestMint.requests(pending)).format();
    }

    // ---- money ---------------------------------------------------------------------------------------------------

    /** What the payee says it is owed by issuers. */
    long owed() {
        return Paywall.await(paywall.ledger().totals()).stream()
                .filter(totals -> totals.currency().equals(TestMint.CURRENCY.text()))
                .mapToLong(totals -> totals.receivable())
                .sum();
    }

    /** What the mint says payees have. */
    long credited() {
        return Paywall.await(mint.ledger().totals()).stream()
                .mapToLong(totals -> totals.payees())
                .sum();
    }

    /** What the mint has for tokens that are out. */
    long outstanding() {
        return Paywall.await(mint.ledger().totals()).stream()
                .mapToLong(totals -> totals.tokens())
                .sum();
    }

    // ---- the line ------------------------------------------------------------------------------------------------

    @Override
    public CompletionStage<RedemptionAnswer> redeem(Origin issuer, Origin payee, List<BlindToken> tokens) {
        String body = new RedemptionBody(TokenChallenge.forPayee(issuer, payee), tokens).format();
        return call("POST", "/token-redemptions", body).thenCompose(answer -> {
            try {
                assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
                return CompletableFuture.completedFuture(
                        RedemptionAnswer.parse(answer.getContentBytes(), tokens.size()));
            } catch (MalformedException e) {
                return CompletableFuture.failedFuture(new AssertionError(e));
            }
        });
    }

    @Override
    public CompletionStage<SwapReply> swap(Origin issuer, Origin payee, byte[] body) {
        swaps.add(body);
        Problem said = saying;
        if (said != null) {
            byte[] problem = said.toJson().getBytes(StandardCharsets.UTF_8);
            return CompletableFuture.completedFuture(new SwapReply(said.status(), problem));
        }
        return call("POST", "/token-swap", new String(body, StandardCharsets.UTF_8))
                .thenApply(answer -> new SwapReply(answer.getStatus(), answer.getContentBytes()));
    }

    @Override
    public CompletionStage<RedeemedPage> redeemed(Origin issuer, Origin payee, @Nullable String cursor) {
        String query = cursor == null ? "" : "?cursor=" + cursor;
        return call("GET", "/token-redemptions" + query, "").thenCompose(answer -> {
            try {
                assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
                return CompletableFuture.completedFuture(RedeemedPage.parse(answer.getContentBytes()));
            } catch (MalformedException e) {
                return CompletableFuture.failedFuture(new AssertionError(e));
            }
        });
    }

    private CompletionStage<HttpTester.Response> call(String method, String path, String body) {
        if (away) {
            return CompletableFuture.failedFuture(ServiceCallException.unreachable("nobody is there"));
        }
        RequestTarget target = RequestTarget.ofUri(method, URI.create(MintStand.ISSUER.text() + path));
        String token = WalletRequest.sign(
                paywall.key,
                PAYEE.text(),
                MintStand.ISSUER,
                target,
                body.getBytes(StandardCharsets.UTF_8),
                paywall.clock.instant(),
                Base64Url.encode(new SecureRandom().generateSeed(16)));
        HttpTester.Response answer;
        try {
            answer = onTheLine(method, path, body, token);
        } catch (AssertionError e) {
            // A line that broke: an error thrown here would end the courier without a word.
            return CompletableFuture.failedFuture(e);
        }
        return losingAnswers
                ? CompletableFuture.failedFuture(ServiceCallException.unreachable("the connection broke"))
                : CompletableFuture.completedFuture(answer);
    }

    private HttpTester.Response onTheLine(String method, String path, String body, String token) {
        calling.incrementAndGet();
        try {
            return mint.send(method, path, body.getBytes(StandardCharsets.UTF_8), "Authorization: Bearer " + token);
        } finally {
            calling.decrementAndGet();
        }
    }

    @Override
    public void close() {
        paywall.close();
        mint.close();
        documents.close();
    }
}
