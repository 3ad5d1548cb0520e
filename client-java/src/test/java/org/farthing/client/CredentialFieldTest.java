package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.http.CredentialFields;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestPayee;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the credential goes, and what the caller put there before. */
@Timeout(60)
class CredentialFieldTest {

    @TempDir
    Path temp;

    private Fixture replacing() throws Exception {
        return new Fixture(temp, policy -> policy, builder -> builder.replaceAuthorization());
    }

    private static PaidResponse<String> get(Fixture fixture, String... authorizations) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(fixture.uri("/"));
        for (String authorization : authorizations) {
            request.header("Authorization", authorization);
        }
        return fixture.send(request.build());
    }

    @Test
    @Requirement({"F-CL-23", "C17"})
    void send_replaceAllowed_isOneAuthorizationLineWithThePaymentAlone() throws Exception {
        try (Fixture fixture = replacing()) {
            assertThat(get(fixture, "Bearer app", "Basic dTpw").outcome()).isInstanceOf(Served.class);
            List<Received> requests = fixture.server.received();
            assertThat(requests).hasSize(2);
            assertThat(requests.get(0).lines("Authorization"))
                    .as("the unpaid request is the caller's own")
                    .containsExactly("Bearer app", "Basic dTpw");
            assertThat(requests.get(1).lines("Authorization"))
                    .singleElement()
                    .asString()
                    .as("one scheme and its token, with nothing beside it")
                    .matches("Payment [A-Za-z0-9_-]+");
            assertThat(requests.get(1).credential()).isPresent();
        }
    }

    @Test
    @Requirement({"F-CL-23", "F-CL-21"})
    void send_replacedAndLost_isTheSameLineAgain() throws Exception {
        try (Fixture fixture = replacing()) {
            AtomicInteger times = new AtomicInteger();
            fixture.server.script(fixture.payee.script(
                    fixture.payer(),
                    request -> fixture.payee.demand(request, offer -> {}),
                    (request, paid) -> times.incrementAndGet() == 1 ? Reply.drop() : fixture.payee.serve(paid)));
            assertThat(get(fixture, "Bearer app").outcome()).isInstanceOf(Served.class);
            List<Received> requests = fixture.server.received();
            assertThat(requests).hasSize(3);
            assertThat(requests.get(2).lines("Authorization"))
                    .hasSize(1)
                    .isEqualTo(requests.get(1).lines("Authorization"));
        }
    }

    @Test
    @Requirement({"C21", "F-CL-23"})
    void send_replaceAllowedButFieldSelected_keepsTheCallersAuthorization() throws Exception {
        try (Fixture fixture = replacing()) {
            fixture.server.script(fixture.payee.script(
                    fixture.payer(),
                    request -> fixture.payee.demand(request, offer -> offer.header = "Payment-Authorization"),
                    (request, paid) -> fixture.payee.serve(paid)));
            PaidResponse<String> answer = get(fixture, "Bearer app");
            assertThat(answer.response().orElseThrow().body()).isEqualTo(TestPayee.CONTENT);
            assertThat(fixture.server.received())
                    .extracting(request -> request.lines("Authorization"))
                    .containsOnly(List.of("Bearer app"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Payment abc",
                "payment\tabc",
                " PAYMENT abc",
                "Payment",
                "Bearer x, Payment abc",
                "Payment id=\"a\""
            })
    @Requirement("F-CL-23")
    void send_credentialOfTheCallersOwn_isRefused(String value) throws Exception {
        try (Fixture fixture = new Fixture(temp)) {
            assertThatThrownBy(() -> get(fixture, value)).isInstanceOf(IllegalArgumentException.class);
            assertThat(fixture.server.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer payment", "Payments abc", "Digest username=\"a, Payment b\"", "Basic cGF5bWVudA=="})
    void isCredential_otherScheme_isNone(String value) {
        assertThat(CredentialFields.isCredential("Authorization", value)).isFalse();
        assertThat(CredentialFields.isCredential("X-Authorization", "Payment abc"))
                .isFalse();
    }
}
