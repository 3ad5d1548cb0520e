package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.gate.CredentialField;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials beside the application's own {@code Authorization} (S53 to S55; spec/credential.md, F-CR-2 to F-CR-8). */
class CredentialFieldTest {

    private static final String BEARER = "Authorization: Bearer app-token";

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;

    @BeforeEach
    void start() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                handler -> handler.setCredentialField(CredentialField.PAYMENT_AUTHORIZATION));
    }

    @AfterEach
    void stop() {
        paywall.close();
    }

    @Test
    @Requirement({"S53", "S54", "F-CH-5", "F-CR-2", "F-BI-1"})
    void challenge_selectsTheFieldAndBindsIt() {
        Challenge challenge = Payer.challengeOf(paywall.get("/docs/a", BEARER));
        assertThat(challenge.header()).isEqualTo("Payment-Authorization");
    }

    @Test
    @Requirement({"S53", "S55", "F-CR-2", "F-CR-8", "F-SV-30"})
    void credentialInTheSelectedField_isServedAndTheApplicationKeepsItsOwn() {
        CompletableFuture<String> seen = new CompletableFuture<>();
        paywall.app(Paywall.of((request, response, callback) -> {
            seen.complete(request.getHeaders().get("Authorization") + " "
                    + request.getHeaders().get("Payment-Authorization"));
            response.getHeaders().put("Cache-Control", "public, max-age=60");
            response.write(true, null, callback);
        }));
        String value = paywall.alice.pay(paywall.get("/docs/a", BEARER));
        HttpTester.Response answer = paywall.get("/docs/a", BEARER, "Payment-Authorization: " + value);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(seen.join()).isEqualTo("Bearer app-token null");
        assertThat(answer.get("Cache-Control")).isEqualTo("private, max-age=60");
        assertThat(answer.getCSV("Vary", false)).contains("Authorization", "Payment-Authorization");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"S53", "F-CR-7"})
    void credentialInTheOtherField_invalidChallenge() throws Exception {
        String value = paywall.alice.pay(paywall.get("/docs/a"));
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + value);
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(ProblemType.INVALID_CHALLENGE);
        assertThat(problem.text("reason")).contains("field");
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"S54", "F-CR-22"})
    void headerLeftOutOfTheEcho_invalidChallenge() throws Exception {
        Challenge challenge = Payer.challengeOf(paywall.get("/docs/a"));
        var terms = challenge.terms();
        Challenge without = new Challenge(
                challenge.id(),
                new ChallengeTerms(
                        terms.realm(),
                        terms.method(),
                        terms.intent(),
                        terms.request(),
                        terms.expires(),
                        terms.digest(),
                        terms.opaque(),
                        null),
                null,
                null);
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(without));
        assertThat(Problem.parse(answer.getContentBytes()).type()).isEqualTo(ProblemType.INVALID_CHALLENGE);
    }

    @Test
    @Requirement({"S52", "F-CR-3", "F-CR-4"})
    void severalCredentials_badRequest() {
        String value = paywall.alice.pay(paywall.get("/docs/a"));
        String field = "Payment-Authorization: " + value;
        assertThat(paywall.get("/docs/a", field, field).getStatus()).isEqualTo(400);
        assertThat(paywall.get("/docs/a", field, "Authorization: " + value).getStatus())
                .isEqualTo(400);
        assertThat(paywall.get("/docs/a", field + ", " + value).getStatus()).isEqualTo(400);
        assertThat(paywall.nothingMoved()).isTrue();
    }
}
