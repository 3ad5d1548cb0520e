package org.farthing.server.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.RestoreAnswer;
import org.farthing.protocol.token.SwapBody;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.Payee;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.mint.TestMint;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mint, and a payee with books of its own, killed at every step: no token is lost or counts twice, nothing is signed that was
 * not paid for, and both books agree (T45, T47; F-TK-119).
 *
 * <p>One life after the other, on the same books: each step finds what the one before left.
 */
@Requirement({"T45", "T47", "F-TK-119"})
class TokenDrillTest {

    private static final long FUNDS = 10_000;
    private static final long BUNDLE = 32;

    @TempDir
    private Path folder = Path.of("");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int mintPort = KeptPort.take();
    private final int payeePort = KeptPort.take();
    private final Origin mintOrigin = new Origin("http://127.0.0.1:" + mintPort);
    private final Origin payeeOrigin = new Origin("http://127.0.0.1:" + payeePort);
    private final TokenBuyer buyer = new TokenBuyer(mintOrigin, payeeOrigin, threads);
    private final String begin = Long.toString(Instant.now().minusSeconds(60).getEpochSecond());
    private final List<Child> children = new ArrayList<>();
    private Child mint;
    private long bought;
    private long credited;

    @BeforeEach
    void start() throws Exception {
        SecureRandom random = new SecureRandom();
        KeyFiles.in(folder.resolve("mint-keys")).init(Algorithm.ED25519, Instant.now(), random);
        KeyFiles.in(folder.resolve("payee-keys")).init(Algorithm.ED25519, Instant.now(), random);
        KeyDirectory payee =
                KeyFiles.in(folder.resolve("payee-keys")).load(Instant.now()).directory(payeeOrigin, List.of());
        try (Ledger ledger = SqliteLedger.open(
                folder.resolve("mint.db"), LedgerOptions.builder(threads).build())) {
            buyer.open(ledger, FUNDS);
            TwoBooks.await(ledger.payees().put(payeeOrigin.text(), false, Payee.Status.ACTIVE, payee.format()));
        }
        mint = startMint();
    }

    @AfterEach
    void stop() {
        children.forEach(Child::close);
        threads.shutdownNow();
    }

    private Child startMint() throws IOException {
        return kept(Child.start(MintProcess.class, folder.toString(), Integer.toString(mintPort), begin));
    }

    private Child startPayee() throws IOException {
        return kept(Child.start(
                TokenPayeeProcess.class, folder.toString(), Integer.toString(payeePort), Integer.toString(mintPort)));
    }

    private Child kept(Child child) {
        children.add(child);
        return child;
    }

    private void killMint() throws IOException {
        mint.kill();
        mint = startMint();
    }

    // ---- the mint ------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-83", "F-TK-84", "F-TK-87"})
    void mintKilledAtEveryStepOfAPurchase_paidOnceAndNoTokenLost() throws Exception {
        for (String step : List.of(
                "before ledger.reserve",
                "after ledger.reserve",
                "before ledger.capture",
                "after ledger.capture",
                "before answer")) {
            List<PendingToken> pending = bundle();
            String body = TokenBuyer.body(pending);
            String order = buyer.order(body);
            mint.arm(step);
            CompletableFuture<HttpTester.Response> lost =
                    buyer.start(mintOrigin, "POST", "/token-purchase", body, order);
            mint.expect("at " + step);
            killMint();
            assertThat(lost).as(step).failsWithin(Duration.ofSeconds(30));
            boolean signed = step.equals("after ledger.capture") || step.equals("before answer");
            assertThat(restored(body, pending)).as(step).hasSize(signed ? pending.size() : 0);

            HttpTester.Response answer = buyer.resend(mintOrigin, "POST", "/token-purchase", body, order);
            if (Buyer.outcome(answer).equals("released")) {
                answer = buyer.resend(mintOrigin, "POST", "/token-purchase", body, buyer.order(body));
            }
            assertThat(answer.getStatus()).as(step + answer.getContent()).isEqualTo(200);
            List<BlindToken> tokens = TokenBuyer.tokens(pending, answer);
            bought += BUNDLE;
            assertThat(restored(body, pending)).as(step).isEqualTo(tokens);
            assertMint();
        }
    }

    @Test
    @Requirement({"F-TK-86", "F-TK-87", "T69"})
    void mintKilledAtEveryStepOfASwapAndARedemption_doneOnceAndNothingLost() throws Exception {
        Child payee = startPayee();
        List<BlindToken> tokens = buy();
        for (String step : List.of("before tokens.swap", "after tokens.swap", "before answer")) {
            BlindToken given = tokens.remove(tokens.size() - 1);
            List<PendingToken> wanted = buyer.pending(valuesOf(tokens.size()));
            String body = new SwapBody(buyer.challenge(), List.of(given), TestMint.requests(wanted)).format();
            mint.arm(step);
            // Through the payee, which holds the claim meanwhile.
            CompletableFuture<HttpTester.Response> unclear = buyer.start(payeeOrigin, "POST", "/token-swap", body, "");
            mint.expect("at " + step);
            killMint();
            assertThat(unclear.join().getStatus()).as(step).isEqualTo(503);
            HttpTester.Response answer = buyer.send(payeeOrigin, "POST", "/token-swap", body, "");
            assertThat(answer.getStatus()).as(step + answer.getContent()).isEqualTo(200);
            assertThat(restored(TokenBuyer.body(wanted), wanted)).as(step).isEqualTo(TokenBuyer.tokens(wanted, answer));
            String other =
                    new SwapBody(buyer.challenge(), List.of(given), TestMint.requests(buyer.pending(1))).format();
            assertThat(buyer.send(payeeOrigin, "POST", "/token-swap", other, "").getStatus())
                    .as(step)
                    .isEqualTo(409);
            assertMint();
        }
        for (String step : List.of("before tokens.redeem", "after tokens.redeem")) {
            mint.arm(step);
            pay(payee, tokens.remove(0), "/docs/a");
            mint.expect("at " + step);
            killMint();
            drained(payee);
        }
    }

    // ---- the payee -----------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-114", "F-TK-118", "F-RE-11"})
    void payeeKilledAtEveryStepOfAPaymentAndAnUpload_servedOnceAndBothBooksAgree() throws Exception {
        Child payee = startPayee();
        for (String step : List.of(
                "after ledger.reserve",
                "before ledger.capture",
                "after ledger.capture",
                "before answer",
                "after uploads.due",
                "before uploads.done",
                "after uploads.done")) {
            BlindToken token = buy().get(0);
            String credential = buyer.pay("/docs/a", List.of(token));
            payee.arm(step);
            CompletableFuture<HttpTester.Response> lost = buyer.start(payeeOrigin, "GET", "/docs/a", "", credential);
            payee.expect("at " + step);
            payee.kill();
            assertThat(lost.handle((answer, failure) -> failure != null || answer.getStatus() == 200)
                            .join())
                    .isTrue();
            payee = startPayee();
            HttpTester.Response answer = buyer.resend(payeeOrigin, "GET", "/docs/a", "", credential);
            assertThat(answer.getStatus()).as(step + answer.getContent()).isEqualTo(200);
            HttpTester.Response other =
                    buyer.send(payeeOrigin, "GET", "/docs/b", "", buyer.pay("/docs/b", List.of(token)));
            assertThat(other.getStatus()).as(step + other.getContent()).isEqualTo(402);
            credited++;
            drained(payee);
        }
    }

    // ---- how it goes ---------------------------------------------------------------------------------------------

    private List<PendingToken> bundle() {
        return buyer.pending(1, 1, 2, 4, 8, 16);
    }

    /** Tokens of 1, 1, 2, 4, 8 and 16. */
    private List<BlindToken> buy() {
        List<PendingToken> pending = bundle();
        String body = TokenBuyer.body(pending);
        HttpTester.Response answer = buyer.resend(mintOrigin, "POST", "/token-purchase", body, buyer.order(body));
        bought += BUNDLE;
        return new ArrayList<>(TokenBuyer.tokens(pending, answer));
    }

    /** What a token of the last value is changed into. */
    private static long[] valuesOf(int left) {
        return switch (left) {
            case 5 -> new long[] {8, 8};
            case 4 -> new long[] {4, 4};
            default -> new long[] {2, 2};
        };
    }

    private void pay(Child payee, BlindToken token, String path) {
        HttpTester.Response answer = buyer.send(payeeOrigin, "GET", path, "", buyer.pay(path, List.of(token)));
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        assertThat(payee).isNotNull();
        credited++;
    }

    /** What the mint has signed of it before. */
    private List<BlindToken> restored(String body, List<PendingToken> pending) throws Exception {
        HttpTester.Response answer = buyer.send(mintOrigin, "POST", "/token-restore", body, "");
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        List<BlindToken> tokens = new ArrayList<>();
        var issued =
                RestoreAnswer.parse(answer.getContentBytes(), pending.size()).answers();
        for (int i = 0; i < pending.size(); i++) {
            if (issued.get(i).isPresent()) {
                tokens.add(pending.get(i).finish(issued.get(i).orElseThrow()));
            }
        }
        return tokens;
    }

    private void drained(Child payee) {
        payee.tell("drained");
        payee.expect("drained");
        assertThat(payee.ask("books all")).isEqualTo(credited + " sound");
        assertMint();
    }

    /** To the base unit: what left the wallet is out as tokens or with the payee. */
    private void assertMint() {
        assertThat(mint.ask("books " + buyer.wallet()))
                .isEqualTo((FUNDS - bought) + " 0 " + (bought - credited) + " " + credited + " sound");
    }
}
