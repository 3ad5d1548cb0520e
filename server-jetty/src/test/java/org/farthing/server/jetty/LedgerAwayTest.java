package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.ledger.ChargeState;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ledger that does not answer: fail closed, and never "pay again" (T43, T47; F-ST-36, F-PR-22, F-OU-4). */
@Requirement({"T43", "T47", "F-PR-22", "F-OU-4"})
class LedgerAwayTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private FailingLedger failing;
    private Challenge challenge;
    private String value = "";

    @BeforeEach
    void start() {
        paywall = new Paywall(folder);
        failing = new FailingLedger(paywall.ledger());
        paywall.interpose(failing.ledger());
        paywall.boot(prices -> prices.charge("/docs/*", Paywall.offer().build()), handler -> {});
        challenge = Payer.challengeOf(paywall.get("/docs/a"));
        value = "Authorization: " + paywall.alice.pay(challenge);
    }

    @AfterEach
    void stop() {
        try {
            assertThat(paywall.balanced()).isTrue();
        } finally {
            paywall.close();
        }
    }

    @Test
    @Requirement({"S44", "T39", "F-CH-44"})
    void challengesNeedNoLedger() {
        failing.failBefore("wallet");
        failing.failBefore("charge");
        failing.failBefore("reserve");
        assertThat(paywall.get("/docs/a").getStatus()).isEqualTo(402);
        assertThat(paywall.get("/open").getStatus()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wallet", "reserve"})
    @Requirement({"F-PR-50", "S32"})
    void awayBeforeTheHold_503AndALaterResendIsServed(String operation) throws Exception {
        failing.failBefore(operation);
        away(paywall.get("/docs/a", value));
        assertThat(paywall.executions).hasValue(0);
        failing.heal();
        HttpTester.Response answer = paywall.get("/docs/a", value);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    void holdMadeAndTheAnswerLost_503AndNothingIsServed() throws Exception {
        failing.failAfter("reserve");
        away(paywall.get("/docs/a", value));
        failing.heal();
        assertThat(paywall.executions).hasValue(0);
        HttpTester.Response again = paywall.get("/docs/a", value);
        assertThat(again.getStatus()).isEqualTo(409);
        assertThat(again.get("Payment-Outcome")).startsWith("pending;");
    }

    @Test
    @Requirement("F-ST-36")
    void captureCertainlyFailed_isReleasedAndTheAnswerDiscarded() throws Exception {
        failing.failBefore("capture");
        HttpTester.Response answer = paywall.get("/docs/a", value);
        assertThat(answer.getStatus()).isEqualTo(503);
        assertThat(answer.getContent()).doesNotContain("the document");
        assertThat(answer.get("Payment-Outcome")).isEqualTo("released;id=\"" + challenge.id() + "\"");
        assertThat(Problem.parse(answer.getContentBytes()).type()).isEqualTo(ProblemType.PAYMENT_RELEASED);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement("F-ST-36")
    void captureFailedAndTheReleaseToo_503Pending() throws Exception {
        failing.failBefore("capture");
        failing.failBefore("release");
        away(paywall.get("/docs/a", value));
        assertThat(paywall.charge(challenge.id()).state()).isEqualTo(ChargeState.HELD);
    }

    @Test
    @Requirement({"F-ST-36", "F-RE-12"})
    void captureDoneAndTheAnswerLost_503PendingAndTheResendGetsTheContent() throws Exception {
        failing.failAfter("capture");
        HttpTester.Response answer = paywall.get("/docs/a", value);
        away(answer);
        assertThat(answer.getContent()).doesNotContain("the document");
        failing.heal();
        HttpTester.Response again = paywall.get("/docs/a", value);
        assertThat(again.getStatus()).isEqualTo(200);
        assertThat(again.getContent()).isEqualTo("the document");
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertThat(again.get("Payment-Receipt")).isNotNull();
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement("F-OU-4")
    void releaseUnknown_theHandlersErrorIsSentWithPending() {
        paywall.app(Paywall.status(404));
        failing.failAfter("release");
        HttpTester.Response answer = paywall.get("/docs/a", value);
        assertThat(answer.getStatus()).isEqualTo(404);
        assertThat(answer.get("Payment-Outcome")).isEqualTo("pending;id=\"" + challenge.id() + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"charge", "storedOutcome"})
    @Requirement("F-PR-20")
    void awayWhenAPaidCredentialComesAgain_never402(String operation) throws Exception {
        paywall.get("/docs/a", value);
        failing.failBefore(operation);
        failing.failBefore("reserve");
        away(paywall.get("/docs/a", value));
        paywall.clock.advance(Duration.ofSeconds(301));
        away(paywall.get("/docs/a", value));
    }

    private void away(HttpTester.Response answer) throws Exception {
        assertThat(answer.getStatus()).isEqualTo(503);
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(answer.get("Retry-After")).isEqualTo("1");
        assertThat(answer.get("Payment-Outcome")).isEqualTo("pending;id=\"" + challenge.id() + "\"");
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(ProblemType.LEDGER_UNAVAILABLE);
        // The id of the challenge is random and may have any letters in it, but no space.
        assertThat(answer.getContent()).doesNotContain("SQLITE", "the disk", "Exception");
    }
}
