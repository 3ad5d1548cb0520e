package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.offer.PriceList;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose own clock is not the ledger's. */
@Requirement({"F-ST-24", "T16"})
class NodeClockTest {

    @TempDir
    Path folder;

    private Paywall paywall;
    private SlowLedger slow;
    private volatile Duration off = Duration.ZERO;

    @BeforeEach
    void make() {
        paywall = new Paywall(folder);
        slow = new SlowLedger(paywall.ledger());
        paywall.interpose(slow.ledger());
    }

    @AfterEach
    void stop() {
        try {
            slow.goOn();
            assertThat(paywall.balanced()).isTrue();
        } finally {
            paywall.close();
        }
    }

    private void boot() {
        paywall.boot(
                NodeClockTest::prices,
                handler -> handler.setClock(() -> paywall.clock.instant().plus(off)));
    }

    private static void prices(PriceList.Builder prices) {
        prices.charge("/docs/*", Paywall.offer().build());
    }

    /** Lets the interval pass until it is so: while one question waits for its answer, no other is asked. */
    private void lookUntil(BooleanSupplier condition) {
        Paywall.awaitTrue(
                () -> {
                    paywall.scheduler.run(ClockWatch.INTERVAL);
                    return condition.getAsBoolean();
                },
                () -> "ready: " + paywall.handler().isReady() + ", asked: " + slow.asked("now"));
    }

    private void lookAgain(boolean expected) {
        lookUntil(() -> paywall.handler().isReady() == expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {2_001, -2_001, 86_400_000})
    void clockMoreThanTwoSecondsOff_nothingIsOfferedUntilItIsRight(long millis) throws Exception {
        boot();
        String early = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a"));
        off = Duration.ofMillis(millis);
        lookAgain(false);

        HttpTester.Response answer = paywall.get("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(503);
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(answer.getLongField("Retry-After")).isPositive();
        assertThat(Problem.parse(answer.getContent()).type()).isEqualTo(ProblemType.LEDGER_UNAVAILABLE);
        assertThat(paywall.executions).hasValue(0);
        off = Duration.ZERO;
        lookAgain(true);
        assertThat(paywall.get("/docs/a").getStatus()).isEqualTo(402);
        assertThat(paywall.get("/docs/a", early).getStatus()).isEqualTo(200);
    }

    @Test
    void clockOff_whatWasOfferedBeforeIsServed() {
        boot();
        String early = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a"));
        off = Duration.ofSeconds(-3);
        lookAgain(false);

        assertThat(paywall.get("/docs/a", early).getStatus()).isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @ParameterizedTest
    @ValueSource(longs = {2_000, -2_000})
    void clockALittleOff_isNoMatter(long millis) {
        off = Duration.ofMillis(millis);
        boot();
        // The third question is asked when two were answered.
        lookUntil(() -> slow.asked("now") >= 3);

        assertThat(paywall.handler().isReady()).isTrue();
        assertThat(paywall.get("/docs/a").getStatus()).isEqualTo(402);
    }

    @Test
    void answerThatTakesLong_provesNothing() {
        boot();
        slow.stopAfter("now");
        lookUntil(() -> slow.waiting() == 1);
        paywall.clock.advance(Duration.ofMinutes(1));
        slow.goOn();

        assertThat(paywall.handler().isReady()).isTrue();
        assertThat(paywall.get("/docs/a").getStatus()).isEqualTo(402);
    }

    @Test
    void ledgerThatHangs_isAskedOnceAndTheLastAnswerCounts() {
        boot();
        off = Duration.ofSeconds(5);
        lookAgain(false);
        off = Duration.ZERO;
        slow.stopBefore("now");
        lookUntil(() -> slow.waiting() == 1);
        int asked = slow.asked("now");
        for (int i = 0; i < 3; i++) {
            paywall.scheduler.run(ClockWatch.INTERVAL);
        }

        assertThat(slow.asked("now")).isEqualTo(asked);
        assertThat(paywall.handler().isReady()).isFalse();
        assertThat(paywall.get("/docs/a").getStatus()).isEqualTo(503);
        slow.goOn();
        lookAgain(true);
    }

    /** Or the earlier judgement, had its thread to wait, would come after that of the later answer and stay. */
    @Test
    void answerThatIsBeingJudged_noOtherQuestionIsAskedMeanwhile() {
        AtomicBoolean judging = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        slow.stopAfter("now");
        paywall.boot(
                NodeClockTest::prices,
                handler -> handler.setClock(() -> {
                    if (judging.getAndSet(false)) {
                        paywall.scheduler.run(ClockWatch.INTERVAL);
                        asked.set(slow.asked("now"));
                    }
                    return paywall.clock.instant();
                }));
        Paywall.awaitTrue(() -> slow.waiting() == 1, slow::waiting);
        judging.set(true);
        slow.goOn();

        assertThat(asked).hasValue(1);
        lookUntil(() -> slow.asked("now") == 2);
    }

    @Test
    void handlerStopped_asksNoMore() {
        boot();
        paywall.stopServer();
        int asked = slow.asked("now");
        paywall.scheduler.run(ClockWatch.INTERVAL);

        assertThat(slow.asked("now")).isEqualTo(asked);
    }
}
