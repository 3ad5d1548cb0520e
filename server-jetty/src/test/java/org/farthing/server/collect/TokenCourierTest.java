package org.farthing.server.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.RedeemedPage;
import org.farthing.protocol.token.RedemptionAnswer;
import org.farthing.protocol.token.RedemptionAnswer.Result;
import org.farthing.server.gate.PaymentEvent;
import org.farthing.server.gate.PaymentEvent.Kind;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.KeyResult;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.ledger.TokenPayment;
import org.farthing.server.ledger.TokenUpload;
import org.farthing.server.ledger.UploadStatus;
import org.farthing.server.ledger.UsedToken;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a payee took is redeemed, whatever the issuer does meanwhile (spec/token-remote.md, "Redeeming"). */
@Timeout(60)
class TokenCourierTest {

    private static final String ISSUER = "https://issuer.example";
    private static final String CURRENCY = "usd.e4";
    private static final String KEY = TestTokenKeys.publicKey(0).keyId();
    private static final long VALUE = 8;
    private static final Duration REST = Duration.ofMinutes(10);

    @TempDir
    private Path folder = Path.of("");

    private final TestClock clock = new TestClock();
    private final ManualTimers timers = new ManualTimers(clock);
    private final Issuer issuer = new Issuer();
    private final List<PaymentEvent> events = new CopyOnWriteArrayList<>();
    private final ExecutorService completions = Executors.newFixedThreadPool(2);
    private Ledger ledger;
    private TokenCourier courier;
    private int taken;

    @BeforeEach
    void open() {
        ledger = SqliteLedger.open(
                folder.resolve("payee.db"),
                LedgerOptions.builder(completions).clock(clock).build());
        assertThat(await(ledger.tokens().openKey(terms()))).isInstanceOf(KeyResult.Open.class);
        courier = courier();
    }

    private TokenKeyTerms terms() {
        return new TokenKeyTerms(
                KEY,
                ISSUER,
                false,
                VALUE,
                CURRENCY,
                clock.instant(),
                clock.instant().plus(Duration.ofDays(30)),
                clock.instant().plus(Duration.ofDays(60)),
                clock.instant().plus(Duration.ofDays(67)),
                clock.instant().plus(Duration.ofDays(90)));
    }

    private TokenCourier courier() {
        return new TokenCourier(
                ledger.tokens(),
                issuer,
                new TokenCourier.Rest(REST, status -> status.open() >= 25 * VALUE),
                timers,
                clock,
                events::add);
    }

    @AfterEach
    void close() {
        courier.close();
        assertThat(await(ledger.check()).findings()).isEmpty();
        ledger.close();
        completions.shutdownNow();
    }

    // ---- rest ----------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-110", "T59"})
    void fewTokens_restForTenMinutes_andGoInOneCall() {
        start();
        take(1);
        for (int i = 0; i < 59; i++) {
            look();
        }
        take(2);
        assertThat(issuer.calls).isEmpty();
        look();
        assertThat(issuer.calls)
                .singleElement()
                .satisfies(call -> assertThat(call).hasSize(3));
        assertRedeemed(3);
    }

    @Test
    @Requirement("F-TK-110")
    void hundredTokens_goAtOnce_inCallsOfAtMostAHundred_andEachOnce() {
        start();
        for (int i = 0; i < 13; i++) {
            take(10);
        }
        look();
        assertThat(issuer.calls.stream().map(List::size)).containsExactly(100, 30);
        assertThat(new HashSet<>(issuer.tokens())).hasSize(130);
        assertRedeemed(130);
    }

    @Test
    @Requirement({"F-TK-110", "F-TK-109", "T61"})
    void halfOfTheTrust_goesAtOnce() {
        start();
        take(24);
        look();
        assertThat(issuer.calls).isEmpty();
        take(1);
        look();
        assertRedeemed(25);
    }

    @Test
    @Requirement("F-TK-110")
    void releasedCharge_isNeverPresented() {
        start();
        Reserved.Held held = (Reserved.Held) reserve(2);
        await(ledger.release(held.ref(), ReleaseReason.HANDLER_FAILED, Execution.YES));
        timers.pass(REST);
        rested();
        assertThat(issuer.calls).isEmpty();
        assertThat(status()).isNull();
    }

    // ---- an issuer in trouble ------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-111", "T47"})
    void issuerAway_isAskedAgainWithTheSameTokens_withPausesThatGrow() {
        issuer.trouble = ServiceCallException.unreachable("nobody is there");
        take(3);
        start();
        for (int seconds : List.of(1, 2, 4)) {
            int asked = issuer.calls.size();
            timers.await(Duration.ofSeconds(seconds));
            timers.pass(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(issuer.calls).hasSize(asked);
            timers.pass(Duration.ofMillis(1));
            rested();
            assertThat(issuer.calls).hasSize(asked + 1);
        }
        issuer.trouble = null;
        timers.pass(Duration.ofSeconds(8));
        rested();
        assertThat(new HashSet<>(issuer.calls)).hasSize(1);
        assertRedeemed(3);
    }

    @Test
    @Requirement({"F-TK-158", "T61"})
    void issuerAway_whatElseWaitsIsLeftAlone_andGoesOnceItAnswers() {
        issuer.trouble = ServiceCallException.unreachable("nobody is there");
        for (int i = 0; i < 25; i++) {
            take(10);
        }
        start();
        assertThat(issuer.calls).hasSize(1);
        assertThat(await(ledger.tokens().uploadItems(null, 0, 1000)))
                .filteredOn(upload -> upload.attempts() > 0)
                .hasSize(100);
        issuer.trouble = null;
        timers.pass(Duration.ofSeconds(1));
        rested();
        assertThat(issuer.calls.stream().skip(1).map(List::size)).containsExactly(100, 100, 50);
        assertRedeemed(250);
    }

    @Test
    @Requirement({"F-TK-111", "F-TK-114", "T47"})
    void answerLost_isAskedAgain_andRepeatedCountsOnce() {
        issuer.loseAnswers = 1;
        take(2);
        start();
        assertThat(status()).isNotNull();
        timers.pass(Duration.ofSeconds(1));
        rested();
        assertThat(issuer.calls).hasSize(2);
        assertThat(issuer.said.get(1)).containsOnly(Result.REPEATED);
        assertRedeemed(2);
        assertThat(heard(Kind.COLLECTED)).isEqualTo(2 * VALUE);
    }

    /** Whoever works with threads of a server may find its memory or its stack used up once. */
    @Test
    @Requirement({"F-TK-111", "T47"})
    void callThatEndsInAnError_isMadeAgain() {
        issuer.error = new StackOverflowError("made to fail");
        take(3);
        start();
        assertThat(issuer.calls).hasSize(1);
        issuer.error = null;
        timers.pass(Duration.ofSeconds(1));
        rested();
        assertThat(issuer.calls).hasSize(2);
        assertRedeemed(3);
    }

    @Test
    @Requirement("F-TK-111")
    void answerThatDoesNotAddUp_isNone() {
        take(2);
        issuer.twist = answer -> new RedemptionAnswer(answer.results(), Amount.of(VALUE));
        start();
        issuer.twist = answer -> new RedemptionAnswer(List.of(Result.ACCEPTED), Amount.of(VALUE));
        timers.pass(Duration.ofSeconds(1));
        rested();
        assertThat(issuer.calls).hasSize(2);
        assertThat(events).isEmpty();
        UploadStatus open = status();
        assertThat(open == null ? 0 : open.waiting()).isEqualTo(2);
        issuer.twist = UnaryOperator.identity();
        timers.pass(Duration.ofSeconds(2));
        rested();
        assertRedeemed(2);
    }

    @Test
    @Requirement({"F-TK-114", "T45"})
    void processThatEnds_leavesItToTheNext() {
        take(2);
        issuer.silent = true;
        courier.start();
        issuer.awaitCalls(1);
        courier.close();
        issuer.silent = false;
        courier = courier();
        start();
        assertThat(issuer.calls).hasSize(1);
        timers.pass(TokenCourier.LEASE);
        rested();
        timers.pass(REST);
        rested();
        assertThat(issuer.calls).hasSize(2);
        assertRedeemed(2);
    }

    // ---- an issuer that refuses ----------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-112", "T61"})
    void refusedTokens_areLost_alarmed_andWrittenOffByTheOperator() {
        take(4);
        issuer.twist = answer -> new RedemptionAnswer(
                List.of(Result.SPENT, Result.ACCEPTED, Result.EXPIRED, Result.INVALID), Amount.of(VALUE));
        start();
        assertThat(heard(Kind.COLLECTED)).isEqualTo(VALUE);
        assertThat(heard(Kind.COLLECT_FAILED)).isEqualTo(3 * VALUE);
        List<TokenUpload> failed = await(ledger.tokens().uploadItems(TokenUpload.State.FAILED, 0, 10));
        assertThat(failed.stream().map(TokenUpload::result)).containsExactly("spent", "expired", "invalid");
        UploadStatus open = status();
        assertThat(open == null ? 0 : open.open()).isEqualTo(3 * VALUE);
        long earned = earned();
        for (TokenUpload upload : failed) {
            assertThat(await(ledger.tokens().uploads().writeOff(upload.seq(), "the issuer is right")))
                    .isTrue();
        }
        assertThat(status()).isNull();
        assertThat(earned()).isEqualTo(earned - 3 * VALUE);
        assertThat(issuer.calls).hasSize(1);
    }

    // ---- how it goes ---------------------------------------------------------------------------------------------

    private void start() {
        courier.start();
        rested();
    }

    private void look() {
        timers.pass(TokenCourier.LOOK_EVERY);
        rested();
    }

    private void rested() {
        timers.await(TokenCourier.LOOK_EVERY);
    }

    private void take(int count) {
        Reserved reserved = reserve(count);
        assertThat(reserved).isInstanceOf(Reserved.Held.class);
        await(ledger.capture(((Reserved.Held) reserved).ref(), count * VALUE, ANSWER));
    }

    private Reserved reserve(int count) {
        String id = "ch-" + taken;
        List<UsedToken> used = new ArrayList<>();
        List<byte[]> bytes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            BlindToken token = token(taken++);
            used.add(new UsedToken(KEY, token.serial().text()));
            bytes.add(token.bytes());
        }
        ChargeTerms terms = new ChargeTerms(
                id,
                "hash-" + id,
                id,
                "t_" + id,
                PAYEE,
                "docs",
                "token",
                CURRENCY,
                count * VALUE,
                clock.instant().plus(VALID),
                true);
        TokenPayment payment = new TokenPayment(ISSUER, used, count * VALUE, 100_000L, bytes);
        return await(ledger.reserve(new HoldRequest(terms, "key", 0, HOLD, null, payment)));
    }

    /** Never signed: nobody here looks at that. */
    private static BlindToken token(int number) {
        byte[] bytes = new byte[BlindToken.LENGTH];
        bytes[1] = 2;
        ByteBuffer.wrap(bytes).putInt(2, number);
        System.arraycopy(TestTokenKeys.publicKey(0).id(), 0, bytes, 66, 32);
        try {
            return BlindToken.parse(bytes);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private @Nullable UploadStatus status() {
        List<UploadStatus> all = await(ledger.tokens().uploadStatus());
        return all.isEmpty() ? null : all.get(0);
    }

    private long earned() {
        return await(ledger.totals()).stream()
                .mapToLong(totals -> totals.payees())
                .sum();
    }

    private long heard(Kind kind) {
        return events.stream()
                .filter(event -> event.kind() == kind)
                .map(PaymentEvent::amount)
                .mapToLong(amount -> amount == null ? 0 : amount.baseUnits())
                .sum();
    }

    private void assertRedeemed(int tokens) {
        assertThat(status()).isNull();
        assertThat(issuer.redeemed).hasSize(tokens);
        assertThat(heard(Kind.COLLECT_FAILED)).isZero();
    }

    /** An issuer in a few lines. What it does next can be scripted. */
    private static final class Issuer implements TokenCalls {

        final List<List<BlindToken>> calls = new CopyOnWriteArrayList<>();
        final List<List<Result>> said = new CopyOnWriteArrayList<>();
        final Set<BlindToken> redeemed = new HashSet<>();
        volatile @Nullable ServiceCallException trouble;
        volatile @Nullable Error error;
        volatile UnaryOperator<RedemptionAnswer> twist = UnaryOperator.identity();
        volatile int loseAnswers;
        volatile boolean silent;

        @Override
        public synchronized CompletionStage<RedemptionAnswer> redeem(
                Origin issuer, Origin payee, List<BlindToken> tokens) {
            assertThat(issuer.text()).isEqualTo(ISSUER);
            assertThat(payee.text()).isEqualTo(PAYEE);
            calls.add(List.copyOf(tokens));
            notifyAll();
            if (silent) {
                return new CompletableFuture<>();
            }
            Error thrown = error;
            if (thrown != null) {
                throw thrown;
            }
            if (trouble != null) {
                return CompletableFuture.failedFuture(trouble);
            }
            List<Result> results = tokens.stream()
                    .map(token -> redeemed.add(token) ? Result.ACCEPTED : Result.REPEATED)
                    .toList();
            said.add(results);
            if (loseAnswers > 0) {
                loseAnswers--;
                return CompletableFuture.failedFuture(ServiceCallException.unreachable("the connection broke"));
            }
            return CompletableFuture.completedFuture(
                    twist.apply(new RedemptionAnswer(results, Amount.of(VALUE * tokens.size()))));
        }

        synchronized void awaitCalls(int count) {
            try {
                while (calls.size() < count) {
                    wait(30_000);
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        List<BlindToken> tokens() {
            return calls.stream().flatMap(List::stream).toList();
        }

        @Override
        public CompletionStage<RedeemedPage> redeemed(Origin issuer, Origin payee, @Nullable String cursor) {
            throw new UnsupportedOperationException("nobody compares here");
        }

        @Override
        public CompletionStage<SwapReply> swap(Origin issuer, Origin payee, byte[] body) {
            throw new UnsupportedOperationException("nobody swaps here");
        }
    }
}
