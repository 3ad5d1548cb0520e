package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.offer.PriceList;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that dies between hold and capture, or after it (T45; F-RE-11, F-RE-20). */
class CrashTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;

    private static void plain(PriceList.Builder prices) {
        prices.charge("/docs/*", Paywall.offer().build());
    }

    private static void repeatable(PriceList.Builder prices) {
        prices.charge("/docs/*", Paywall.offer().repeatable().build());
    }

    @BeforeEach
    void start() {
        paywall = new Paywall(folder);
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
    @Requirement({"T45", "F-RE-11", "F-RE-20", "F-ST-20"})
    void diedWhileASafeHandlerRan_sameBytesAreServedOnceAndChargedOnce() {
        String value = dieWhileRunning("GET", CrashTest::plain);
        HttpTester.Response answer = paywall.send("GET", "/docs/a", null, value);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.get("Payment-Receipt")).isNotNull();
        HttpTester.Response again = paywall.send("GET", "/docs/a", null, value);
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertThat(again.get("Payment-Receipt")).isEqualTo(answer.get("Payment-Receipt"));
        assertThat(paywall.executions).hasValue(2);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        assertThat(paywall.account(paywall.alice).held()).isZero();
    }

    @Test
    @Requirement({"T45", "F-RE-20", "F-PR-41", "F-ST-2"})
    void diedWhileAnUnsafeHandlerRan_nothingIsChargedAndNothingRunsAgain() throws Exception {
        String value = dieWhileRunning("POST", CrashTest::plain);
        for (int i = 0; i < 2; i++) {
            HttpTester.Response answer = paywall.send("POST", "/docs/a", null, value);
            assertThat(answer.getStatus()).isEqualTo(503);
            assertThat(answer.get("WWW-Authenticate")).isNull();
            assertThat(answer.get("Payment-Outcome")).startsWith("released;");
            Problem problem = Problem.parse(answer.getContentBytes());
            assertThat(problem.type()).isEqualTo(ProblemType.PAYMENT_RELEASED);
            assertThat(problem.text("executed")).contains("unknown");
        }
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"F-RE-20", "F-RE-23"})
    void diedWhileAHandlerDeclaredRepeatableRan_itRunsAgain() {
        String value = dieWhileRunning("POST", CrashTest::repeatable);
        assertThat(paywall.send("POST", "/docs/a", null, value).getStatus()).isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"T45", "F-RE-12", "F-RE-21"})
    void diedAfterTheCapture_theStoredAnswerIsSentByTheNext() {
        paywall.boot(CrashTest::plain, handler -> {});
        Challenge challenge = Payer.challengeOf(paywall.get("/docs/a"));
        String value = "Authorization: " + paywall.alice.pay(challenge);
        HttpTester.Response first = paywall.get("/docs/a", value);
        paywall.crash(CrashTest::plain);
        HttpTester.Response again = paywall.get("/docs/a", value);
        assertThat(again.getContent()).isEqualTo(first.getContent());
        assertThat(again.get("Payment-Receipt")).isEqualTo(first.get("Payment-Receipt"));
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    /** Pays, lets the node die while its handler runs, and starts the next one, whose handler answers. */
    private String dieWhileRunning(String method, Consumer<PriceList.Builder> prices) {
        CountDownLatch started = new CountDownLatch(1);
        paywall.boot(prices, handler -> {});
        paywall.app(Paywall.of((request, response, callback) -> started.countDown()));
        Challenge challenge = Payer.challengeOf(paywall.send(method, "/docs/a", null));
        String value = "Authorization: " + paywall.alice.pay(challenge);
        paywall.connect().addInput(method + " /docs/a HTTP/1.1\r\nHost: api.example.com\r\n" + value + "\r\n\r\n");
        try {
            assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        paywall.crash(prices);
        assertThat(paywall.charge(challenge.id()).state()).isEqualTo(ChargeState.HELD);
        assertThat(paywall.charge(challenge.id()).ownerAlive()).isFalse();
        paywall.app(Paywall.text("served by the next"));
        return value;
    }
}
