package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.farthing.server.gate.Payment;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is charged and what is not, by what the handler does (spec/charge.md, F-ST-30 to F-ST-37). */
class HeldAnswerTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private Challenge challenge;

    @BeforeEach
    void start() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/docs/*", Paywall.offer().build())
                        .charge("/small", Paywall.offer().holdLimit(10).build())
                        .charge("/cached", Paywall.offer().chargeNotModified().build())
                        .charge("/metered", Paywall.offer().upTo().build()));
        challenge = Payer.challengeOf(paywall.get("/docs/a"));
    }

    @AfterEach
    void stop() {
        try {
            assertThat(paywall.balanced()).isTrue();
            assertThat(paywall.account(paywall.alice).held()).isZero();
        } finally {
            paywall.close();
        }
    }

    // ---- not charged ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 304, 400, 401, 403, 404, 416, 500, 503})
    @Requirement({"T44", "S6", "S9", "S27", "F-ST-31", "F-OU-1", "F-SV-30", "T64"})
    void handlerAnswersOtherThan2xx_isSentAndNotCharged(int status) {
        paywall.app(Paywall.status(status));
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(status);
        assertThat(answer.get("Location")).isEqualTo("/elsewhere");
        notCharged(answer, ReleaseReason.STATUS_NOT_CHARGED);
        assertThat(charge().executed()).isEqualTo(Execution.YES);
    }

    @Test
    @Requirement({"T44", "F-ST-31"})
    void handlerThrows_500AndNotCharged() {
        paywall.app(Paywall.of((request, response, callback) -> {
            response.getHeaders().put("Leak", "x");
            throw new IOException("the secret inside");
        }));
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(500);
        notCharged(answer, ReleaseReason.HANDLER_FAILED);
        assertThat(answer.get("Leak")).isNull();
        assertThat(answer.getContent())
                .doesNotContain("at org.farthing", "HeldAnswerTest.java", "secret", "IOException");
    }

    @Test
    void handlerThrowsAnHttpException_itsStatusIsSent() {
        paywall.app(Paywall.of((request, response, callback) -> {
            throw new HttpException.RuntimeException(418, "tea");
        }));
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(418);
        notCharged(answer, ReleaseReason.HANDLER_FAILED);
    }

    @Test
    @Requirement({"T44", "F-ST-31"})
    void handlerFailsItsCallbackAfterWriting_500AndNothingOfTheAnswerLeaves() {
        paywall.app(Paywall.of((request, response, callback) -> response.write(
                false,
                utf8("half of the document"),
                Callback.from(() -> callback.failed(new IOException("no more"))))));
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(answer.getContent()).doesNotContain("half");
        notCharged(answer, ReleaseReason.HANDLER_FAILED);
    }

    @Test
    @Requirement({"T44", "T65"})
    void handlerReturnsFalse_404AndNotCharged() {
        paywall.app(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                return false;
            }
        });
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(404);
        notCharged(answer, ReleaseReason.STATUS_NOT_CHARGED);
    }

    @Test
    @Requirement({"F-ST-34", "T43"})
    void answerOverTheLimit_500AndNotCharged() throws Exception {
        challenge = Payer.challengeOf(paywall.get("/small"));
        paywall.app(Paywall.text("eleven byte"));
        HttpTester.Response answer = pay("/small");
        assertThat(answer.getStatus()).isEqualTo(500);
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(ProblemType.INTERNAL_PAYMENT_ERROR);
        assertThat(answer.getContent()).doesNotContain("eleven");
        notCharged(answer, ReleaseReason.ANSWER_TOO_LARGE);
    }

    @Test
    @Requirement("F-ST-34")
    void answerInPiecesOverTheLimit_500AndTheHandlerIsTold() {
        challenge = Payer.challengeOf(paywall.get("/small"));
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        paywall.app(Paywall.of((request, response, callback) -> {
            response.write(false, utf8("12345"), Callback.NOOP);
            response.write(false, utf8("67890"), Callback.NOOP);
            response.write(false, utf8("1"), Callback.from(() -> {}, failure -> {
                told.complete(failure);
                callback.failed(failure);
            }));
        }));
        HttpTester.Response answer = pay("/small");
        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(told.join()).isInstanceOf(IOException.class);
        notCharged(answer, ReleaseReason.ANSWER_TOO_LARGE);
    }

    @Test
    @Requirement("F-ST-34")
    void eventStream_500AndNotCharged() {
        paywall.app(Paywall.of((request, response, callback) -> {
            response.getHeaders().put("Content-Type", "text/event-stream");
            response.write(false, utf8("data: x\n\n"), Callback.NOOP);
        }));
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(500);
        notCharged(answer, ReleaseReason.ANSWER_TOO_LARGE);
    }

    @Test
    void answerShorterThanItsContentLength_500AndNotCharged() {
        paywall.app(Paywall.of((request, response, callback) -> {
            response.getHeaders().put("Content-Length", 100);
            response.write(true, utf8("short"), callback);
        }));
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(500);
        notCharged(answer, ReleaseReason.HANDLER_FAILED);
    }

    @Test
    @Requirement("F-ST-32")
    void handlerWaives_answerIsSentWithoutReceipt() {
        paywall.app(Paywall.of((request, response, callback) -> {
            payment(request).waive();
            response.write(true, utf8("for free"), callback);
        }));
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("for free");
        notCharged(answer, ReleaseReason.WAIVED);
    }

    // ---- charged -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 203, 206, 226})
    @Requirement({"T64", "F-ST-31"})
    void handlerAnswers2xx_isCharged(int status) {
        paywall.app(Paywall.status(status));
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(status);
        charged(answer);
    }

    @Test
    void handlerAnswersWithoutBody_isCharged() {
        paywall.app(Paywall.of((request, response, callback) -> {
            response.setStatus(204);
            callback.succeeded();
        }));
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(204);
        charged(answer);
    }

    @Test
    void handlerAnswersNothingAtAll_emptyOkIsCharged() {
        paywall.app(Paywall.of((request, response, callback) -> callback.succeeded()));
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.get("Content-Length")).isEqualTo("0");
        charged(answer);
    }

    @Test
    void handlerWritesInPiecesAndUsesItsBufferAgain_bodyIsWhole() {
        paywall.app(Paywall.of((request, response, callback) -> {
            ByteBuffer buffer = ByteBuffer.allocate(4);
            for (String piece : new String[] {"one ", "two ", "six "}) {
                buffer.clear().put(piece.getBytes(StandardCharsets.UTF_8)).flip();
                response.write(false, buffer, Callback.NOOP);
            }
            response.write(false, null, Callback.NOOP);
            callback.succeeded();
        }));
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getContent()).isEqualTo("one two six ");
        charged(answer);
    }

    @Test
    void handlerResetsWhatItWrote_onlyTheRestIsSent() {
        paywall.app(Paywall.of((request, response, callback) -> {
            response.setStatus(500);
            response.getHeaders().put("X-First", "1");
            response.write(false, utf8("first try"), Callback.NOOP);
            assertThat(response.isCommitted()).isFalse();
            response.reset();
            response.write(true, utf8("second"), callback);
            assertThat(response.isCommitted()).isTrue();
            response.setStatus(500);
        }));
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("second");
        assertThat(answer.get("X-First")).isNull();
        charged(answer);
    }

    @Test
    @Requirement("F-SV-63")
    void blockingHandler_writesThroughAnOutputStream() {
        paywall.app(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                try (var out = Content.Sink.asOutputStream(response)) {
                    out.write("blocking".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
                callback.succeeded();
                return true;
            }
        });
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getContent()).isEqualTo("blocking");
        charged(answer);
    }

    @Test
    @Requirement("T65")
    void asynchronousHandler_completesFromAnotherThread() {
        paywall.app(Paywall.of((request, response, callback) ->
                paywall.threads().execute(() -> response.write(true, utf8("later"), callback))));
        HttpTester.Response answer = pay("/docs/a");
        assertThat(answer.getContent()).isEqualTo("later");
        charged(answer);
    }

    @Test
    @Requirement({"T64", "F-ST-31"})
    void notModified_whereTheRouteSaysSo_isChargedWithoutReceipt() {
        challenge = Payer.challengeOf(paywall.get("/cached"));
        paywall.app(Paywall.of((request, response, callback) -> {
            response.setStatus(304);
            callback.succeeded();
        }));
        HttpTester.Response answer = pay("/cached");
        assertThat(answer.getStatus()).isEqualTo(304);
        assertThat(answer.get("Payment-Outcome")).startsWith("captured;");
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"F-ST-32", "F-RQ-5"})
    void upTo_handlerNamesLess_onlyThatIsCharged() throws Exception {
        challenge = Payer.challengeOf(paywall.get("/metered"));
        assertThat(challenge.paymentRequest().methodDetails()).containsEntry("capture", "upto");
        paywall.app(Paywall.of((request, response, callback) -> {
            assertThat(payment(request).authorized()).isEqualTo(Amount.of(2000));
            payment(request).capture(Amount.of(700));
            response.write(true, utf8("metered"), callback);
        }));
        HttpTester.Response answer = pay("/metered");
        PaymentReceipt receipt = PaymentReceipt.parse(answer.get("Payment-Receipt"));
        assertThat(receipt.amount()).contains("700");
        assertThat(receipt.authorized()).contains("2000");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(700);
    }

    @Test
    @Requirement("F-WO-3")
    void upTo_payerAllowsLess_handlerSeesThat() throws Exception {
        challenge = Payer.challengeOf(paywall.get("/metered"));
        paywall.app(Paywall.of((request, response, callback) -> {
            assertThat(payment(request).authorized()).isEqualTo(Amount.of(900));
            response.write(true, utf8("metered"), callback);
        }));
        String value = paywall.alice.credential(challenge, Amount.of(900)).format();
        HttpTester.Response answer = paywall.get("/metered", "Authorization: " + value);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(900);
    }

    @Test
    @Requirement("F-ST-32")
    void capture_wrongAmounts_areRefusedToTheHandler() {
        paywall.app(Paywall.of((request, response, callback) -> {
            Payment payment = payment(request);
            assertThat(catchClass(() -> payment.capture(Amount.of(2001)))).isEqualTo(IllegalArgumentException.class);
            assertThat(catchClass(() -> payment.capture(Amount.of(1)))).isEqualTo(IllegalStateException.class);
            payment.capture(Amount.of(2000));
            response.write(true, utf8("ok"), callback);
        }));
        charged(pay("/docs/a"));
    }

    @Test
    @Requirement({"T38", "F-SV-60"})
    void handler_neverSeesTheCredentialAndKnowsThePayment() {
        CompletableFuture<String> seen = new CompletableFuture<>();
        paywall.app(Paywall.of((request, response, callback) -> {
            seen.complete(request.getHeaders().get("Authorization") + " "
                    + payment(request).payer());
            response.write(true, utf8("ok"), callback);
        }));
        charged(pay("/docs/a"));
        assertThat(seen.join()).isEqualTo("null " + paywall.alice.wallet());
    }

    @Test
    @Requirement({"F-SV-63", "F-ST-33", "T46"})
    void clientGoneWhileTheHandlerRuns_isChargedAndStoredForAResend() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        paywall.app(Paywall.of((request, response, callback) -> paywall.threads()
                .execute(() -> {
                    running.countDown();
                    awaitLatch(gone);
                    response.write(true, utf8("late"), callback);
                })));
        String value = paywall.alice.pay(challenge);
        try (var client = paywall.connect()) {
            client.addInput("GET /docs/a HTTP/1.1\r\nHost: api.example.com\r\nAuthorization: " + value + "\r\n\r\n");
            awaitLatch(running);
        }
        gone.countDown();
        HttpTester.Response again = paywall.get("/docs/a", "Authorization: " + value);
        assertThat(again.getStatus()).isEqualTo(200);
        assertThat(again.getContent()).isEqualTo("late");
        charged(again);
        assertThat(paywall.executions).hasValue(1);
    }

    // ---- everything ----------------------------------------------------------------------------------------------

    private HttpTester.Response pay(String path) {
        return paywall.get(path, "Authorization: " + paywall.alice.pay(challenge));
    }

    private Charge charge() {
        return paywall.charge(challenge.id());
    }

    /** The payee's signed word, where F-OU-20 and F-OU-24 put it: in its own problem, else in the field; never in both. */
    private static ReleaseStatement statement(HttpTester.Response answer) {
        String field = answer.get("Payment-Release");
        boolean ours = "application/problem+json".equals(answer.get("Content-Type"));
        assertThat(field == null).isEqualTo(ours);
        try {
            if (field != null) {
                return ReleaseStatement.parseField(field);
            }
            Object member = Problem.parse(answer.getContentBytes()).extensions().get("release");
            assertThat(member).isInstanceOf(Map.class);
            Map<String, Object> members = new TreeMap<>();
            ((Map<?, ?>) Objects.requireNonNull(member)).forEach((name, value) -> members.put((String) name, value));
            return ReleaseStatement.parse(members);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private void notCharged(HttpTester.Response answer, ReleaseReason reason) {
        assertThat(answer.get("Payment-Outcome")).isEqualTo("released;id=\"" + challenge.id() + "\"");
        KeyDirectory published =
                KeyDirectory.of(new Origin("https://api.example.com"), List.of(paywall.key.publicKey()));
        assertThatCode(() -> statement(answer).verify(published, challenge.id(), paywall.clock.instant()))
                .doesNotThrowAnyException();
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(answer.get("Cache-Control")).containsAnyOf("private", "no-store");
        assertThat(answer.getCSV("Vary", false)).contains("Authorization");
        assertThat(answer.get("X-Request-Id")).isNotNull();
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(charge().state()).isEqualTo(ChargeState.RELEASED);
        assertThat(charge().releaseReason()).isEqualTo(reason);
        assertThat(paywall.nothingMoved()).isTrue();
        assertThat(paywall.handler().statistics().getReleased()).isEqualTo(1);
        assertThat(paywall.handler().getRunning()).isZero();
    }

    private void charged(HttpTester.Response answer) {
        assertThat(answer.get("Payment-Release")).isNull();
        assertThat(answer.get("Payment-Outcome")).isEqualTo("captured;id=\"" + challenge.id() + "\"");
        assertThat(answer.get("Payment-Receipt")).isNotNull();
        assertThat(charge().state()).isEqualTo(ChargeState.CAPTURED);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    private static Payment payment(Request request) {
        Payment payment = PaymentHandler.getPayment(request);
        if (payment == null) {
            throw new AssertionError("a paid request has a payment");
        }
        return payment;
    }

    private static Class<?> catchClass(Runnable action) {
        try {
            action.run();
            return Void.class;
        } catch (RuntimeException e) {
            return e.getClass();
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
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
