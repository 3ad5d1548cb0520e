package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.Wallet;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same credential again (spec/retry.md, F-RE-1 to F-RE-19). */
class RetryTableTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private Challenge challenge;
    private String value = "";

    @BeforeEach
    void start() {
        paywall = Paywall.start(folder);
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

    // ---- captured ------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T1", "T12", "S45", "F-RE-1", "F-RE-12", "F-RE-21", "F-RC-7", "F-OU-1"})
    void sameBytes_getTheStoredAnswer() {
        HttpTester.Response first = paywall.get("/docs/a", value);
        HttpTester.Response again = paywall.get("/docs/a", value);
        same(first, again);
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertThat(again.get("Payment-Outcome")).isEqualTo("captured;id=\"" + challenge.id() + "\"");
        assertThat(again.get("Cache-Control")).isEqualTo("private");
        assertThat(again.get("X-Request-Id")).isNotEqualTo(first.get("X-Request-Id"));
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        assertThat(paywall.handler().statistics().getReplayed()).isEqualTo(1);
    }

    @Test
    @Requirement({"F-CR-30", "F-RE-1"})
    void sameBytesWithAnotherSchemeSpelling_getTheStoredAnswer() {
        HttpTester.Response first = paywall.get("/docs/a", value);
        same(first, paywall.get("/docs/a", value.replace("Payment ", "pAYMENT   ")));
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"F-RE-3", "F-RE-4", "F-ST-40"})
    void sameBytesAfterExpiry_getTheStoredAnswerForTenMinutes() throws Exception {
        HttpTester.Response first = paywall.get("/docs/a", value);
        paywall.clock.advance(Duration.ofSeconds(300 + 599));
        same(first, paywall.get("/docs/a", value));
        paywall.clock.advance(Duration.ofSeconds(2));
        refused(paywall.get("/docs/a", value), 409, ProblemType.ALREADY_FULFILLED, "captured");
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement("F-RE-3")
    void sameBytesAfterTheWalletWasSuspended_getTheStoredAnswer() {
        HttpTester.Response first = paywall.get("/docs/a", value);
        Paywall.await(paywall.ledger().setStatus(paywall.alice.wallet(), Wallet.Status.SUSPENDED));
        same(first, paywall.get("/docs/a", value));
    }

    @Test
    @Requirement({"T1", "F-RE-12", "F-PR-20"})
    void otherBytesOfThePayer_alreadyFulfilled() throws Exception {
        paywall.get("/docs/a", value);
        Problem problem = refused(paywall.get("/docs/a", otherBytes()), 409, ProblemType.ALREADY_FULFILLED, "captured");
        assertThat(problem.text("reference")).contains("ch_" + challenge.id());
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"T62", "S3", "F-RE-5", "F-RE-6"})
    void otherPayer_invalidChallenge() throws Exception {
        paywall.get("/docs/a", value);
        Payer bob = Payer.with(SigningKey.generate(Algorithm.ED25519, null, new SecureRandom()));
        paywall.open(bob, 10_000);
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + bob.pay(challenge));
        assertThat(answer.get("WWW-Authenticate")).isNotNull();
        Problem problem = problem(answer, 402, ProblemType.INVALID_CHALLENGE, "refused");
        assertThat(problem.text("reason")).contains("used");
        assertThat(paywall.account(bob).available()).isEqualTo(10_000);
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"T62", "F-RE-5", "F-RE-6"})
    void unverifiedProofForAKnownChallenge_invalidChallenge() throws Exception {
        paywall.get("/docs/a", value);
        Payer thief =
                new Payer(SigningKey.generate(Algorithm.ED25519, null, new SecureRandom()), paywall.alice.wallet());
        problem(
                paywall.get("/docs/a", "Authorization: " + thief.pay(challenge)),
                402,
                ProblemType.INVALID_CHALLENGE,
                "refused");
    }

    @Test
    @Requirement({"T4", "T6", "F-RE-2"})
    void sameBytesElsewhere_invalidChallenge() throws Exception {
        paywall.get("/docs/a", value);
        problem(paywall.get("/docs/b", value), 402, ProblemType.INVALID_CHALLENGE, "refused");
        problem(paywall.send("GET", "/docs/a", "body", value), 402, ProblemType.INVALID_CHALLENGE, "refused");
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"F-RE-16", "T54"})
    void refunded_409() throws Exception {
        paywall.get("/docs/a", value);
        Paywall.await(paywall.ledger().refund(new RefundRequest(challenge.id(), Paywall.PRICE, "goodwill", "r1")));
        refused(paywall.get("/docs/a", value), 409, ProblemType.PAYMENT_REFUNDED, "released");
        refused(paywall.get("/docs/a", otherBytes()), 409, ProblemType.PAYMENT_REFUNDED, "released");
        assertThat(paywall.executions).hasValue(1);
    }

    // ---- released ------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-RE-15", "F-PR-41", "F-OU-20", "F-OU-22", "F-OU-23"})
    void releasedAfterTheHandlerRan_503WithASignedStatement() throws Exception {
        paywall.app(Paywall.status(500));
        paywall.get("/docs/a", value);
        HttpTester.Response answer = paywall.get("/docs/a", value);
        Problem problem = refused(answer, 503, ProblemType.PAYMENT_RELEASED, "released");
        assertThat(answer.get("Retry-After")).isEqualTo("1");
        assertThat(problem.text("executed")).contains("yes");
        assertThat(problem.extensions().get("release")).isInstanceOf(Map.class);
        Map<String, Object> release = new TreeMap<>();
        ((Map<?, ?>) Objects.requireNonNull(problem.extensions().get("release")))
                .forEach((name, member) -> release.put(String.valueOf(name), String.valueOf(member)));
        KeyDirectory directory = KeyDirectory.of(new Origin(Paywall.ORIGIN), List.of(paywall.key.publicKey()));
        ReleaseStatement.parse(release).verify(directory, challenge.id(), paywall.clock.instant());
        refused(paywall.get("/docs/a", otherBytes()), 503, ProblemType.PAYMENT_RELEASED, "released");
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    // ---- running -------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T3", "S46", "F-RE-10"})
    void sameBytesWhileRunning_waitAndGetTheSameAnswer() {
        Running running = new Running();
        CompletableFuture<HttpTester.Response> first = running.send();
        running.awaitStart();
        CompletableFuture<HttpTester.Response> second = running.send();
        paywall.scheduler.awaitScheduled(Duration.ofSeconds(2), 1);
        running.finish();
        same(first.join(), second.join());
        assertThat(second.join().get("Payment-Replayed")).isEqualTo("true");
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"F-RE-10", "S32", "F-PR-22"})
    void sameBytesWhileRunningForLong_409AfterTwoSeconds() throws Exception {
        Running running = new Running();
        CompletableFuture<HttpTester.Response> first = running.send();
        running.awaitStart();
        CompletableFuture<HttpTester.Response> second = running.send();
        paywall.scheduler.awaitScheduled(Duration.ofSeconds(2), 1);
        paywall.scheduler.advance(Duration.ofMillis(1_999));
        assertThat(second).isNotDone();
        paywall.scheduler.advance(Duration.ofMillis(1));
        refused(second.join(), 409, ProblemType.REQUEST_IN_PROGRESS, "pending");
        assertThat(second.join().get("Retry-After")).isEqualTo("1");
        running.finish();
        assertThat(first.join().getStatus()).isEqualTo(200);
    }

    @Test
    @Requirement({"F-RE-10", "T3"})
    void oneWaiterTooMany_409AtOnce() throws Exception {
        Running running = new Running();
        CompletableFuture<HttpTester.Response> first = running.send();
        running.awaitStart();
        List<CompletableFuture<HttpTester.Response>> waiting = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            waiting.add(running.send());
        }
        paywall.scheduler.awaitScheduled(Duration.ofSeconds(2), 64);
        refused(paywall.get("/docs/a", value), 409, ProblemType.REQUEST_IN_PROGRESS, "pending");
        running.finish();
        waiting.forEach(answer -> same(first.join(), answer.join()));
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"F-RE-10", "F-RE-6"})
    void otherBytesWhileRunning_409ForThePayerAnd402ForOthers() throws Exception {
        Running running = new Running();
        CompletableFuture<HttpTester.Response> first = running.send();
        running.awaitStart();
        refused(paywall.get("/docs/a", otherBytes()), 409, ProblemType.REQUEST_IN_PROGRESS, "pending");
        Payer bob = Payer.with(SigningKey.generate(Algorithm.ED25519, null, new SecureRandom()));
        paywall.open(bob, 10_000);
        problem(
                paywall.get("/docs/a", "Authorization: " + bob.pay(challenge)),
                402,
                ProblemType.INVALID_CHALLENGE,
                "refused");
        running.finish();
        assertThat(first.join().getStatus()).isEqualTo(200);
    }

    // ---- everything ----------------------------------------------------------------------------------------------

    /** A handler that runs until the test lets it end. */
    private final class Running {

        private final CountDownLatch started = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        Running() {
            paywall.app(Paywall.of((request, response, callback) -> paywall.threads()
                    .execute(() -> {
                        started.countDown();
                        awaitLatch(end);
                        response.write(true, ByteBuffer.wrap("done".getBytes(StandardCharsets.UTF_8)), callback);
                    })));
        }

        CompletableFuture<HttpTester.Response> send() {
            return Paywall.beside(() -> paywall.get("/docs/a", value));
        }

        void awaitStart() {
            awaitLatch(started);
        }

        void finish() {
            end.countDown();
        }
    }

    /** The same order in another envelope. */
    private String otherBytes() {
        Credential credential = paywall.alice.credential(challenge);
        Map<String, Object> payload = new TreeMap<>();
        credential.payload().forEach((name, member) -> payload.put(name, String.valueOf(member)));
        payload.put("note", "again");
        return "Authorization: " + Credential.of(challenge, null, payload).format();
    }

    private static void same(HttpTester.Response first, HttpTester.Response again) {
        assertThat(again.getStatus()).isEqualTo(first.getStatus());
        assertThat(again.getContent()).isEqualTo(first.getContent());
        assertThat(again.get("Content-Type")).isEqualTo(first.get("Content-Type"));
        assertThat(again.get("Content-Length")).isEqualTo(first.get("Content-Length"));
        assertThat(again.get("Payment-Receipt")).isNotNull().isEqualTo(first.get("Payment-Receipt"));
        assertThat(again.get("Payment-Outcome")).isEqualTo(first.get("Payment-Outcome"));
    }

    private Problem refused(HttpTester.Response answer, int status, ProblemType type, String outcome) throws Exception {
        assertThat(answer.get("WWW-Authenticate")).isNull();
        return problem(answer, status, type, outcome);
    }

    private Problem problem(HttpTester.Response answer, int status, ProblemType type, String outcome) throws Exception {
        assertThat(answer.getStatus()).isEqualTo(status);
        assertThat(answer.get("Payment-Outcome")).isEqualTo(outcome + ";id=\"" + challenge.id() + "\"");
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(answer.get("Payment-Replayed")).isNull();
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(type);
        assertThat(problem.status()).isEqualTo(status);
        return problem;
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
