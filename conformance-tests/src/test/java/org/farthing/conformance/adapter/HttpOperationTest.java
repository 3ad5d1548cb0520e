package org.farthing.conformance.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.conformance.adapter.Asked.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.farthing.conformance.Main;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code http.payment_request} against a payee of a method this project knows nothing of. */
class HttpOperationTest {

    private static final String SECRET = "test-secret";
    private static final String REQUEST = "{'amount':'5','currency':'USD','recipient':'0xabc','n':7}";

    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private String expires = Instant.now().plusSeconds(300).toString();
    private String more = "";
    private int afterPayment = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String credential = exchange.getRequestHeaders().getFirst("Authorization");
        seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + (credential == null ? "-" : "paid") + " " + body);
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/elsewhere")) {
            exchange.getResponseHeaders().set("Location", "http://127.0.0.2:1/paid");
            reply(exchange, 302, "");
        } else if (path.equals("/free")) {
            exchange.getResponseHeaders().add("X-Two", "a");
            exchange.getResponseHeaders().add("X-Two", "b");
            reply(exchange, 200, "frei ü");
        } else if (credential == null || credential.startsWith("Bearer")) {
            exchange.getResponseHeaders().set("WWW-Authenticate", challenge());
            reply(exchange, 402, "pay");
        } else {
            JsonNode verified = verified(credential);
            JsonNode parsed = Asked.value(
                    "credential.parse", Asked.JSON.createObjectNode().put("header", credential));
            exchange.getResponseHeaders()
                    .set("X-Verdict", verified.path("errorType").asText("none"));
            exchange.getResponseHeaders().set("X-Source", String.valueOf(parsed.path("source")));
            boolean proof = parsed.at("/payload/proof").asText().equals("good");
            reply(
                    exchange,
                    verified.path("ok").booleanValue() && proof ? afterPayment : 402,
                    parsed.path("payload").toString());
        }
    }

    private JsonNode verified(String credential) {
        ObjectNode input = (ObjectNode) json("{'secretKey':'" + SECRET
                + "','realm':'r','method':'tempo','intent':'charge'," + "'request':" + REQUEST + "}");
        return Asked.value("server.verify", input.put("credential", credential));
    }

    private String challenge() {
        String slots =
                "'realm':'r','method':'tempo','intent':'charge','request':" + REQUEST + ",'expires':'" + expires + "'";
        String id = Asked.value("challenge.id", json("{'secretKey':'" + SECRET + "'," + slots + "}"))
                .path("id")
                .textValue();
        return Asked.value("challenge.format", json("{'id':'" + id + "'," + slots + "}"))
                        .path("header")
                        .textValue()
                + more;
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private JsonNode input(String path, String rest) {
        return json("{'url':'http://127.0.0.1:" + server.getAddress().getPort() + path + "','method':'GET','headers':"
                + "{'X-Trace':'1','Content-Length':'3'},'body':null,'payment':{'payload':{'proof':'good'},'source':'did:x:y'}"
                + rest + "}");
    }

    @Test
    @Requirement({"C2", "C8", "F-CO-67"})
    void payment_offerOfAnUnknownMethod_isPaidWithThePayloadGiven() {
        JsonNode answer = Asked.value("http.payment_request", input("/paid?a=b", ",'mode':'payment'"));

        assertThat(answer.path("status").intValue()).isEqualTo(200);
        assertThat(answer.path("body").textValue()).isEqualTo("{\"proof\":\"good\"}");
        assertThat(answer.at("/headers/x-verdict").textValue()).isEqualTo("none");
        assertThat(answer.at("/headers/x-source").textValue()).isEqualTo("\"did:x:y\"");
        assertThat(seen).containsExactly("GET /paid?a=b - ", "GET /paid?a=b paid ");
    }

    @Test
    @Requirement({"C3", "F-CO-67"})
    void payment_bodyAndSourceThatIsAnObject_areSentAsGiven() {
        JsonNode input = json(
                "{'url':'http://localhost:" + server.getAddress().getPort() + "/paid','method':'post','headers':{},"
                        + "'body':'text ü','payment':{'payload':{'proof':'good'},'source':{'a':1}},'mode':'payment'}");

        JsonNode answer = Asked.value("http.payment_request", input);

        assertThat(answer.path("status").intValue()).isEqualTo(200);
        assertThat(answer.at("/headers/x-source").textValue()).isEqualTo("{\"a\":1}");
        assertThat(seen).containsExactly("POST /paid - text ü", "POST /paid paid text ü");
    }

    @ParameterizedTest
    @CsvSource({
        "invalid_payload,none,{\"invalid\":\"payload\"}",
        "mismatched_request,invalid_challenge,{\"proof\":\"good\"}",
        "invalid_challenge_id,invalid_challenge,{\"proof\":\"good\"}"
    })
    @Requirement({"S3", "S4", "F-CO-67"})
    void wrongOnPurpose_isSentOnceAndTheAnswerShown(String mode, String verdict, String payload) {
        JsonNode answer = Asked.value("http.payment_request", input("/paid", ",'mode':'" + mode + "'"));

        assertThat(answer.path("status").intValue()).isEqualTo(402);
        assertThat(answer.at("/headers/x-verdict").textValue()).isEqualTo(verdict);
        assertThat(answer.path("body").textValue()).isEqualTo(payload);
        assertThat(seen).hasSize(2);
    }

    @Test
    @Requirement("F-CO-67")
    void plain_isAskedOnceAndNothingPaid() {
        JsonNode answer = Asked.value("http.payment_request", input("/paid", ",'mode':'plain'"));

        assertThat(answer.path("status").intValue()).isEqualTo(402);
        assertThat(answer.at("/headers/www-authenticate").textValue()).startsWith("Payment id=");
        assertThat(answer.path("body").textValue()).isEqualTo("pay");
        assertThat(seen).containsExactly("GET /paid - ");
    }

    @Test
    @Requirement("F-CO-67")
    void payment_nothingAsked_isTheAnswerAsItCame() {
        JsonNode answer = Asked.value("http.payment_request", input("/free", ",'mode':'payment'"));

        assertThat(answer.path("status").intValue()).isEqualTo(200);
        assertThat(answer.at("/headers/x-two").textValue().split(", ")).containsExactlyInAnyOrder("a", "b");
        assertThat(answer.path("body").textValue()).isEqualTo("frei ü");
        assertThat(seen).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2020-01-01T00:00:00Z"})
    @Requirement({"C4", "F-CO-67"})
    void payment_expiredOffer_isNotPaid(String past) {
        expires = past;

        assertThat(Asked.value("http.payment_request", input("/paid", ",'mode':'payment'"))
                        .path("status")
                        .intValue())
                .isEqualTo(402);
        assertThat(seen).hasSize(1);
    }

    @Test
    @Requirement({"F-CL-5", "F-CO-67"})
    void payment_offerOfYears_isPaidWhereNobodySigned() {
        expires = "2099-12-31T23:59:59Z";

        assertThat(Asked.value("http.payment_request", input("/paid", ""))
                        .path("status")
                        .intValue())
                .isEqualTo(200);

        more = ", jws=\"eyJhbGciOiJFZERTQSJ9..AAAA\"";
        assertThat(Asked.value("http.payment_request", input("/paid", ""))
                        .path("status")
                        .intValue())
                .isEqualTo(402);
    }

    @ParameterizedTest
    @ValueSource(ints = {402, 403, 409, 500, 503})
    @Requirement({"C15", "F-CO-67"})
    void payment_refusedAfterwards_isShownAndNotRepeated(int status) {
        afterPayment = status;

        assertThat(Asked.value("http.payment_request", input("/paid", ",'mode':'payment'"))
                        .path("status")
                        .intValue())
                .isEqualTo(status);
        assertThat(seen).hasSize(2);
    }

    @Test
    @Requirement({"T14", "F-CL-26", "F-CO-67"})
    void payment_redirectToAnotherOrigin_isAnErrorInTheContractsWords() {
        JsonNode answer = Asked.ask("http.payment_request", input("/elsewhere", ",'mode':'payment'"));

        assertThat(answer.at("/error/type").textValue()).isEqualTo("http_error");
        assertThat(answer.at("/error/message").textValue())
                .isEqualTo("Refusing to send payment credential across redirect");
        assertThat(Asked.value("http.payment_request", input("/elsewhere", ",'mode':'plain'"))
                        .path("status")
                        .intValue())
                .isEqualTo(302);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'url':'http://127.0.0.1:1/','method':'GET','headers':{},'body':null,'payment':{'payload':{}},'mode':'payment'}",
                "{'url':'nowhere','method':'GET','headers':{},'body':null,'payment':{'payload':{}},'mode':'payment'}",
                "{'url':'http://127.0.0.1:1/','method':'GET','headers':{},'body':null,'payment':{'payload':{}},'mode':'other'}",
                "{'url':'http://127.0.0.1:1/','method':'GET','headers':{},'body':null,'mode':'payment'}",
                "{'url':'http://127.0.0.1:1/','method':'GET','headers':{'Authorization':'Payment abc'},'body':null,"
                        + "'payment':{'payload':{}},'mode':'payment'}",
            })
    @Requirement("F-CO-67")
    void request_thatCannotBeMade_isAnHttpError(String input) {
        assertThat(Asked.failure("http.payment_request", json(input))).isEqualTo("http_error");
    }

    /** In a process of its own, with a folder of its own: what others leave in the machine's is not the adapter's. */
    @Test
    @Requirement("F-CO-67")
    void afterwards_nothingIsLeftOnTheDisk(@TempDir Path folder) throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Path question = Files.writeString(
                folder.resolve("question.json"),
                "{\"schema\":1,\"op\":\"http.payment_request\",\"input\":" + input("/paid", ",'mode':'payment'") + "}");
        Path answer = folder.resolve("answer.json");
        Process adapter = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "adapter")
                .redirectInput(question.toFile())
                .redirectOutput(answer.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();

        assertThat(adapter.waitFor(60, TimeUnit.SECONDS)).isTrue();
        // The answer is the last line: what is on the tests' class path may log before it.
        List<String> lines = Files.readAllLines(answer);
        JsonNode answered = Asked.JSON.readTree(lines.get(lines.size() - 1));
        assertThat(answered.at("/value/status").intValue()).isEqualTo(200);
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }
}
