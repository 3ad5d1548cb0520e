package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.gate.PaymentEvent;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.offer.Offer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ledger that takes too long: the caller is told in time, and what the ledger does later is seen to (T47; F-SV-70 to 73). */
@Requirement({"T47", "T43", "F-SV-70"})
class SlowLedgerTest {

    private static final Duration DEADLINE = Duration.ofSeconds(7);

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private SlowLedger slow;
    private Challenge challenge;
    private String value = "";

    @BeforeEach
    void start() {
        start(Paywall.offer().build());
    }

    private void start(Offer offer) {
        paywall = new Paywall(folder);
        slow = new SlowLedger(paywall.ledger());
        paywall.interpose(slow.ledger());
        paywall.boot(prices -> prices.charge("/docs/*", offer), handler -> handler.setLedgerDeadline(DEADLINE));
        challenge = Payer.challengeOf(paywall.get("/docs/a"));
        value = "Authorization: " + paywall.alice.pay(challenge);
    }

    private void restart(Offer offer) {
        paywall.stopServer();
        paywall.boot(prices -> prices.charge("/docs/*", offer), handler -> handler.setLedgerDeadline(DEADLINE));
        challenge = Payer.challengeOf(paywall.get("/docs/a"));
        value = "Authorization: " + paywall.alice.pay(challenge);
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

    // ---- before the handler --------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"wallet", "reserve"})
    @Requirement("F-SV-71")
    void lateBeforeTheHandler_503InTimeAndNeverServed(String operation) throws Exception {
        slow.stopBefore(operation);
        CompletableFuture<HttpTester.Response> answer = send();
        pass(DEADLINE.minusMillis(1));
        assertThat(answer).isNotDone();
        paywall.scheduler.advance(Duration.ofMillis(1));
        away(answer.join());
        slow.goOn();
        awaitNoneRunning();
        assertThat(paywall.executions).hasValue(0);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement("F-SV-71")
    void lateVerification_claimsNothingAndTheSameBytesAreServedAfterwards() throws Exception {
        slow.stopBefore("wallet");
        CompletableFuture<HttpTester.Response> answer = send();
        late(answer);
        slow.goOn();
        assertThat(slow.asked("reserve")).isZero();
        HttpTester.Response again = paywall.get("/docs/a", value);
        assertThat(again.getStatus()).isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requirement({"F-SV-71", "T47", "F-RE-15"})
    void heldTooLate_isReleasedUnservedAndTheSameBytesAreToldSo(boolean before) throws Exception {
        if (before) {
            slow.stopBefore("reserve");
        } else {
            slow.stopAfter("reserve");
        }
        late(send());
        slow.goOn();
        awaitNoneRunning();
        assertThat(paywall.charge(challenge.id()).state()).isEqualTo(ChargeState.RELEASED);
        assertThat(paywall.charge(challenge.id()).releaseReason()).isEqualTo(ReleaseReason.LEDGER_LATE);
        assertThat(paywall.charge(challenge.id()).executed()).isEqualTo(Execution.NO);
        assertThat(paywall.executions).hasValue(0);
        assertThat(paywall.nothingMoved()).isTrue();
        HttpTester.Response again = paywall.get("/docs/a", value);
        assertThat(again.getStatus()).isEqualTo(402);
        assertThat(again.get("Payment-Outcome")).isEqualTo("released;id=\"" + challenge.id() + "\"");
        assertThat(paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(again))
                        .getStatus())
                .isEqualTo(200);
    }

    @Test
    @Requirement({"F-SV-71", "F-ST-35"})
    void chargedUpfrontTooLate_isGivenBackUnserved() throws Exception {
        restart(Paywall.offer().upfront().build());
        slow.stopAfter("chargeUpfront");
        late(send());
        assertThat(paywall.charge(challenge.id()).state()).isEqualTo(ChargeState.CAPTURED);
        slow.goOn();
        paywall.awaitCharge(challenge.id(), charge -> charge.state() == ChargeState.REFUNDED);
        assertThat(paywall.executions).hasValue(0);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement("F-SV-71")
    void sameBytesWhileTheLedgerIsLate_areToldAtOnceAndAskTheLedgerNothing() throws Exception {
        slow.stopBefore("reserve");
        late(send());
        away(paywall.get("/docs/a", value));
        away(paywall.get("/docs/a", value));
        assertThat(slow.asked("reserve")).isEqualTo(1);
        assertThat(slow.waiting()).isEqualTo(1);
    }

    @Test
    @Requirement({"F-SV-71", "F-RE-12"})
    void lateLookUpOfAPaidAnswer_503AndTheAnswerAfterwards() throws Exception {
        assertThat(paywall.get("/docs/a", value).getStatus()).isEqualTo(200);
        slow.stopBefore("storedOutcome");
        late(send());
        slow.goOn();
        awaitNoneRunning();
        HttpTester.Response again = paywall.get("/docs/a", value);
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertThat(paywall.executions).hasValue(1);
    }

    // ---- after the handler ---------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requirement({"F-SV-72", "F-ST-36", "F-RE-12"})
    void captureTooLate_theAnswerIsHeldBackAndStoredForTheSameBytes(boolean before) throws Exception {
        if (before) {
            slow.stopBefore("capture");
        } else {
            slow.stopAfter("capture");
        }
        CompletableFuture<HttpTester.Response> answer = send();
        late(answer);
        assertThat(answer.join().getContent()).doesNotContain("the document");
        away(paywall.get("/docs/a", value));
        slow.goOn();
        paywall.awaitCharge(challenge.id(), charge -> charge.state() == ChargeState.CAPTURED);
        awaitNoneRunning();
        HttpTester.Response again = paywall.get("/docs/a", value);
        assertThat(again.getStatus()).isEqualTo(200);
        assertThat(again.getContent()).isEqualTo("the document");
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        assertThat(paywall.events).anyMatch(event -> event.kind() == PaymentEvent.Kind.CAPTURED);
    }

    @Test
    @Requirement({"F-SV-72", "T72"})
    void captureTooLateAndSweptMeanwhile_losesAndChargesNothing() throws Exception {
        slow.stopBefore("capture");
        late(send());
        paywall.clock.advance(Duration.ofSeconds(31));
        Paywall.await(paywall.ledger().sweep());
        slow.goOn();
        awaitNoneRunning();
        HttpTester.Response again = paywall.get("/docs/a", value);
        assertThat(again.getStatus()).isEqualTo(503);
        assertThat(again.get("Payment-Outcome")).startsWith("released;");
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"F-SV-72", "F-OU-4"})
    void releaseTooLate_theHandlersErrorGoesOutInTimeWithPending() {
        paywall.app(Paywall.status(404));
        slow.stopBefore("release");
        CompletableFuture<HttpTester.Response> answer = send();
        pass(DEADLINE);
        assertThat(answer.join().getStatus()).isEqualTo(404);
        assertThat(answer.join().get("Payment-Outcome")).isEqualTo("pending;id=\"" + challenge.id() + "\"");
        assertThat(answer.join().get("Payment-Release")).isNull();
        slow.goOn();
        paywall.awaitCharge(challenge.id(), charge -> charge.state() == ChargeState.RELEASED);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"F-SV-72", "F-ST-22"})
    void releaseOfAHandlerThatIsTooSlowIsTooLate_503Pending() throws Exception {
        restart(Paywall.offer().maxDuration(Duration.ofSeconds(5)).build());
        paywall.app(Paywall.of((request, response, callback) -> {}));
        slow.stopBefore("release");
        CompletableFuture<HttpTester.Response> answer = send();
        paywall.scheduler.awaitScheduled(Duration.ofSeconds(5), 1);
        paywall.scheduler.advance(Duration.ofSeconds(5));
        late(answer);
        slow.goOn();
        paywall.awaitCharge(challenge.id(), charge -> charge.state() == ChargeState.RELEASED);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    // ---- settings ------------------------------------------------------------------------------------------------

    @Test
    void noDeadlineAtAll_isRefused() {
        assertThatThrownBy(() -> PaymentHandler.builder(Paywall.ORIGIN).ledgerDeadline(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0S");
    }

    @Test
    void answeredInTime_noTimerIsLeft() {
        assertThat(paywall.get("/docs/a", value).getStatus()).isEqualTo(200);
        paywall.scheduler.run(DEADLINE);
        assertThat(paywall.get("/docs/a", value).get("Payment-Replayed")).isEqualTo("true");
    }

    private CompletableFuture<HttpTester.Response> send() {
        return Paywall.beside(() -> paywall.get("/docs/a", value));
    }

    private void late(CompletableFuture<HttpTester.Response> answer) throws Exception {
        pass(DEADLINE);
        away(answer.join());
    }

    /** Once the request waits for the ledger, with its deadline running. */
    private void pass(Duration time) {
        Paywall.awaitTrue(() -> slow.waiting() > 0, () -> "not waiting for the ledger");
        paywall.scheduler.awaitScheduled(DEADLINE, 1);
        paywall.scheduler.advance(time);
    }

    private void awaitNoneRunning() {
        Paywall.awaitTrue(() -> paywall.handler().getRunning() == 0, () -> "running");
    }

    private void away(HttpTester.Response answer) throws Exception {
        assertThat(answer.getStatus()).isEqualTo(503);
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(answer.get("Retry-After")).isEqualTo("1");
        assertThat(answer.get("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.get("Payment-Outcome")).isEqualTo("pending;id=\"" + challenge.id() + "\"");
        assertThat(Problem.parse(answer.getContentBytes()).type()).isEqualTo(ProblemType.LEDGER_UNAVAILABLE);
    }
}
