package org.farthing.conformance.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.farthing.conformance.suite.Exchange;
import org.farthing.conformance.suite.Trace;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** Requests as they are written, answers as they come. */
@Requirement({"F-CO-7"})
class WireTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private final Trace trace = new Trace();

    private static Wire wire(URI origin) throws IOException {
        return new Wire(origin, Duration.ofSeconds(30), Trust.of(null));
    }

    private RawAnswer answer(String canned) throws IOException {
        return answer(canned, "GET");
    }

    private RawAnswer answer(String canned, String method) throws IOException {
        try (CannedServer server = new CannedServer(canned)) {
            return wire(server.origin()).send(trace, "a request", RawRequest.of(method, "/x"));
        }
    }

    @Test
    void send_twoLinesOfOneField_goOutAsWritten() throws Exception {
        try (CannedServer server = new CannedServer(OK)) {
            RawRequest request = RawRequest.of("GET", "/a/../b?q=%zz")
                    .with("Authorization", "Payment one")
                    .with("authorization", "Payment  two")
                    .with("Connection", "close");
            wire(server.origin()).send(trace, "two credentials", request);

            assertThat(server.head())
                    .isEqualTo(
                            "GET /a/../b?q=%zz HTTP/1.1\r\nHost: "
                                    + server.origin().getAuthority()
                                    + "\r\nAuthorization: Payment one\r\nauthorization: Payment  two\r\nConnection: close\r\n\r\n");
        }
    }

    @Test
    void send_body_hasItsLength() throws Exception {
        try (CannedServer server = new CannedServer(OK)) {
            wire(server.origin())
                    .send(trace, "a body", RawRequest.of("POST", "/").withBody("käse"));

            assertThat(server.head()).contains("Content-Length: 5\r\n", "Connection: close\r\n");
        }
    }

    @Test
    void send_answerWithLength_isRead() throws IOException {
        RawAnswer answer =
                answer("HTTP/1.1 402 \r\nWWW-Authenticate: A\r\nwww-authenticate: B\r\nContent-Length: 2\r\n\r\nhi");

        assertThat(answer.status()).isEqualTo(402);
        assertThat(answer.all("WWW-Authenticate")).containsExactly("A", "B");
        assertThat(answer.text()).isEqualTo("hi");
        assertThat(answer.whole()).isTrue();
    }

    @Test
    void send_chunkedAnswer_isPutTogether() throws IOException {
        RawAnswer answer = answer(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=1\r\nhi\r\n1\r\n!\r\n0\r\nPayment-Receipt: r\r\n\r\n");

        assertThat(answer.text()).isEqualTo("hi!");
        assertThat(answer.all("Payment-Receipt")).containsExactly("r");
        assertThat(answer.whole()).isTrue();
    }

    @Test
    void send_answerToTheEndOfTheConnection_isWhole() throws IOException {
        assertThat(answer("HTTP/1.0 200 OK\n\nall of it").text()).isEqualTo("all of it");
    }

    @Test
    void send_interimAnswers_arePassedOver() throws IOException {
        RawAnswer answer = answer("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.has("Link")).isFalse();
    }

    @Test
    void send_answerToHead_hasNoBody() throws IOException {
        RawAnswer answer = answer("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", "HEAD");

        assertThat(answer.whole()).isTrue();
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void send_answerThatBreaksOff_isNotWhole() throws IOException {
        assertThat(answer("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhi").whole())
                .isFalse();
        assertThat(answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
                        .whole())
                .isFalse();
    }

    @Test
    void send_noHttp_isStatusZero() throws IOException {
        assertThat(answer("SSH-2.0-OpenSSH_9.6\r\n\r\n").status()).isZero();
    }

    @Test
    void send_nothingComes_saysWhereAndWhy() throws IOException {
        assertThatThrownBy(() -> answer(""))
                .isInstanceOf(NoAnswer.class)
                .hasMessageContaining("http://127.0.0.1:")
                .hasMessageContaining("closed without an answer")
                .hasMessageContaining("a request");
        assertThat(trace.exchanges())
                .hasSize(1)
                .first()
                .extracting(Exchange::response)
                .isEqualTo("");
    }

    @Test
    void send_silence_endsAfterThePatience() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Wire wire = new Wire(
                    URI.create("http://127.0.0.1:" + silent.getLocalPort()), Duration.ofMillis(50), Trust.of(null));

            assertThatThrownBy(() -> wire.send(trace, "a request", RawRequest.of("GET", "/")))
                    .isInstanceOf(NoAnswer.class)
                    .hasMessageContaining("within 50 ms");
        }
    }

    @Test
    void together_requests_allGetTheirAnswer() throws IOException {
        try (CannedServer server = new CannedServer(OK)) {
            RawRequest request = RawRequest.of("GET", "/");
            List<RawAnswer> answers = wire(server.origin()).together(trace, "at once", List.of(request));

            assertThat(answers).extracting(RawAnswer::text).containsExactly("hi");
        }
    }

    @Test
    @Requirement({"F-CO-8"})
    void evidence_credential_isTakenOutAndStandsAsVariableInCurl() throws IOException {
        try (CannedServer server = new CannedServer("HTTP/1.1 200 OK\r\nPayment-Receipt: c2VjcmV0\r\n\r\n")) {
            RawRequest request = RawRequest.of("POST", "/it's?a=1&b=2")
                    .with("Authorization", "Payment c2VjcmV0LWNyZWRlbnRpYWw")
                    .withBody("{\"a\":\"it's\"}");
            wire(server.origin()).send(trace, "a payment", request);

            Exchange kept = trace.exchanges().get(0);
            assertThat(kept.toString()).doesNotContain("c2VjcmV0");
            assertThat(kept.request()).contains("POST /it's?a=1&b=2 HTTP/1.1", "Authorization: Payment <");
            assertThat(kept.reproduce().orElseThrow())
                    .startsWith("curl -i --http1.1 --path-as-is -X POST -H \"Authorization: Payment $CREDENTIAL\"")
                    .contains("--data-binary '{\"a\":\"it'\\''s\"}'")
                    .endsWith(" '" + server.origin() + "/it'\\''s?a=1&b=2'");
        }
    }

    @Test
    @Requirement({"F-CO-8"})
    void evidence_valueTheKitMadeUp_isShown() throws IOException {
        try (CannedServer server = new CannedServer(OK)) {
            RawRequest request = RawRequest.of("GET", "/").withOpen("Authorization", "Payment !!!");
            wire(server.origin()).send(trace, "no base64url", request);

            Exchange kept = trace.exchanges().get(0);
            assertThat(kept.request()).contains("Authorization: Payment !!!");
            assertThat(kept.reproduce().orElseThrow()).contains("-H 'Authorization: Payment !!!'");
        }
    }

    @Test
    void evidence_controlCharacters_areNotHandedToATerminal() throws IOException {
        answer("HTTP/1.1 200 OK\r\nX: \u001b[31mred\r\nContent-Length: 4\r\n\r\n\u001b[2J");

        assertThat(trace.exchanges().get(0).response()).doesNotContain("\u001b");
    }

    @Test
    void wire_noHttpUrl_isRefused() {
        assertThatThrownBy(() -> wire(URI.create("ftp://a.example/")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ftp://a.example/");
    }
}
