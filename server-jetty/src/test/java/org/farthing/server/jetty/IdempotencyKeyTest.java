package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Idempotency-Key} on unsafe methods (S45; spec/retry.md, F-RE-30 to F-RE-33). */
@Requirement({"S45", "T77"})
class IdempotencyKeyTest {

    private static final String KEY = "Idempotency-Key: order-77";

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;

    @BeforeEach
    void start() {
        paywall = Paywall.start(folder);
    }

    @AfterEach
    void stop() {
        paywall.close();
    }

    @Test
    @Requirement({"F-RE-31", "F-RE-32"})
    void sameKeyWithANewPayment_getsTheFirstAnswerAndIsNotCharged() {
        HttpTester.Response first = order(paywall.alice, "/docs/a", "body", KEY);
        HttpTester.Response again = order(paywall.alice, "/docs/a", "body", KEY);
        assertThat(again.getStatus()).isEqualTo(200);
        assertThat(again.getContent()).isEqualTo(first.getContent());
        assertThat(again.get("Payment-Receipt")).isEqualTo(first.get("Payment-Receipt"));
        assertThat(again.get("Payment-Outcome")).isEqualTo(first.get("Payment-Outcome"));
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement("F-RE-32")
    void sameKeyWithOtherContent_422() throws Exception {
        order(paywall.alice, "/docs/a", "body", KEY);
        for (HttpTester.Response other : new HttpTester.Response[] {
            order(paywall.alice, "/docs/a", "other", KEY), order(paywall.alice, "/docs/a?x", "body", KEY)
        }) {
            assertThat(other.getStatus()).isEqualTo(422);
            assertThat(other.get("Payment-Outcome")).startsWith("refused;");
            assertThat(other.get("WWW-Authenticate")).isNull();
            assertThat(Problem.parse(other.getContentBytes()).type()).isEqualTo(ProblemType.IDEMPOTENCY_CONFLICT);
        }
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"T77", "F-RE-31"})
    void sameKeyOfAnotherPayerOrPath_isAnotherKey() {
        Payer bob = Payer.with(SigningKey.generate(Algorithm.ED25519, null, new SecureRandom()));
        paywall.open(bob, 10_000);
        order(paywall.alice, "/docs/a", "body", KEY);
        assertThat(order(bob, "/docs/a", "body", KEY).get("Payment-Replayed")).isNull();
        assertThat(order(paywall.alice, "/docs/b", "body", KEY).get("Payment-Replayed"))
                .isNull();
        assertThat(paywall.executions).hasValue(3);
    }

    @Test
    @Requirement("F-RE-32")
    void sameKeyAfterARelease_isANewTry() {
        paywall.app(Paywall.status(500));
        order(paywall.alice, "/docs/a", "body", KEY);
        paywall.app(Paywall.text("now"));
        assertThat(order(paywall.alice, "/docs/a", "body", KEY).getContent()).isEqualTo("now");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement("F-RE-30")
    void keyOnASafeMethod_isIgnored() {
        paywall.get("/docs/a", KEY, "Authorization: " + paywall.alice.pay(paywall.get("/docs/a")));
        HttpTester.Response second =
                paywall.get("/docs/a", KEY, "Authorization: " + paywall.alice.pay(paywall.get("/docs/a")));
        assertThat(second.get("Payment-Replayed")).isNull();
        assertThat(paywall.executions).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Idempotency-Key: ", "Idempotency-Key: a b", "Idempotency-Key: a\nIdempotency-Key: b"})
    @Requirement("F-RE-30")
    void keyOutsideItsForm_badRequest(String header) throws Exception {
        HttpTester.Response answer = order(paywall.alice, "/docs/a", "body", header);
        assertThat(answer.getStatus()).isEqualTo(400);
        assertThat(answer.get("Payment-Outcome")).startsWith("refused;");
        assertThat(Problem.parse(answer.getContentBytes()).type()).isEqualTo(ProblemType.BAD_REQUEST);
        assertThat(paywall.nothingMoved()).isTrue();
        HttpTester.Response tooLong = order(paywall.alice, "/docs/a", "body", "Idempotency-Key: " + "k".repeat(129));
        assertThat(tooLong.getStatus()).isEqualTo(400);
        assertThat(order(paywall.alice, "/docs/a", "body", "Idempotency-Key: " + "k".repeat(128))
                        .getStatus())
                .isEqualTo(200);
    }

    @Test
    @Requirement({"F-RE-32", "F-RE-10", "S46"})
    void sameKeyWhileTheFirstIsRunning_409AndTheSecondPaymentIsNotClaimed() throws Exception {
        Challenge second = Payer.challengeOf(paywall.send("POST", "/docs/a", "body"));
        CompletableFuture<HttpTester.Response> meanwhile = new CompletableFuture<>();
        paywall.app(Paywall.of((request, response, callback) -> paywall.threads()
                .execute(() -> {
                    meanwhile.complete(paywall.send(
                            "POST", "/docs/a", "body", KEY, "Authorization: " + paywall.alice.pay(second)));
                    response.write(true, null, callback);
                })));
        assertThat(order(paywall.alice, "/docs/a", "body", KEY).getStatus()).isEqualTo(200);
        HttpTester.Response answer = meanwhile.join();
        assertThat(answer.getStatus()).isEqualTo(409);
        assertThat(answer.get("Retry-After")).isNotNull();
        assertThat(Problem.parse(answer.getContentBytes()).type()).isEqualTo(ProblemType.REQUEST_IN_PROGRESS);
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        assertThat(Paywall.await(paywall.ledger().charge(second.id()))).isEmpty();
    }

    @Test
    @Requirement("F-RE-32")
    void sameKeyAfterAnAnswerThatWasNotStored_409AndNotChargedAgain() throws Exception {
        paywall.reprice(prices ->
                prices.charge("/docs/*", Paywall.offer().upfront().repeatable().build()));
        assertThat(order(paywall.alice, "/docs/a", "body", KEY).getStatus()).isEqualTo(200);
        HttpTester.Response again = order(paywall.alice, "/docs/a", "body", KEY);
        assertThat(again.getStatus()).isEqualTo(409);
        assertThat(Problem.parse(again.getContentBytes()).type()).isEqualTo(ProblemType.ALREADY_FULFILLED);
        assertThat(again.get("WWW-Authenticate")).isNull();
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    private HttpTester.Response order(Payer payer, String path, String body, String... headers) {
        Challenge challenge = Payer.challengeOf(paywall.send("POST", path, body));
        String[] all = Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = "Authorization: " + payer.pay(challenge);
        return paywall.send("POST", path, body, all);
    }
}
