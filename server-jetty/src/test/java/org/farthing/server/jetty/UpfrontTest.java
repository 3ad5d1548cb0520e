package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.gate.Payment;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.Delivery;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes that charge before the handler runs, for streams and large answers (F-ST-35, F-RE-13, F-RE-14, F-RE-22). */
class UpfrontTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private Challenge challenge;
    private String value = "";

    @BeforeEach
    void start() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/docs/*", Paywall.offer().upfront().build()));
        pay("GET");
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
    @Requirement({"F-ST-35", "F-RC-3", "S25", "S50"})
    void largeAnswer_isStreamedWithItsReceiptFirst() {
        String text = "0123456789".repeat(20_000);
        paywall.app(Paywall.text(text));
        HttpTester.Response answer = paywall.get("/docs/a", value);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo(text);
        assertThat(answer.get("Payment-Receipt")).isNotNull();
        assertThat(answer.get("Payment-Outcome")).isEqualTo("captured;id=\"" + challenge.id() + "\"");
        assertThat(answer.get("Cache-Control")).isEqualTo("private");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        delivered();
    }

    @Test
    @Requirement("F-ST-35")
    void handlerWritesInPieces_eachLeavesAtOnce() throws Exception {
        CountDownLatch firstPieceRead = new CountDownLatch(1);
        paywall.app(Paywall.of((request, response, callback) -> {
            response.getHeaders().put("Content-Type", "text/event-stream");
            response.write(
                    false,
                    utf8("data: 1\n\n"),
                    Callback.from(() -> paywall.threads().execute(() -> {
                        await(firstPieceRead);
                        response.write(true, utf8("data: 2\n\n"), callback);
                    })));
        }));
        try (var client = paywall.connect()) {
            client.addInput("GET /docs/a HTTP/1.1\r\nHost: api.example.com\r\n" + value + "\r\n\r\n");
            StringBuilder read = new StringBuilder();
            while (!read.toString().contains("data: 1")) {
                read.append(client.takeOutputString());
                Thread.onSpinWait();
            }
            assertThat(read.toString()).contains("Payment-Receipt: ").doesNotContain("data: 2");
            firstPieceRead.countDown();
            while (!read.toString().contains("data: 2")) {
                read.append(client.takeOutputString());
                Thread.onSpinWait();
            }
        }
        delivered();
        assertThat(paywall.charge(challenge.id()).state()).isEqualTo(ChargeState.CAPTURED);
    }

    @Test
    @Requirement({"F-ST-35", "T44", "F-RC-3"})
    void handlerAnswersOtherThan2xx_isRefundedBeforeTheAnswerLeaves() {
        paywall.app(Paywall.status(404));
        HttpTester.Response answer = paywall.get("/docs/a", value);
        assertThat(answer.getStatus()).isEqualTo(404);
        refunded(answer);
    }

    @Test
    @Requirement({"F-ST-35", "T44"})
    void handlerThrows_isRefunded() {
        paywall.app(Paywall.of((request, response, callback) -> {
            throw new IOException("broken");
        }));
        HttpTester.Response answer = paywall.get("/docs/a", value);
        assertThat(answer.getStatus()).isEqualTo(500);
        refunded(answer);
    }

    @Test
    @Requirement({"F-ST-35", "T46"})
    void handlerBreaksOffInTheMiddle_isRefunded() throws Exception {
        paywall.app(Paywall.of((request, response, callback) ->
                response.write(false, utf8("half"), Callback.from(() -> callback.failed(new IOException("no more"))))));
        try (var client = paywall.connect()) {
            client.addInput("GET /docs/a HTTP/1.1\r\nHost: api.example.com\r\n" + value + "\r\n\r\n");
            client.waitUntilClosed();
        }
        paywall.awaitCharge(challenge.id(), charge -> charge.state() == ChargeState.REFUNDED);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"F-RE-13", "F-RE-22", "F-RC-7"})
    void sameBytesOnASafeMethod_runAgainThreeTimesWithoutCharge() throws Exception {
        HttpTester.Response first = paywall.get("/docs/a", value);
        delivered();
        for (int i = 0; i < 3; i++) {
            HttpTester.Response again = reRun();
            assertThat(again.getStatus()).isEqualTo(200);
            assertThat(again.get("Payment-Receipt")).isEqualTo(first.get("Payment-Receipt"));
            assertThat(again.get("Payment-Outcome")).isEqualTo(first.get("Payment-Outcome"));
        }
        HttpTester.Response fifth = reRun();
        assertThat(fifth.getStatus()).isEqualTo(409);
        assertThat(Problem.parse(fifth.getContentBytes()).type()).isEqualTo(ProblemType.ALREADY_FULFILLED);
        assertThat(paywall.executions).hasValue(4);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement("F-RE-22")
    void reRunThatDoesNotServe_isSentAsItIsWithoutReceipt() {
        paywall.get("/docs/a", value);
        delivered();
        paywall.app(Paywall.status(503));
        HttpTester.Response again = reRun();
        assertThat(again.getStatus()).isEqualTo(503);
        assertThat(again.get("Payment-Receipt")).isNull();
        assertThat(again.get("Payment-Outcome")).startsWith("captured;");
        paywall.app(Paywall.of((request, response, callback) -> {
            throw new IOException("broken");
        }));
        HttpTester.Response broken = reRun();
        assertThat(broken.getStatus()).isEqualTo(500);
        assertThat(broken.get("Payment-Outcome")).startsWith("captured;");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement("F-RE-14")
    void sameBytesOnAnUnsafeMethod_alreadyFulfilled() throws Exception {
        pay("POST");
        assertThat(paywall.send("POST", "/docs/a", null, value).getStatus()).isEqualTo(200);
        delivered();
        HttpTester.Response again = paywall.send("POST", "/docs/a", null, value);
        assertThat(again.getStatus()).isEqualTo(409);
        assertThat(Problem.parse(again.getContentBytes()).type()).isEqualTo(ProblemType.ALREADY_FULFILLED);
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"F-ST-22", "F-ST-35"})
    void longerThanTheRoutesMaximum_isRefundedAndTheHandlerStopped() throws Exception {
        CompletableFuture<Response> response = new CompletableFuture<>();
        paywall.app(Paywall.of((request, held, callback) -> response.complete(held)));
        CompletableFuture<HttpTester.Response> answer = Paywall.beside(() -> paywall.get("/docs/a", value));
        response.join();
        for (int seconds = 0; seconds < 60; seconds += 10) {
            paywall.clock.advance(Duration.ofSeconds(10));
            paywall.scheduler.advance(Duration.ofSeconds(10));
        }
        assertThat(answer.join().getStatus()).isEqualTo(503);
        assertThat(answer.join().get("Payment-Outcome")).startsWith("released;");
        CompletableFuture<Throwable> late = new CompletableFuture<>();
        response.join().write(true, utf8("late"), Callback.from(() -> {}, late::complete));
        assertThat(late.join()).isInstanceOf(IOException.class);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    void handlerCannotChangeTheAmount() {
        CompletableFuture<Boolean> refused = new CompletableFuture<>();
        paywall.app(Paywall.of((request, response, callback) -> {
            Payment payment = PaymentHandler.getPayment(request);
            try {
                if (payment != null) {
                    payment.capture(Amount.of(Paywall.PRICE));
                }
                refused.complete(false);
            } catch (IllegalStateException e) {
                refused.complete(true);
            }
            callback.succeeded();
        }));
        assertThat(paywall.get("/docs/a", value).getStatus()).isEqualTo(200);
        assertThat(refused.join()).isTrue();
    }

    @Test
    @Requirement({"T45", "F-ST-35"})
    void diedBeforeTheAnswerLeft_isRefundedAtRecovery() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        paywall.app(Paywall.of((request, response, callback) -> started.countDown()));
        paywall.connect().addInput("GET /docs/a HTTP/1.1\r\nHost: api.example.com\r\n" + value + "\r\n\r\n");
        await(started);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        paywall.crash(
                prices -> prices.charge("/docs/*", Paywall.offer().upfront().build()));
        HttpTester.Response early = paywall.get("/docs/a", value);
        assertThat(early.getStatus()).isEqualTo(409);
        assertThat(early.get("Payment-Outcome")).startsWith("pending;");
        paywall.clock.advance(Duration.ofSeconds(31));
        Paywall.await(paywall.ledger().sweep());
        HttpTester.Response late = paywall.get("/docs/a", value);
        assertThat(late.getStatus()).isEqualTo(409);
        assertThat(Problem.parse(late.getContentBytes()).type()).isEqualTo(ProblemType.PAYMENT_REFUNDED);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    private void pay(String method) {
        challenge = Payer.challengeOf(paywall.send(method, "/docs/a", null));
        value = "Authorization: " + paywall.alice.pay(challenge);
    }

    /** The answer is noted after it left. */
    private void delivered() {
        paywall.awaitCharge(challenge.id(), charge -> charge.delivery() == Delivery.DELIVERED);
    }

    /** A re-run ends after its answer left; the next may start then. */
    private HttpTester.Response reRun() {
        HttpTester.Response answer = paywall.get("/docs/a", value);
        while (answer.getStatus() == 409 && "1".equals(answer.get("Retry-After"))) {
            answer = paywall.get("/docs/a", value);
        }
        return answer;
    }

    private void refunded(HttpTester.Response answer) {
        assertThat(answer.get("Payment-Outcome")).isEqualTo("released;id=\"" + challenge.id() + "\"");
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(paywall.charge(challenge.id()).state()).isEqualTo(ChargeState.REFUNDED);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
