package org.farthing.client.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.farthing.client.purse.Purse;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.SettableClock;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaymentsApiTest {

    private static final String PAYEE = "https://api.example.com:8443";

    @TempDir
    Path temp;

    private ScriptedServer server;
    private PaymentsApi api;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        api = new PaymentsApi(
                HttpClient.newHttpClient(),
                Purse.create(temp.resolve("purse"), new SecureRandom()),
                new SettableClock(),
                true);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static String payment(String id, String recipient) {
        return "{\"amount\":\"2500\",\"captured\":\"0\",\"challengeId\":\"" + id
                + "\",\"currency\":\"usd.e6\",\"expires\":\"2026-11-22T10:05:00Z\",\"holdExpires\":\"2026-11-22T11:05:00Z\","
                + "\"issued\":\"2026-11-22T10:00:00Z\",\"recipient\":\"" + recipient
                + "\",\"refunded\":\"0\",\"state\":\"held\",\"tokenId\":\"AAECAwQFBgcICQoLDA0ODw\"}";
    }

    @Test
    @Requirement({"F-OU-16", "F-WS-5"})
    void payment_ofAPayee_isAskedByIdAndRecipient() {
        server.script(request -> Reply.ok(payment("id-1", PAYEE)));
        assertThat(api.payment(server.origin(), "id-1", PAYEE).join().state()).isEqualTo(ServicePayment.State.HELD);
        assertThat(server.received().get(0).target())
                .isEqualTo("/v1/payments/id-1?recipient=https%3A%2F%2Fapi.example.com%3A8443");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id-2", "id-1"})
    @Requirement({"F-OU-16", "F-WS-5"})
    void payment_answerAboutAnother_isNone(String id) {
        server.script(request -> Reply.ok(payment(id, id.equals("id-2") ? PAYEE : "https://other.example")));
        assertThatThrownBy(() -> api.payment(server.origin(), "id-1", PAYEE).join())
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("another payment");
    }

    @Test
    @Requirement("F-CL-66")
    void payment_refusedWithATime_tellsBoth() {
        server.script(request ->
                Reply.problem(Problem.of(ProblemType.RATE_LIMITED, "Slowly.")).header("Retry-After", "12"));
        assertThatThrownBy(() -> api.payment(server.origin(), "id-1", PAYEE).join())
                .cause()
                .isInstanceOfSatisfying(WalletRefusedException.class, no -> {
                    assertThat(no.status()).isEqualTo(429);
                    assertThat(no.retryAfter()).contains(java.time.Duration.ofSeconds(12));
                });
    }

    @Test
    @Requirement({"F-CL-60", "T13"})
    void payment_plainHttpElsewhere_isNotAsked() {
        assertThatThrownBy(() -> api.payment(new Origin("http://wallet.example"), "id-1", PAYEE)
                        .join())
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }
}
