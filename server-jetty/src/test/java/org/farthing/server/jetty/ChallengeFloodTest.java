package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.gate.Admission;
import org.farthing.server.gate.PaymentEvent;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks too often waits, alone, and nobody gets an unsigned challenge for it (S51; T39, T40). */
@Requirement({"S51", "T39", "T40", "F-SV-62", "F-SV-64"})
class ChallengeFloodTest {

    private static final int CHALLENGES = 5;
    private static final int FAILURES = 3;
    private static final int PAYMENTS = 4;

    @TempDir
    private Path folder = Path.of("");

    private Paywall limited(Consumer<PaymentHandler> more) {
        return Paywall.start(
                folder, prices -> prices.charge("/docs/*", Paywall.offer().build()), handler -> {
                    handler.setClientName(ClientName.forwardedFor("X-Forwarded-For"));
                    more.accept(handler);
                });
    }

    private Paywall limited() {
        Paywall paywall = new Paywall(folder);
        paywall.boot(prices -> prices.charge("/docs/*", Paywall.offer().build()), handler -> {
            handler.setClientName(ClientName.forwardedFor("X-Forwarded-For"));
            handler.setAdmission(PaymentLimits.builder()
                    .challenges(CHALLENGES)
                    .failures(FAILURES)
                    .payments(PAYMENTS)
                    .clock(paywall.clock)
                    .build());
        });
        return paywall;
    }

    private static HttpTester.Response ask(Paywall paywall, String address) {
        return paywall.get("/docs/a", "X-Forwarded-For: " + address);
    }

    private static HttpTester.Response pay(Paywall paywall, String address, String credential) {
        return paywall.get("/docs/a", "X-Forwarded-For: " + address, "Authorization: " + credential);
    }

    private static void isLimited(HttpTester.Response answer, String retryAfter) throws Exception {
        assertThat(answer.getStatus()).isEqualTo(429);
        assertThat(answer.get("Retry-After")).isEqualTo(retryAfter);
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(answer.get("Cache-Control")).contains("no-store");
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(ProblemType.RATE_LIMITED);
        assertThat(problem.text("retryAfter")).contains(retryAfter);
    }

    @Test
    @Requirement({"F-CH-43", "F-CH-44", "F-PR-22", "F-SV-35"})
    void flood_429WithRetryAfter_andEveryChallengeStillSigned() throws Exception {
        try (Paywall paywall = limited()) {
            for (int i = 0; i < CHALLENGES; i++) {
                Challenge challenge = Payer.challengeOf(ask(paywall, "203.0.113.7"));
                assertThat(challenge.jws()).isNotNull();
            }
            isLimited(ask(paywall, "203.0.113.7"), "12");
            isLimited(ask(paywall, "203.0.113.200"), "12");

            paywall.clock.advance(Duration.ofSeconds(12));
            assertThat(ask(paywall, "203.0.113.7").getStatus()).isEqualTo(402);
            isLimited(ask(paywall, "203.0.113.7"), "12");
            assertThat(paywall.executions).hasValue(0);
        }
    }

    @Test
    @Requirement({"F-CH-44", "S47", "F-SV-24"})
    void flood_leavesNothingInTheLedger() {
        try (Paywall paywall = limited()) {
            for (int i = 0; i < 50; i++) {
                ask(paywall, "203.0.113.7");
            }
            assertThat(paywall.nothingMoved()).isTrue();
            assertThat(paywall.handler().getRunning()).isZero();
            PaymentStatistics counted = paywall.handler().statistics();
            assertThat(counted.getDemanded()).isEqualTo(CHALLENGES);
            assertThat(counted.getLimited()).isEqualTo(50 - CHALLENGES);
            assertThat(counted.getRefused()).isZero();
            assertThat(counted.getProblems().toString()).contains("RATE_LIMITED ");
            assertThat(paywall.events)
                    .filteredOn(event -> event.kind() == PaymentEvent.Kind.LIMITED)
                    .hasSize(50 - CHALLENGES);
        }
    }

    @Test
    void anotherNetwork_isServed_andAHouseholdIsOneClient() throws Exception {
        try (Paywall paywall = limited()) {
            for (int i = 0; i < CHALLENGES; i++) {
                ask(paywall, "[2001:db8:1:ff01::" + i + "]:4711");
            }
            isLimited(ask(paywall, "2001:db8:1:ff02::9"), "12");
            assertThat(ask(paywall, "2001:db8:2::1").getStatus()).isEqualTo(402);
            assertThat(ask(paywall, "203.0.113.7").getStatus()).isEqualTo(402);
        }
    }

    @Test
    void forwardedAddresses_ofTheClientsOwnMaking_countForNothing() throws Exception {
        try (Paywall paywall = limited()) {
            for (int i = 0; i < CHALLENGES; i++) {
                ask(paywall, "198.51.100." + i + ", 10.9.8." + i + ", 203.0.113.7");
            }
            isLimited(ask(paywall, "192.0.2.1, 203.0.113.7"), "12");
        }
    }

    @Test
    @Requirement({"F-SV-65", "F-RE-3"})
    void payments_goOnDuringTheFloodOfTheirNetwork() {
        try (Paywall paywall = limited()) {
            String credential = paywall.alice.pay(ask(paywall, "203.0.113.7"));
            for (int i = 0; i < 50; i++) {
                ask(paywall, "203.0.113.7");
            }
            HttpTester.Response paid = pay(paywall, "203.0.113.7", credential);
            assertThat(paid.getStatus()).isEqualTo(200);
            HttpTester.Response again = pay(paywall, "203.0.113.7", credential);
            assertThat(again.getStatus()).isEqualTo(200);
            assertThat(again.getContent()).isEqualTo(paid.getContent());
        }
    }

    @Test
    @Requirement({"F-SV-65", "S3"})
    void credentialsOfNoChallengeOfOurs_areLimitedAsDemandsAre() throws Exception {
        try (Paywall paywall = limited()) {
            Challenge foreign = Payer.challengeOf(ask(paywall, "203.0.113.7"));
            Challenge altered = new Challenge("A".repeat(43), foreign.terms(), null, null);
            List<Integer> answers = new ArrayList<>();
            for (int i = 0; i < CHALLENGES; i++) {
                answers.add(
                        pay(paywall, "203.0.113.7", paywall.alice.pay(altered)).getStatus());
            }
            assertThat(answers).containsExactly(402, 402, 402, 402, 429);
            HttpTester.Response last = pay(paywall, "203.0.113.7", paywall.alice.pay(altered));
            isLimited(last, "12");
            assertThat(last.get("Payment-Outcome")).startsWith("refused;");
            isLimited(pay(paywall, "203.0.113.7", "Payment ###"), "12");
        }
    }

    @Test
    @Requirement({"F-SV-65", "F-SV-66", "F-BI-3"})
    void failedProofs_makeTheirNetworkWait_andNothingIsDenied() throws Exception {
        try (Paywall paywall = limited()) {
            Challenge challenge = Payer.challengeOf(ask(paywall, "203.0.113.7"));
            String good = paywall.alice.pay(challenge);
            Payer stranger = Payer.with(SigningKey.generate(Algorithm.ED25519, null, new SecureRandom()));
            String bad = stranger.pay(challenge);
            String none =
                    Credential.of(challenge, null, Map.of("type", "order")).format();
            assertThat(pay(paywall, "203.0.113.7", bad).getStatus()).isEqualTo(402);
            assertThat(pay(paywall, "203.0.113.7", none).getStatus()).isEqualTo(402);
            assertThat(pay(paywall, "203.0.113.7", bad).getStatus()).isEqualTo(402);

            HttpTester.Response answer = pay(paywall, "203.0.113.7", good);
            isLimited(answer, "20");
            assertThat(answer.get("Payment-Outcome")).startsWith("pending;");
            assertThat(paywall.nothingMoved()).isTrue();
            assertThat(pay(paywall, "192.0.2.1", good).getStatus()).isEqualTo(200);
        }
    }

    @Test
    @Requirement("F-SV-65")
    void expiredCredentialsAndOtherBodies_countAsFailures() throws Exception {
        try (Paywall paywall = limited()) {
            String credential = paywall.alice.pay(ask(paywall, "203.0.113.7"));
            HttpTester.Response other =
                    paywall.send("GET", "/docs/a", "x", "X-Forwarded-For: 203.0.113.7", "Authorization: " + credential);
            assertThat(other.getStatus()).isEqualTo(402);
            paywall.clock.advance(Duration.ofMinutes(6));
            for (int i = 0; i < FAILURES; i++) {
                assertThat(pay(paywall, "203.0.113.7", credential).getStatus()).isEqualTo(402);
            }
            isLimited(pay(paywall, "203.0.113.7", credential), "20");
        }
    }

    @Test
    @Requirement({"F-SV-65", "F-SV-66"})
    void wallet_isLimitedWhereverItPaysFrom_andOnlyThatOne() throws Exception {
        try (Paywall paywall = limited()) {
            Payer bob = Payer.with(SigningKey.generate(Algorithm.ED25519, null, new SecureRandom()));
            paywall.open(bob, Paywall.FUNDS);
            for (int i = 0; i < PAYMENTS; i++) {
                String from = "203.0." + i + ".7";
                assertThat(pay(paywall, from, paywall.alice.pay(ask(paywall, from)))
                                .getStatus())
                        .isEqualTo(200);
            }
            HttpTester.Response answer = pay(paywall, "192.0.2.1", paywall.alice.pay(ask(paywall, "192.0.2.1")));
            isLimited(answer, "15");
            assertThat(answer.get("Payment-Outcome")).startsWith("pending;");
            assertThat(paywall.spent(paywall.alice)).isEqualTo(PAYMENTS * Paywall.PRICE);

            assertThat(pay(paywall, "192.0.2.1", bob.pay(ask(paywall, "192.0.2.1")))
                            .getStatus())
                    .isEqualTo(200);
        }
    }

    @Test
    @Requirement("F-SV-65")
    void stranger_cannotUseUpAWalletsBudgetByItsName() {
        try (Paywall paywall = limited()) {
            SigningKey other = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
            Payer pretender = new Payer(other, paywall.alice.wallet());
            for (int i = 0; i < 2 * PAYMENTS; i++) {
                String from = "198.51." + i + ".1";
                assertThat(pay(paywall, from, pretender.pay(ask(paywall, from))).getStatus())
                        .isEqualTo(402);
            }
            assertThat(pay(paywall, "192.0.2.1", paywall.alice.pay(ask(paywall, "192.0.2.1")))
                            .getStatus())
                    .isEqualTo(200);
        }
    }

    @Test
    @Requirement("F-SV-67")
    void limitsThatFail_stopNoSale() {
        Admission broken = (step, inquiry, payer) -> {
            throw new IllegalStateException("out of order");
        };
        try (Paywall paywall = limited(handler -> handler.setAdmission(broken))) {
            assertThat(paywall.buy("/docs/a").getStatus()).isEqualTo(200);
        }
    }

    @Test
    @Requirement("F-SV-67")
    void nameThatFails_limitsNothing() {
        ClientName broken = request -> {
            throw new IllegalArgumentException("no name");
        };
        try (Paywall paywall = limited(handler -> handler.setClientName(broken))) {
            assertThat(paywall.buy("/docs/a").getStatus()).isEqualTo(200);
        }
    }

    @Test
    void limitsOfTheHostsOwn_seeTheRequestAndTheProvenPayer() {
        List<String> asked = new ArrayList<>();
        Admission own = (step, inquiry, payer) -> {
            asked.add(step + " " + inquiry.target().path() + " " + payer);
            return Duration.ZERO;
        };
        try (Paywall paywall = limited(handler -> handler.setAdmission(own))) {
            assertThat(paywall.buy("/docs/a").getStatus()).isEqualTo(200);
            assertThat(asked)
                    .containsExactly(
                            "CHALLENGE /docs/a null",
                            "PROOF /docs/a null",
                            "PAYMENT /docs/a " + paywall.alice.wallet());
        }
    }

    @Test
    @Requirement("F-SV-34")
    void unreadUploadsOfWhoHasToWait_areNotDrained() throws Exception {
        try (Paywall paywall = limited()) {
            for (int i = 0; i < CHALLENGES; i++) {
                ask(paywall, "203.0.113.7");
            }
            HttpTester.Response answer = paywall.raw("POST /docs/a HTTP/1.1\nHost: api.example.com\n"
                    + "X-Forwarded-For: 203.0.113.7\nContent-Length: 60000\n\nthe beginning");
            isLimited(answer, "12");
            assertThat(answer.get("Connection")).isEqualTo("close");
        }
    }

    @Test
    void withoutALimitOfItsOwn_theDefaultsHold_andProxiesOfThisMachineAreNotCounted() {
        try (Paywall paywall = Paywall.start(folder)) {
            for (int i = 0; i < 700; i++) {
                assertThat(paywall.get("/docs/a").getStatus()).isEqualTo(402);
            }
        }
    }
}
