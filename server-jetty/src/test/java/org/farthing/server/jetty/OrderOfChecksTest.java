package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.gate.PaymentEvent;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of several faults answers, and what every refusal says (spec/server.md, "Order of checks"). */
class OrderOfChecksTest {

    private static final String LONG_KEY = "Idempotency-Key: " + "k".repeat(129);

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;

    @BeforeEach
    void start() {
        paywall = Paywall.start(folder);
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
    @Requirement({"F-RE-30", "F-SV-96", "S45"})
    void malformedIdempotencyKey_400BeforeAnyPrice() throws Exception {
        HttpTester.Response answer = paywall.send("POST", "/docs/a", null, LONG_KEY);
        assertThat(answer.getStatus()).isEqualTo(400);
        assertThat(Problem.parse(answer.getContentBytes()).type()).isEqualTo(ProblemType.BAD_REQUEST);
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(answer.get("Payment-Outcome")).isNull();
        Challenge challenge = Payer.challengeOf(paywall.send("POST", "/docs/a", null));
        HttpTester.Response paid =
                paywall.send("POST", "/docs/a", null, LONG_KEY, "Authorization: " + paywall.alice.pay(challenge));
        assertThat(paid.getStatus()).isEqualTo(400);
        assertThat(paid.get("Payment-Outcome")).isEqualTo("refused;id=\"" + challenge.id() + "\"");
        assertThat(paywall.get("/docs/a", LONG_KEY).getStatus()).isEqualTo(402);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"F-SV-9", "F-SV-11"})
    void expiredAndUnreadablePayload_expired() throws Exception {
        Challenge challenge = Payer.challengeOf(paywall.get("/docs/a"));
        String unreadable =
                Credential.of(challenge, null, Map.of("type", "nonsense")).format();
        assertThat(type(paywall.get("/docs/a", "Authorization: " + unreadable))).isEqualTo(ProblemType.INVALID_PAYLOAD);
        paywall.clock.advance(Duration.ofMinutes(6));
        assertThat(type(paywall.get("/docs/a", "Authorization: " + unreadable))).isEqualTo(ProblemType.PAYMENT_EXPIRED);
    }

    @Test
    @Requirement({"S32", "F-PR-22", "F-SV-35"})
    void spendingLimitOfTheDay_402SaysWhenItCanPayAgain() throws Exception {
        Paywall.await(paywall.ledger().setLimit(paywall.alice.wallet(), "usd", "0.003", true));
        assertThat(paywall.buy("/docs/a").getStatus()).isEqualTo(200);
        HttpTester.Response answer = paywall.buy("/docs/b");
        assertThat(answer.getStatus()).isEqualTo(402);
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(ProblemType.SPENDING_LIMIT_EXCEEDED);
        Instant reset = Instant.parse(problem.text("resetsAt").orElseThrow());
        long wait = Duration.between(paywall.clock.instant(), reset).toSeconds();
        assertThat(answer.getLongField("Retry-After")).isBetween(Math.max(1, wait - 1), wait + 1);
        assertThat(answer.getValuesList("WWW-Authenticate")).hasSize(1);
        assertThat(paywall.get("/docs/b").get("Retry-After")).isNull();
    }

    @Test
    @Requirement({"F-OU-1", "F-SV-98", "F-SV-30", "T40"})
    void bodyThatBreaks_400WithWhatIsKnownOfTheMoney() throws Exception {
        Challenge challenge = Payer.challengeOf(paywall.send("POST", "/docs/a", "body"));
        String broken = "POST /docs/a HTTP/1.1\nHost: api.example.com\nTransfer-Encoding: chunked\n";
        HttpTester.Response paid =
                paywall.raw(broken + "Authorization: " + paywall.alice.pay(challenge) + "\n\nnonsense\n\n");
        assertThat(paid.getStatus()).isEqualTo(400);
        assertThat(type(paid)).isEqualTo(ProblemType.BAD_REQUEST);
        assertThat(paid.get("Payment-Outcome")).isEqualTo("pending;id=\"" + challenge.id() + "\"");
        assertThat(paid.get("Cache-Control")).isEqualTo("no-store");
        assertThat(paid.get("Connection")).isEqualTo("close");
        HttpTester.Response unpaid = paywall.raw(broken + "\nnonsense\n\n");
        assertThat(unpaid.getStatus()).isEqualTo(400);
        assertThat(unpaid.get("WWW-Authenticate")).isNull();
        assertThat(unpaid.get("Payment-Outcome")).isNull();
        assertThat(paywall.nothingMoved()).isTrue();
        assertThat(paywall.executions).hasValue(0);
    }

    @Test
    @Requirement({"F-OU-1", "F-SV-30"})
    void targetThatNoChallengeCanBeBoundTo_400WithAllFields() {
        Challenge challenge = Payer.challengeOf(paywall.get("/docs/a"));
        paywall.stopServer();
        paywall.boot(
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                settings -> {},
                handler -> new Around(handler) {
                    @Override
                    public boolean handle(Request request, Response response, Callback callback) throws Exception {
                        HttpURI odd =
                                HttpURI.build(request.getHttpURI()).query("a b").asImmutable();
                        return super.handle(Request.serveAs(request, odd), response, callback);
                    }
                });
        paywall.events.clear();
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(challenge));
        assertThat(answer.getStatus()).isEqualTo(400);
        assertThat(answer.get("Payment-Outcome")).isEqualTo("refused;id=\"" + challenge.id() + "\"");
        assertThat(answer.getCSV("Vary", false)).contains("Authorization");
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        assertThat(paywall.events)
                .extracting(PaymentEvent::kind, PaymentEvent::reason)
                .containsExactly(tuple(PaymentEvent.Kind.REFUSED, ProblemType.BAD_REQUEST));
    }

    @Test
    @Requirement({"S9", "S11", "F-SV-3"})
    void whoMayNotSeeIt_403WithoutAPrice() {
        paywall.stopServer();
        paywall.boot(
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                settings -> {},
                handler -> new Around(handler) {
                    @Override
                    public boolean handle(Request request, Response response, Callback callback) throws Exception {
                        if (request.getHeaders().contains("X-Member")) {
                            return super.handle(request, response, callback);
                        }
                        Response.writeError(request, response, callback, 403);
                        return true;
                    }
                });
        String member = "X-Member: 1";
        HttpTester.Response denied = paywall.get("/docs/a");
        assertThat(denied.getStatus()).isEqualTo(403);
        assertThat(denied.get("WWW-Authenticate")).isNull();
        assertThat(denied.getContent()).doesNotContain("0.002");
        HttpTester.Response demand = paywall.get("/docs/a", member);
        assertThat(demand.getStatus()).isEqualTo(402);
        String value = "Authorization: " + paywall.alice.pay(demand);
        assertThat(paywall.get("/docs/a", value).getStatus()).isEqualTo(403);
        assertThat(paywall.nothingMoved()).isTrue();
        assertThat(paywall.get("/docs/a", value, member).getStatus()).isEqualTo(200);
    }

    private static ProblemType type(HttpTester.Response answer) throws Exception {
        return Problem.parse(answer.getContentBytes()).type();
    }

    private abstract static class Around extends Handler.Wrapper {

        Around(Handler handler) {
            super(handler);
        }
    }
}
