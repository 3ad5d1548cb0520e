package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.ChallengeVerifier;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.ReceiptVerifier;
import org.farthing.server.ledger.ChargeState;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plain course of things: demand, pay, serve. */
class PaymentHandlerTest {

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
    @Requirement({"S1", "S7", "S10", "S31", "S35", "S49", "F-PR-1", "F-PR-4", "F-PR-30"})
    void get_withoutCredential_demandsWithOneSignedChallenge() throws Exception {
        HttpTester.Response answer = paywall.get("/docs/a?x=1");
        assertThat(answer.getStatus()).isEqualTo(402);
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.get("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.getCSV("Vary", false)).contains("Authorization");
        assertThat(answer.get("Payment-Outcome")).isNull();
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(answer.get("Link")).isEqualTo("<https://api.example.com/docs/a>; rel=\"payment\"");
        assertThat(answer.getValuesList("WWW-Authenticate")).hasSize(1);
        assertThat(answer.get("WWW-Authenticate").length()).isLessThan(8_000);
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(ProblemType.PAYMENT_REQUIRED);
        assertThat(problem.status()).isEqualTo(402);
        assertThat(problem.detail()).contains("0.002 USD");
        assertThat(problem.instance()).isEqualTo("urn:uuid:" + problem.requestId());
        assertThat(answer.get("X-Request-Id")).isEqualTo(problem.requestId());
        assertThat(problem.resolutions().get(0).rel()).isEqualTo("pay");
        assertThat(problem.extensions()).containsEntry("retryable", true);
        assertThat(paywall.executions).hasValue(0);
    }

    @Test
    @Requirement({
        "S13", "S22", "S23", "F-CH-42", "F-CH-43", "F-CH-45", "F-BI-21", "F-BI-26", "F-RQ-3", "S12", "S14", "S15",
        "S16", "S17", "S19", "S21"
    })
    void get_withoutCredential_challengeIsBoundToTheRequestAndVerifies() throws Exception {
        Challenge challenge = Payer.challengeOf(paywall.get("/docs/a%20b?x=1"));
        assertThat(challenge.realm()).isEqualTo("api.example.com");
        assertThat(challenge.method()).isEqualTo("wallet");
        assertThat(challenge.intent()).isEqualTo("charge");
        assertThat(challenge.expiresAt()).isEqualTo(paywall.clock.instant().plusSeconds(300));
        assertThat(challenge.digest()).isNull();
        PaymentRequest request = challenge.paymentRequest();
        assertThat(request.amount().baseUnits()).isEqualTo(2000);
        assertThat(request.currency().text()).isEqualTo("usd.e6");
        assertThat(request.recipient()).isEqualTo("https://api.example.com");
        assertThat(request.description()).isEqualTo("One document");
        assertThat(request.methodDetails()).containsEntry("capture", "exact");
        assertThat(PaymentRequest.isCanonical(challenge.request())).isTrue();
        RequestTarget target = RequestTarget.of("GET", "https://api.example.com", "/docs/a%20b", "x=1");
        assertThat(Opaque.parse(String.valueOf(challenge.opaque())).rb()).isEqualTo(target.rb());
        KeyDirectory directory = KeyDirectory.of(new Origin(Paywall.ORIGIN), List.of(paywall.key.publicKey()));
        ChallengeVerifier.verify(challenge, target, directory, null, paywall.clock.instant());
    }

    @Test
    @Requirement({"F-CH-41", "S49"})
    void get_twice_challengesDiffer() {
        Challenge first = Payer.challengeOf(paywall.get("/docs/a"));
        Challenge second = Payer.challengeOf(paywall.get("/docs/a"));
        assertThat(first.id()).isNotEqualTo(second.id());
        assertThat(first.opaque()).isNotEqualTo(second.opaque());
    }

    @Test
    @Requirement({"S5", "S25", "S26", "S50", "F-RC-3", "F-RC-4", "F-RC-5", "F-OU-1", "F-SV-30", "F-ST-30", "F-ST-31"})
    void get_paid_servesOnceWithReceiptAndCharges() throws Exception {
        Challenge challenge = Payer.challengeOf(paywall.get("/docs/a"));
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(challenge));
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("the document");
        assertThat(answer.get("Content-Type")).isEqualTo("text/plain");
        assertThat(answer.get("Cache-Control")).isEqualTo("private");
        assertThat(answer.getCSV("Vary", false)).contains("Authorization");
        assertThat(answer.get("Payment-Outcome")).isEqualTo("captured;id=\"" + challenge.id() + "\"");
        assertThat(answer.get("Payment-Replayed")).isNull();
        assertThat(answer.get("WWW-Authenticate")).isNull();
        PaymentReceipt receipt = PaymentReceipt.parse(answer.get("Payment-Receipt"));
        KeyDirectory directory = KeyDirectory.of(new Origin(Paywall.ORIGIN), List.of(paywall.key.publicKey()));
        ReceiptVerifier.verifyFor(receipt, challenge, directory, paywall.clock.instant());
        assertThat(receipt.amount()).contains("2000");
        assertThat(receipt.members()).doesNotContainKeys("payer", "balance", "source");
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        assertThat(paywall.account(paywall.alice).held()).isZero();
        assertThat(paywall.charge(challenge.id()).state()).isEqualTo(ChargeState.CAPTURED);
        assertThat(paywall.balanced()).isTrue();
        assertThat(paywall.handler().getBean(PaymentStatistics.class))
                .isSameAs(paywall.handler().statistics());
        assertThat(paywall.handler().statistics().getCaptured()).isEqualTo(1);
        assertThat(paywall.handler().statistics().getDemanded()).isEqualTo(1);
        assertThat(paywall.handler().getRunning()).isZero();
    }

    @Test
    @Requirement("F-SV-21")
    void get_freePath_isNotTouched() {
        HttpTester.Response answer = paywall.get("/open");
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("the document");
        assertThat(answer.get("Vary")).isNull();
        assertThat(answer.get("Cache-Control")).isNull();
        assertThat(answer.get("X-Request-Id")).isNull();
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"S36", "S33", "F-CR-23", "F-EN-15"})
    void get_largeCredentialWithUnknownMembers_isServed() {
        Challenge challenge = Payer.challengeOf(paywall.get("/docs/a"));
        Credential credential = paywall.alice.credential(challenge);
        Map<String, Object> payload = new TreeMap<>();
        credential.payload().forEach((name, member) -> payload.put(name, String.valueOf(member)));
        payload.put("unknown", Map.of("deep", List.of(1L, true, "x".repeat(6_000))));
        String value = Credential.of(challenge, "did:key:z6Mkexample", payload).format();
        assertThat(value.length()).isGreaterThan(8_192);
        assertThat(paywall.get("/docs/a", "Authorization: " + value).getStatus())
                .isEqualTo(200);
    }

    @Test
    @Requirement({"S20", "F-CR-22", "T10"})
    void get_descriptionOfTheEchoChanged_isServed() {
        Challenge challenge = Payer.challengeOf(paywall.get("/docs/a")).withDescription("anything else");
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(challenge));
        assertThat(answer.getStatus()).isEqualTo(200);
    }

    @Test
    @Requirement({"S43", "F-BI-12"})
    void get_challengeOfARetiredSecret_isServedUntilItsTime() {
        String early = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a"));
        String late = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a"));
        byte[] next = new byte[32];
        next[0] = 7;
        next[31] = 9;
        SecretRing ring = SecretRing.builder()
                .current(next)
                .retired(paywall.secret, paywall.clock.instant().plusSeconds(60))
                .build();
        paywall.stopServer();
        paywall.boot(prices -> prices.charge("/docs/*", Paywall.offer().build()), handler -> handler.setSecrets(ring));
        assertThat(paywall.get("/docs/a", early).getStatus()).isEqualTo(200);
        paywall.clock.advance(Duration.ofSeconds(61));
        assertThat(paywall.get("/docs/a", late).getStatus()).isEqualTo(402);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"S11", "F-SV-3"})
    void get_notAuthenticated_401BeforeAnyPrice() {
        paywall.stopServer();
        paywall.boot(
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                handler -> {},
                handler -> new Handler.Wrapper(handler) {
                    @Override
                    public boolean handle(Request request, Response response, Callback callback) {
                        response.getHeaders().put("WWW-Authenticate", "Basic realm=\"staff\"");
                        Response.writeError(request, response, callback, 401);
                        return true;
                    }
                });
        HttpTester.Response answer = paywall.get("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(401);
        assertThat(answer.getValuesList("WWW-Authenticate")).containsExactly("Basic realm=\"staff\"");
    }

    @Test
    @Requirement({"F-SV-61", "F-SV-62"})
    void listenerThatThrows_changesNothing() {
        paywall.stopServer();
        paywall.boot(
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                handler -> handler.setEvents(event -> {
                    throw new IllegalStateException("no metrics today");
                }));
        assertThat(paywall.buy("/docs/a").getStatus()).isEqualTo(200);
        assertThat(paywall.handler().statistics().getProblems()).containsOnlyKeys("PAYMENT_REQUIRED docs-41J2gOu1");
    }
}
