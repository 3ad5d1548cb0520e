package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.util.Promise;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests whose frame is broken or ambiguous, as bytes on the wire: what two readers on the way would understand differently
 * is refused before a good credential in it counts, and one credential opens one request (T49, T50).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RawRequestTest {

    private static final String HOST = "Host: api.example.com\n";

    private Paywall paywall = unset();
    private int executed;
    private long spent;

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // set before all tests
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    void start(@TempDir Path folder) {
        paywall = Paywall.start(folder);
        paywall.app(Paywall.of((request, response, callback) -> Content.Source.asString(
                request,
                StandardCharsets.UTF_8,
                Promise.from(
                        body -> response.write(
                                true, ByteBuffer.wrap(("served " + body).getBytes(StandardCharsets.UTF_8)), callback),
                        callback::failed))));
    }

    @BeforeEach
    void look() {
        executed = paywall.executions.get();
        spent = paywall.spent(paywall.alice);
    }

    @AfterAll
    void stop() {
        try {
            assertThat(paywall.balanced()).isTrue();
        } finally {
            paywall.close();
        }
    }

    /** So many more were executed and paid for in this test. */
    private void happened(int times) {
        assertThat(paywall.executions).hasValue(executed + times);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(spent + times * Paywall.PRICE);
    }

    // ---- the length of the body ----------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\nContent-Length: 5",
                "Content-Length: 5\nContent-Length: 6",
                "Content-Length: 5, 6",
                "Content-Length: +5",
                "Content-Length: -5",
                "Content-Length: 0x5",
                "Content-Length: 5 5",
                "Content-Length: 5;",
                "Content-Length: five",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: gzip",
                "Content-Length : 5",
                "Transfer-Encoding : chunked"
            })
    @Requirement({"T49", "F-SV-1"})
    void lengthThatTwoWouldReadDifferently_isRefusedAndThePaymentDoesNotCount(String lines) {
        String value = paywall.alice.pay(paywall.send("POST", "/docs/a", "hello"));
        List<HttpTester.Response> answers =
                exchange("POST /docs/a HTTP/1.1\n" + HOST + "Authorization: " + value + "\n" + lines + "\n\nhello");
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).getStatus()).isBetween(400, 501).isNotEqualTo(402);
        refusedByHttp(answers.get(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "g\nhello\n0\n\n",
                "-5\nhello\n0\n\n",
                "fffffffffffffffff\nhello\n0\n\n",
                "5\nhelloworld\n0\n\n",
            })
    @Requirement({"T49", "F-BI-46"})
    void chunksThatAreNone_areRefusedAndThePaymentDoesNotCount(String chunks) {
        String value = paywall.alice.pay(paywall.send("POST", "/docs/a", "hello"));
        List<HttpTester.Response> answers = exchange("POST /docs/a HTTP/1.1\n" + HOST + "Authorization: " + value
                + "\nTransfer-Encoding: chunked\n\n" + chunks);
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).getStatus()).isEqualTo(400);
        refusedByHttp(answers.get(0));
    }

    private void refusedByHttp(HttpTester.Response answer) {
        assertThat(answer.getContent() == null ? "" : answer.getContent()).doesNotContain("served");
        assertThat(answer.get("Payment-Receipt")).isNull();
        happened(0);
    }

    // ---- several requests on one connection ----------------------------------------------------------------------

    @Test
    @Requirement({"T49", "S44"})
    void credential_ofOneRequest_countsForNoOtherOnItsConnection() {
        String value = paywall.alice.pay(paywall.get("/docs/a"));
        List<HttpTester.Response> answers =
                exchange("GET /docs/a HTTP/1.1\n" + HOST + "\nGET /docs/a HTTP/1.1\n" + HOST + "Authorization: " + value
                        + "\n\nGET /docs/a HTTP/1.1\n" + HOST + "\nGET /docs/b HTTP/1.1\n" + HOST + "\n");
        assertThat(answers).extracting(HttpTester.Response::getStatus).containsExactly(402, 200, 402, 402);
        happened(1);
    }

    @Test
    @Requirement({"T49", "F-BI-46"})
    void requestInABody_isABody() {
        String inner = "GET /docs/a HTTP/1.1\n" + HOST + "\n";
        int length = inner.length() + 3;
        String post = "POST /docs/a HTTP/1.1\n" + HOST + "Content-Length: " + length + "\n";
        List<HttpTester.Response> demands = exchange(post + "\n" + inner);
        assertThat(demands).extracting(HttpTester.Response::getStatus).containsExactly(402);
        String value = paywall.alice.pay(demands.get(0));
        List<HttpTester.Response> answers = exchange(post + "Authorization: " + value + "\n\n" + inner);
        assertThat(answers).extracting(HttpTester.Response::getStatus).containsExactly(200);
        assertThat(answers.get(0).getContent()).isEqualTo("served " + inner.replace("\n", "\r\n"));
        happened(1);
    }

    /** What was not read of an unpaid upload is not taken for the next request. */
    @Test
    @Requirement("T49")
    void restOfAnUnpaidUpload_isNoRequest() {
        String inner = "GET /docs/b HTTP/1.1\r\nHost: api.example.com\r\n\r\n";
        List<HttpTester.Response> answers = exchange("POST /docs/a HTTP/1.1\n" + HOST
                + "Authorization: Payment x\nContent-Length: 2000000\n\n" + inner.replace("\r", ""));
        assertThat(answers).hasSize(1);
        refusedByHttp(answers.get(0));
    }

    // ---- where a credential does not belong ----------------------------------------------------------------------

    @Test
    @Requirement({"T49", "T50", "F-CR-2"})
    void credentialInATrailer_isNotRead() throws Exception {
        String value = paywall.alice.pay(paywall.send("POST", "/docs/a", "hello"));
        List<HttpTester.Response> answers = exchange("POST /docs/a HTTP/1.1\n" + HOST
                + "Transfer-Encoding: chunked\nTrailer: Authorization\n\n5\nhello\n0\nAuthorization: " + value
                + "\n\n");
        assertThat(answers).hasSize(1);
        assertThat(problem(answers.get(0))).isEqualTo(ProblemType.PAYMENT_REQUIRED);
        happened(0);
    }

    @Test
    @Requirement({"T49", "F-CR-2", "F-BI-46"})
    void trailersBehindAPaidBody_changeNothing() throws Exception {
        HttpTester.Response demand = paywall.send("POST", "/docs/a", "hello");
        String value = paywall.alice.pay(demand);
        List<HttpTester.Response> answers = exchange(
                "POST /docs/a HTTP/1.1\n" + HOST + "Authorization: " + value
                        + "\nTransfer-Encoding: chunked\n\n5;x=y\nhello\n0\nAuthorization: Payment other\nContent-Length: 1\n\n");
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).getStatus()).isEqualTo(200);
        assertThat(answers.get(0).getContent()).isEqualTo("served hello");
        happened(1);
    }

    // ---- whom the request is for ---------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /docs/a HTTP/1.1\nAUTH\n\n",
                "GET /docs/a HTTP/1.1\nHost: api.example.com\nHost: api.example.com\nAUTH\n\n",
                "GET /docs/a HTTP/1.1\nHost: api.example.com\nHost: evil.example\nAUTH\n\n",
                "GET /docs/a HTTP/1.1\nHost: api.example.com, evil.example\nAUTH\n\n",
                "GET /docs/a HTTP/1.1\nHost: evil.example\nAUTH\n\n",
                "GET /docs/a HTTP/1.1\nHost: api.example.com.evil.example\nAUTH\n\n",
                "GET /docs/a HTTP/1.1\nHost: api.example.com@evil.example\nAUTH\n\n",
                "GET /docs/a HTTP/1.1\nHost:\nAUTH\n\n",
                "GET /docs/a HTTP/1.0\nAUTH\n\n",
                "GET https://evil.example/docs/a HTTP/1.1\nHost: api.example.com\nAUTH\n\n",
                "GET http://api.example.com/docs/a HTTP/1.1\nHost: evil.example\nAUTH\n\n",
                "GET //evil.example/docs/a HTTP/1.1\nHost: api.example.com\nAUTH\n\n",
                "GET docs/a HTTP/1.1\nHost: api.example.com\nAUTH\n\n",
                "GET * HTTP/1.1\nHost: api.example.com\nAUTH\n\n",
                "GET /docs/a\nHost: api.example.com\nAUTH\n\n",
                "GET /docs/a HTTP/0.9\nHost: api.example.com\nAUTH\n\n",
                "GET /docs/a HTTP/1.2\nHost: api.example.com\nAUTH\n\n",
                "GET /docs/a HTTP/1.1 x\nHost: api.example.com\nAUTH\n\n",
                "GET /docs /a HTTP/1.1\nHost: api.example.com\nAUTH\n\n",
                "GET\t/docs/a HTTP/1.1\nHost: api.example.com\nAUTH\n\n",
                "GE T /docs/a HTTP/1.1\nHost: api.example.com\nAUTH\n\n",
                "CONNECT api.example.com:443 HTTP/1.1\nHost: api.example.com\nAUTH\n\n",
                "PRI * HTTP/2.0\n\nSM\n\n"
            })
    @Requirement({"T5", "T7", "T49", "T65", "F-BI-31"})
    void requestForNobodyKnown_opensNothing(String request) {
        String value = paywall.alice.pay(paywall.get("/docs/a"));
        for (HttpTester.Response answer : exchange(request.replace("AUTH", "Authorization: " + value))) {
            assertThat(answer.getStatus() == 200
                            && String.valueOf(answer.getContent()).startsWith("served"))
                    .isFalse();
            assertThat(answer.get("Payment-Receipt")).isNull();
        }
        happened(0);
        assertThat(paywall.get("/docs/a", "Authorization: " + value).getStatus())
                .isEqualTo(200);
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private static ProblemType problem(HttpTester.Response answer) throws Exception {
        return Problem.parse(answer.getContentBytes()).type();
    }

    /** Sends bytes, lines separated by LF, ends the sending side, and reads every answer that comes. */
    private List<HttpTester.Response> exchange(String bytes) {
        LocalConnector.LocalEndPoint connection = paywall.connect();
        connection.addInputAndExecute(
                ByteBuffer.wrap(bytes.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
        connection.addInputEOF();
        List<HttpTester.Response> answers = new ArrayList<>();
        try {
            connection.waitUntilClosedOrIdleFor(30, TimeUnit.SECONDS);
            ByteBuffer output = connection.takeOutput();
            while (output != null && output.hasRemaining()) {
                HttpTester.Response answer = HttpTester.parseResponse(HttpTester.from(output));
                if (answer == null) {
                    break;
                }
                answers.add(answer);
            }
        } catch (Exception e) {
            throw new AssertionError("no answer", e);
        }
        return answers;
    }
}
