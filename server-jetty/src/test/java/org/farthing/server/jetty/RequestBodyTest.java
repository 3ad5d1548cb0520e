package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.io.Content;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of paid requests (spec/binding.md, F-BI-40 to F-BI-46; protocol section 1.3). */
class RequestBodyTest {

    private static final String BODY = "{\"hello\": \"world\"}";
    private static final String DIGEST = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private final CompletableFuture<String> received = new CompletableFuture<>();

    @BeforeEach
    void start() {
        paywall = Paywall.start(folder);
        paywall.app(Paywall.of((request, response, callback) -> {
            received.complete(Content.Source.asString(request, StandardCharsets.UTF_8));
            response.write(true, null, callback);
        }));
    }

    @AfterEach
    void stop() {
        paywall.close();
    }

    @Test
    @Requirement({"S18", "S24", "T6", "F-BI-40", "F-BI-41", "F-BI-43", "F-BI-44", "F-SV-24", "F-SV-8"})
    void bodyWithoutContentDigest_isBoundVerifiedAndHandedOn() {
        Challenge challenge = Payer.challengeOf(paywall.send("POST", "/docs/a", BODY));
        assertThat(challenge.digest()).isEqualTo(DIGEST);
        assertThat(received).isNotDone();
        HttpTester.Response answer = paywall.send("POST", "/docs/a", BODY, authorization(challenge));
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(received.join()).isEqualTo(BODY);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"S24", "T6", "F-BI-44", "F-SV-8"})
    void bodySwappedAfterThePayment_invalidChallengeAndNothingCharged() throws Exception {
        Challenge challenge = Payer.challengeOf(paywall.send("POST", "/docs/a", BODY));
        refusesBody(paywall.send("POST", "/docs/a", "{\"hello\": \"w0rld\"}", authorization(challenge)));
        refusesBody(paywall.send("POST", "/docs/a", null, authorization(challenge)));
        refusesBody(paywall.send("POST", "/docs/a", "", authorization(challenge)));
        refusesBody(paywall.send("POST", "/docs/a", "other", authorization(challenge), "Content-Digest: " + DIGEST));
    }

    @Test
    @Requirement({"T6", "F-BI-41"})
    void bodyAddedToAChallengeWithoutDigest_invalidChallenge() throws Exception {
        Challenge challenge = Payer.challengeOf(paywall.send("POST", "/docs/a", null));
        assertThat(challenge.digest()).isNull();
        refusesBody(paywall.send("POST", "/docs/a", BODY, authorization(challenge)));
        refusesBody(paywall.raw("GET /docs/a HTTP/1.1\nHost: api.example.com\nTransfer-Encoding: chunked\n"
                + authorization(Payer.challengeOf(paywall.get("/docs/a"))) + "\n\n1\nx\n0\n\n"));
    }

    @Test
    @Requirement({"F-BI-42", "F-SV-24"})
    void contentDigest_isTakenWithoutReadingTheBody() {
        HttpTester.Response demand = paywall.raw("POST /docs/a HTTP/1.1\nHost: api.example.com\nContent-Length: 18\n"
                + "Expect: 100-continue\nContent-Digest: " + DIGEST + "\n\n");
        assertThat(demand.getStatus()).isEqualTo(402);
        Challenge challenge = Payer.challengeOf(demand);
        assertThat(challenge.digest()).isEqualTo(DIGEST);
        HttpTester.Response answer =
                paywall.send("POST", "/docs/a", BODY, authorization(challenge), "Content-Digest: " + DIGEST);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(received.join()).isEqualTo(BODY);
    }

    @Test
    @Requirement({"F-SV-98", "F-SV-34", "F-BI-43"})
    void expectContinue_unpaidUploadIsAskedForOnlyToBindIt() throws Exception {
        String upload =
                "POST /docs/a HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 18\r\nExpect: 100-continue\r\n";
        try (var client = paywall.connect()) {
            client.addInput(upload + "Content-Digest: " + DIGEST + "\r\n\r\n");
            client.waitUntilClosed();
            assertThat(client.takeOutputString()).startsWith("HTTP/1.1 402").doesNotContain("100 Continue");
        }
        try (var client = paywall.connect()) {
            client.addInput(upload + "\r\n");
            StringBuilder read = new StringBuilder();
            Paywall.awaitTrue(() -> read.append(client.takeOutputString()).indexOf("HTTP/1.1 100") >= 0, () -> read);
            assertThat(read.toString()).doesNotContain("402");
            client.addInput(BODY);
            Paywall.awaitTrue(() -> read.append(client.takeOutputString()).indexOf("HTTP/1.1 402") >= 0, () -> read);
        }
    }

    @Test
    @Requirement({"S24", "F-BI-42", "F-BI-44"})
    void contentDigestThatWasALie_invalidChallengeOnThePaidRequest() throws Exception {
        String other =
                ContentDigest.of("other".getBytes(StandardCharsets.UTF_8)).format();
        Challenge challenge = Payer.challengeOf(paywall.send("POST", "/docs/a", BODY, "Content-Digest: " + other));
        assertThat(challenge.digest()).isEqualTo(other);
        refusesBody(paywall.send("POST", "/docs/a", BODY, authorization(challenge), "Content-Digest: " + other));
    }

    @Test
    @Requirement("F-BI-42")
    void contentDigestThatCannotBeRead_badRequest() throws Exception {
        HttpTester.Response answer = paywall.send("POST", "/docs/a", BODY, "Content-Digest: sha-256=nonsense");
        problem(answer, 400, ProblemType.BAD_REQUEST);
        HttpTester.Response weak = paywall.send("POST", "/docs/a", BODY, "Content-Digest: md5=:AAAA:");
        assertThat(Payer.challengeOf(weak).digest()).isEqualTo(DIGEST);
    }

    @Test
    @Requirement({"F-BI-43", "F-SV-34", "F-SV-1"})
    void unpaidBodyOverTheLimit_413WithoutDraining() throws Exception {
        HttpTester.Response known =
                paywall.raw("POST /docs/a HTTP/1.1\nHost: api.example.com\nContent-Length: 65537\n\nonly a part of it");
        Problem problem = problem(known, 413, ProblemType.BODY_TOO_LARGE);
        assertThat(problem.text("limit")).contains("65536");
        assertThat(known.get("Connection")).isEqualTo("close");
        HttpTester.Response chunked = paywall.raw("POST /docs/a HTTP/1.1\nHost: api.example.com\n"
                + "Transfer-Encoding: chunked\n\n10001\n" + "x".repeat(0x10001) + "\n");
        assertThat(problem(chunked, 413, ProblemType.BODY_TOO_LARGE).detail()).contains("Content-Digest");
        assertThat(chunked.get("Connection")).isEqualTo("close");
    }

    @Test
    @Requirement("F-BI-43")
    void unpaidBodyOfExactlyTheLimit_isBound() {
        Challenge challenge = Payer.challengeOf(paywall.send("POST", "/docs/a", "x".repeat(65_536)));
        assertThat(challenge.digest()).isNotNull();
        String body = "x".repeat(65_536);
        assertThat(paywall.send("POST", "/docs/a", body, authorization(challenge))
                        .getStatus())
                .isEqualTo(200);
        assertThat(received.join()).hasSize(65_536);
    }

    @Test
    @Requirement({"F-BI-44", "F-SV-34"})
    void paidBodyOverTheLimit_413AndNotCharged() throws Exception {
        Challenge challenge = Payer.challengeOf(paywall.send("POST", "/docs/a", BODY));
        HttpTester.Response answer = paywall.raw("POST /docs/a HTTP/1.1\nHost: api.example.com\n"
                + authorization(challenge) + "\nTransfer-Encoding: chunked\n\n10001\n" + "x".repeat(0x10001) + "\n");
        problem(answer, 413, ProblemType.BODY_TOO_LARGE);
        assertThat(answer.get("Payment-Outcome")).isEqualTo("refused;id=\"" + challenge.id() + "\"");
    }

    @Test
    @Requirement("F-BI-46")
    void bodyThatArrivesInPieces_isBoundAsAWhole() {
        Challenge challenge = Payer.challengeOf(paywall.send("POST", "/docs/a", BODY));
        HttpTester.Response answer = paywall.raw("POST /docs/a HTTP/1.1\nHost: api.example.com\n"
                + authorization(challenge) + "\nTransfer-Encoding: chunked\n\n8\n{\"hello\"\nA\n: \"world\"}\n0\n\n");
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(received.join()).isEqualTo(BODY);
    }

    @Test
    @Requirement("T40")
    void implausibleCredential_bodyIsNotReadBeyondTheDigest() {
        HttpTester.Response answer = paywall.raw("POST /docs/a HTTP/1.1\nHost: api.example.com\nContent-Length: 18\n"
                + "Authorization: Payment e30\nContent-Digest: " + DIGEST + "\n\n");
        assertThat(answer.getStatus()).isEqualTo(402);
        assertThat(Payer.challengeOf(answer).digest()).isEqualTo(DIGEST);
    }

    @Test
    void emptyBodyWithItsDigest_isPaidAndServed() {
        String digest = "Content-Digest: " + ContentDigest.of(new byte[0]).format();
        Challenge challenge = Payer.challengeOf(paywall.send("POST", "/docs/a", "", digest));
        assertThat(challenge.digest()).isNotNull();
        HttpTester.Response answer = paywall.send("POST", "/docs/a", "", digest, authorization(challenge));
        assertThat(answer.getStatus()).isEqualTo(200);
    }

    private String authorization(Challenge challenge) {
        return "Authorization: " + paywall.alice.pay(challenge);
    }

    private void refusesBody(HttpTester.Response answer) throws Exception {
        Problem problem = problem(answer, 402, ProblemType.INVALID_CHALLENGE);
        assertThat(problem.text("reason")).contains("body");
        assertThat(answer.get("Payment-Outcome")).startsWith("refused;");
    }

    private Problem problem(HttpTester.Response answer, int status, @Nullable ProblemType type) throws Exception {
        assertThat(answer.getStatus()).isEqualTo(status);
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(type);
        assertThat(received).isNotDone();
        assertThat(paywall.executions).hasValue(0);
        assertThat(paywall.nothingMoved()).isTrue();
        return problem;
    }
}
