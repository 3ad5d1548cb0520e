package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds are renewed while a handler runs, and end when it takes too long or the sweeper was faster (T42, T72). */
class SlowHandlerTest {

    private static final Duration RENEWAL = Duration.ofSeconds(10);

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private Challenge challenge;
    private final CountDownLatch started = new CountDownLatch(1);
    private final CompletableFuture<Response> response = new CompletableFuture<>();
    private final CompletableFuture<Callback> callback = new CompletableFuture<>();

    @BeforeEach
    void start() {
        paywall = Paywall.start(folder);
        paywall.app(Paywall.of((request, held, done) -> {
            response.complete(held);
            callback.complete(done);
            started.countDown();
        }));
        challenge = Payer.challengeOf(paywall.get("/docs/a"));
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
    @Requirement({"T42", "F-ST-22"})
    void renewedEveryTenSeconds_survivesTheSweeper() {
        CompletableFuture<HttpTester.Response> answer = send();
        for (int seconds = 10; seconds < 60; seconds += 10) {
            pass(RENEWAL);
            Instant renewed = paywall.clock.instant().plusSeconds(30);
            paywall.awaitCharge(challenge.id(), charge -> charge.holdUntil().equals(renewed));
            Paywall.await(paywall.ledger().sweep());
            assertThat(paywall.charge(challenge.id()).state()).isEqualTo(ChargeState.HELD);
        }
        finish("in time");
        assertThat(answer.join().getStatus()).isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"T42", "F-ST-22", "F-PR-41", "F-OU-4"})
    void longerThanTheRoutesMaximum_503AtOnceAndTheLateAnswerGoesNowhere() throws Exception {
        CompletableFuture<HttpTester.Response> answer = send();
        for (int seconds = 10; seconds < 60; seconds += 10) {
            pass(RENEWAL);
            Instant renewed = paywall.clock.instant().plusSeconds(30);
            paywall.awaitCharge(challenge.id(), charge -> charge.holdUntil().equals(renewed));
            assertThat(answer).isNotDone();
        }
        pass(RENEWAL);
        Problem problem = problem(answer.join(), "released");
        assertThat(problem.text("executed")).contains("unknown");
        assertThat(paywall.charge(challenge.id()).releaseReason()).isEqualTo(ReleaseReason.TOO_SLOW);
        CompletableFuture<Throwable> late = new CompletableFuture<>();
        response.join().setStatus(200);
        response.join().getHeaders().put("X-Late", "1");
        response.join().write(true, ByteBuffer.wrap(new byte[] {1}), Callback.from(() -> {}, late::complete));
        assertThat(late.join()).isInstanceOf(IOException.class);
        callback.join().failed(late.join());
        assertThat(paywall.nothingMoved()).isTrue();
        assertThat(paywall.handler().getRunning()).isZero();
    }

    @Test
    @Requirement({"T72", "F-ST-20", "F-ST-21", "F-ST-23"})
    void sweptBeforeTheAnswer_theAnswerIsDiscarded() throws Exception {
        CompletableFuture<HttpTester.Response> answer = send();
        paywall.clock.advance(Duration.ofSeconds(31));
        Paywall.await(paywall.ledger().sweep());
        finish("too late");
        Problem problem = problem(answer.join(), "released");
        assertThat(problem.text("executed")).contains("yes");
        assertThat(answer.join().getContent()).doesNotContain("too late");
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"T72", "F-ST-20"})
    void sweptBeforeTheRenewal_503WhileTheHandlerStillRuns() throws Exception {
        CompletableFuture<HttpTester.Response> answer = send();
        paywall.clock.advance(Duration.ofSeconds(31));
        Paywall.await(paywall.ledger().sweep());
        paywall.scheduler.advance(RENEWAL);
        Problem problem = problem(answer.join(), "released");
        assertThat(problem.text("executed")).contains("unknown");
        callback.join().succeeded();
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"T72", "F-ST-21"})
    void sweptBeforeTheHandlerFails_itsErrorIsSentAndNothingCharged() {
        CompletableFuture<HttpTester.Response> answer = send();
        paywall.clock.advance(Duration.ofSeconds(31));
        Paywall.await(paywall.ledger().sweep());
        callback.join().failed(new IOException("broken"));
        assertThat(answer.join().getStatus()).isEqualTo(500);
        assertThat(answer.join().get("Payment-Outcome")).isEqualTo("released;id=\"" + challenge.id() + "\"");
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"T45", "F-ST-22"})
    void serverStopsWhileTheHandlerRuns_nothingIsCharged() {
        CompletableFuture<HttpTester.Response> answer = send();
        paywall.stopServer();
        assertThat(answer).isNotNull();
        paywall.awaitCharge(challenge.id(), charge -> charge.state() == ChargeState.RELEASED);
        assertThat(paywall.charge(challenge.id()).releaseReason()).isEqualTo(ReleaseReason.SHUTDOWN);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"T45", "F-ST-21"})
    void moneyGivenBackWhileTheHandlerRuns_itsAnswerIsNotSent() throws Exception {
        CompletableFuture<HttpTester.Response> answer = send();
        paywall.handler().gate().close();
        paywall.awaitCharge(challenge.id(), charge -> charge.state() == ChargeState.RELEASED);
        finish("for free?");
        problem(answer.join(), "released");
        assertThat(answer.join().getContent()).doesNotContain("for free?");
        assertThat(paywall.nothingMoved()).isTrue();
    }

    private CompletableFuture<HttpTester.Response> send() {
        String value = "Authorization: " + paywall.alice.pay(challenge);
        CompletableFuture<HttpTester.Response> answer = Paywall.beside(() -> paywall.get("/docs/a", value));
        try {
            assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return answer;
    }

    /** Time passes for the server and the ledger alike. */
    private void pass(Duration time) {
        paywall.clock.advance(time);
        paywall.scheduler.advance(time);
    }

    private void finish(String text) {
        response.join().write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback.join());
    }

    private Problem problem(HttpTester.Response answer, String outcome) throws Exception {
        assertThat(answer.getStatus()).isEqualTo(503);
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(answer.get("Payment-Outcome")).isEqualTo(outcome + ";id=\"" + challenge.id() + "\"");
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(ProblemType.PAYMENT_RELEASED);
        assertThat(problem.extensions()).containsKey("release");
        return problem;
    }
}
