package org.farthing.benchmarks.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.keys.MintKey;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Issuance;
import org.farthing.server.ledger.IssuedMessage;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.StoredOutcome;
import org.farthing.server.ledger.TokenPayment;
import org.farthing.server.ledger.Transition;
import org.farthing.server.ledger.UsedToken;
import org.farthing.server.mint.KeyLife;
import org.farthing.server.mint.Mint;
import org.farthing.server.mint.MintKeys;

/**
 * Tokens to pay with: signed by the mint's key, and bought in its ledger by a wallet, without the HTTP between. Each is worth the
 * price of one request.
 */
final class TokenSales {

    /** As many at once as the connections of wrk. */
    private static final int CALLERS = Wrk.CONNECTIONS;

    private static final Duration HOLD = Duration.ofSeconds(30);
    private static final StoredOutcome OUTCOME = StoredOutcome.whole(
            200,
            List.of(new StoredOutcome.Field("Content-Type", "text/plain")),
            "x".repeat(100).getBytes(StandardCharsets.US_ASCII),
            "r".repeat(600));

    private final SecureRandom random = new SecureRandom();
    private final LoadKeys keys;
    private final Origin payee;
    private final Ledger ledger;
    private final TokenSecretKey secret = TokenSecretKey.generate(random);
    private final Mint mint;

    TokenSales(LoadKeys keys, Origin payee, Ledger ledger) {
        this.keys = keys;
        this.payee = payee;
        this.ledger = ledger;
        PublishedKey published = KeyLife.DEFAULT.publish(
                secret.publicKey(),
                LoadChallenges.PRICE,
                LoadChallenges.CURRENCY,
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
        this.mint = Mint.builder(
                        payee,
                        ledger,
                        MintKeys.of(List.of(new MintKey(secret, published))),
                        LoadChallenges.CURRENCY,
                        denominations())
                .withoutRotation()
                .sharing(payee)
                .build();
    }

    private static Denominations denominations() {
        return new Denominations(List.of(LoadChallenges.PRICE.baseUnits()));
    }

    Mint mint() {
        return mint;
    }

    /** Writes so many credentials, each with a token of its own, and has them paid for. */
    String issue(int count, Path file) throws IOException {
        buy(count);
        TokenOffer offer = new TokenOffer(
                payee, challenge(), denominations(), 4, false, mint.directory().hash());
        LoadChallenges challenges = LoadChallenges.forBlindTokens(keys, payee, offer);
        List<Challenge> all =
                IntStream.range(0, count).mapToObj(i -> challenges.next()).toList();
        Files.write(file, all.parallelStream().map(this::credential).toList());
        return "issued";
    }

    private TokenChallenge challenge() {
        return TokenChallenge.forPayee(payee, payee);
    }

    private String credential(Challenge challenge) {
        return Credential.of(challenge, null, TokenPayload.toPayload(List.of(token())))
                .format();
    }

    private BlindToken token() {
        PendingToken pending = PendingToken.begin(
                secret.publicKey(),
                challenge(),
                bytes(32),
                bytes(PendingToken.SALT_LENGTH),
                bytes(PendingToken.BLIND_SEED_LENGTH));
        try {
            return pending.finish(
                    new TokenResponse(secret.blindSign(pending.request().blinded())));
        } catch (MalformedException | SignatureRejectedException e) {
            throw new IllegalStateException("a request made here can be signed", e);
        }
    }

    // ---- what a request is made of ---------------------------------------------------------------------------------

    /** The CPU time of this thread for one verification of a token that was never seen before, in microseconds. */
    String verify(int count) {
        List<BlindToken> tokens =
                IntStream.range(0, count).parallel().mapToObj(i -> token()).toList();
        tokens.forEach(this::mustVerify);
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        tokens.forEach(this::mustVerify);
        long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        return Double.toString(used / 1000.0 / count);
    }

    private void mustVerify(BlindToken token) {
        if (!secret.publicKey().verify(token)) {
            throw new IllegalStateException("a token made here verifies");
        }
    }

    /**
     * The CPU time of this process for one charge by one token, set aside and captured, and then the time by the clock that one
     * takes of a ledger that does nothing else for as many callers as pay over HTTP, both in microseconds.
     */
    String claim(int count) {
        buy(count);
        Semaphore callers = new Semaphore(CALLERS);
        List<CompletableFuture<?>> all = new ArrayList<>(count);
        long before = cpuMicros();
        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            callers.acquireUninterruptibly();
            all.add(charge(tokenCharge(), null).whenComplete((done, failure) -> callers.release()));
        }
        all.forEach(CompletableFuture::join);
        double micros = (System.nanoTime() - began) / 1000.0;
        return (double) (cpuMicros() - before) / count + " " + micros / count;
    }

    private static long cpuMicros() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1000;
    }

    private CompletableFuture<Transition> charge(HoldRequest request, Issuance issuance) {
        long amount = request.terms().amount();
        return ledger.reserve(request)
                .thenCompose(reserved -> {
                    if (!(reserved instanceof Reserved.Held held)) {
                        throw new IllegalStateException("not held: " + reserved);
                    }
                    return issuance == null
                            ? ledger.capture(held.ref(), amount, OUTCOME)
                            : ledger.capture(held.ref(), amount, OUTCOME, issuance);
                })
                .thenApply(transition -> {
                    if (transition instanceof Transition.Done) {
                        return transition;
                    }
                    throw new IllegalStateException("not captured: " + transition);
                })
                .toCompletableFuture();
    }

    private HoldRequest tokenCharge() {
        String id = text(32);
        UsedToken token = new UsedToken(secret.publicKey().keyId(), text(16));
        long value = LoadChallenges.PRICE.baseUnits();
        return new HoldRequest(
                terms(id, "t_" + id, "token", LoadChallenges.PRICE),
                "-",
                0,
                HOLD,
                null,
                new TokenPayment(payee.text(), List.of(token), value, null, null));
    }

    /** In the ledger alone, and as many messages at once as it takes: what was sold is what may be used. */
    private void buy(int count) {
        for (int left = count; left > 0; left -= Issuance.MOST) {
            List<IssuedMessage> messages = IntStream.range(0, Math.min(left, Issuance.MOST))
                    .mapToObj(i -> new IssuedMessage(secret.publicKey().keyId(), bytes(16)))
                    .toList();
            Amount price = Amount.of(LoadChallenges.PRICE.baseUnits() * messages.size());
            ChargeTerms terms = terms(text(32), LoadKeys.wallet(keys.payer(0)), "wallet", price);
            long version = ledger.wallet(terms.wallet())
                    .toCompletableFuture()
                    .join()
                    .orElseThrow()
                    .version();
            HoldRequest request =
                    new HoldRequest(terms, keys.payer(0).publicKey().thumbprint(), version, HOLD, null);
            var unused = charge(request, new Issuance(payee.text(), messages)).join();
        }
    }

    private ChargeTerms terms(String id, String payer, String method, Amount amount) {
        return new ChargeTerms(
                id,
                text(32),
                id,
                payer,
                payee.text(),
                "/paid",
                method,
                LoadChallenges.CURRENCY.text(),
                amount.baseUnits(),
                Instant.now().plusSeconds(300),
                true);
    }

    private String text(int length) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(length));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
