package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.Offer;
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

    @Test
    @Requirement({"S53", "S54", "F-CR-2", "F-SV-29", "F-SV-30"})
    void routesDiffer_eachChallengeSelectsItsOwn() {
        Offer own = Paywall.offer()
                .credentialField(CredentialField.PAYMENT_AUTHORIZATION)
                .build();
        paywall.reprice(
                prices -> prices.charge("/docs/*", Paywall.offer().build()).charge("/api/*", own));
        HttpTester.Response plain = paywall.get("/docs/a");
        HttpTester.Response beside = paywall.get("/api/a");
        assertThat(Payer.challengeOf(plain).header()).isNull();
        assertThat(Payer.challengeOf(beside).header()).isEqualTo("Payment-Authorization");
        assertThat(plain.getCSV("Vary", false)).contains("Authorization").doesNotContain("Payment-Authorization");
        assertThat(beside.getCSV("Vary", false)).contains("Authorization", "Payment-Authorization");
        assertThat(paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(plain))
                        .getStatus())
                .isEqualTo(200);
        assertThat(paywall.get("/api/a", "Payment-Authorization: " + paywall.alice.pay(beside))
                        .getStatus())
                .isEqualTo(200);
    }

    @Test
    @Requirement({"S53", "F-CR-7", "F-SV-29"})
    void offersOfOneRouteDiffer_eachIsTakenFromItsOwnFieldOnly() throws Exception {
        Offer credits = Offer.of("1 unit:pages")
                .credentialField(CredentialField.PAYMENT_AUTHORIZATION)
                .build();
        paywall.reprice(prices ->
                prices.charge(Set.of(), "/docs/*", List.of(Paywall.offer().build(), credits)));
        HttpTester.Response answer = paywall.get("/docs/a");
        List<Challenge> both =
                Challenge.parseAll(answer.getValuesList("WWW-Authenticate")).challenges();
        assertThat(both).extracting(Challenge::header).containsExactly(null, "Payment-Authorization");
        assertThat(answer.getCSV("Vary", false)).contains("Authorization", "Payment-Authorization");
        String[] fields = {"Payment-Authorization: ", "Authorization: "};
        for (int i = 0; i < 2; i++) {
            HttpTester.Response wrong = paywall.get("/docs/a", fields[i] + paywall.alice.pay(both.get(i)));
            assertThat(Problem.parse(wrong.getContentBytes()).text("reason")).contains("field");
        }
        assertThat(paywall.get("/docs/a", fields[1] + paywall.alice.pay(both.get(0)))
                        .getStatus())
                .isEqualTo(200);
    }

    @Test
    @Requirement({"S53", "S8", "F-SV-3", "F-SV-29"})
    void bearerOutside_401Then402Then200WithTheBearerKept() {
        List<String> seen = new ArrayList<>();
        paywall.stopServer();
        paywall.boot(
                prices -> prices.charge(
                        "/api/*",
                        Paywall.offer()
                                .credentialField(CredentialField.PAYMENT_AUTHORIZATION)
                                .build()),
                handler -> {},
                Members::new);
        paywall.app(Paywall.of((request, response, callback) -> {
            seen.add(request.getHeaders().get("Authorization"));
            response.write(true, null, callback);
        }));
        HttpTester.Response stranger = paywall.get("/api/a");
        assertThat(stranger.getStatus()).isEqualTo(401);
        assertThat(stranger.getValuesList("WWW-Authenticate")).containsExactly("Bearer");
        HttpTester.Response member = paywall.get("/api/a", BEARER);
        assertThat(member.getStatus()).isEqualTo(402);
        String value = paywall.alice.pay(member);
        HttpTester.Response paidStranger = paywall.get("/api/a", "Payment-Authorization: " + value);
        assertThat(paidStranger.getStatus()).isEqualTo(401);
        assertThat(paywall.nothingMoved()).isTrue();
        assertThat(paywall.get("/api/a", BEARER, "Payment-Authorization: " + value)
                        .getStatus())
                .isEqualTo(200);
        assertThat(seen).containsExactly("Bearer app-token");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    /** Lets in who brings the application's own token. */
    private static final class Members extends Handler.Wrapper {

        Members(Handler inside) {
            super(inside);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if ("Bearer app-token".equals(request.getHeaders().get("Authorization"))) {
                return super.handle(request, response, callback);
            }
            response.getHeaders().put("WWW-Authenticate", "Bearer");
            Response.writeError(request, response, callback, 401);
            return true;
        }
    }
}
