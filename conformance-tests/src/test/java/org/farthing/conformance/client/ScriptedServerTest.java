package org.farthing.conformance.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ServerSocketFactory;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with CRLF
class ScriptedServerTest {

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    /** Sends bytes to a server that answers one thing, and returns what came back. */
    private String exchange(Reply reply, String request) throws IOException {
        ScriptedServer.Service service = arrived -> {
            received.add(arrived);
            return reply;
        };
        try (ScriptedServer server = ScriptedServer.start(ServerSocketFactory.getDefault(), "127.0.0.1", 0, service);
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(),
                        URI.create(server.origin()).getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    @Requirement("F-CO-32")
    void answer_withLines_goesOutAsWritten() throws IOException {
        Reply reply = Reply.status(402)
                .with("WWW-Authenticate", "Payment id=\"a\"")
                .with("www-authenticate", "Basic realm=\"b\"")
                .text("pay\n");

        assertThat(exchange(reply, "GET / HTTP/1.1\r\n\r\n"))
                .isEqualTo("HTTP/1.1 402 Payment Required\r\nWWW-Authenticate: Payment id=\"a\"\r\n"
                        + "www-authenticate: Basic realm=\"b\"\r\nContent-Type: text/plain; charset=utf-8\r\n"
                        + "Content-Length: 4\r\nConnection: close\r\n\r\npay\n");
    }

    @Test
    @Requirement("F-CO-32")
    void answer_toHead_hasNoBody() throws IOException {
        assertThat(exchange(Reply.status(200).text("content"), "HEAD / HTTP/1.1\r\n\r\n"))
                .contains("Content-Length: 7")
                .endsWith("\r\n\r\n");
    }

    @Test
    @Requirement("F-CO-32")
    void answer_cut_promisesMoreThanItHas() throws IOException {
        assertThat(exchange(Reply.status(200).text("content").cutAfter(3), "GET / HTTP/1.1\r\n\r\n"))
                .contains("Content-Length: 7")
                .endsWith("\r\n\r\ncon");
    }

    @Test
    @Requirement("F-CO-32")
    void answer_hangUpOrBytes_isNothingElse() throws IOException {
        assertThat(exchange(Reply.hangUp(), "GET / HTTP/1.1\r\n\r\n")).isEmpty();
        assertThat(exchange(Reply.bytes(new byte[] {'h', 'i'}), "GET / HTTP/1.1\r\n\r\n"))
                .isEqualTo("hi");
    }

    @Test
    @Requirement("F-CO-31")
    void request_chunkedAndWaitingForLeave_isReadWhole() throws Exception {
        String answer = exchange(
                Reply.status(200),
                "POST /x?y HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200");
        Received request = received.take();
        assertThat(new String(request.body(), StandardCharsets.UTF_8)).isEqualTo("abcde");
        assertThat(request.path()).isEqualTo("/x");
        assertThat(request.url()).endsWith("/x?y");
    }

    @Test
    @Requirement("F-CO-31")
    void request_linesWithCredentials_areFoundUnderAnyName() throws Exception {
        var unused = exchange(
                Reply.status(200),
                "GET / HTTP/1.1\r\nauthorization: PAYMENT abc\r\nX-Wallet: Payment  def\r\n"
                        + "Accept-Payment: payment/charge\r\nAuthorization: Basic Zm9v\r\n\r\n");

        Received request = received.take();
        assertThat(request.credentialLines()).extracting(Field::name).isEqualTo(List.of("authorization", "X-Wallet"));
        assertThat(request.values("AUTHORIZATION")).containsExactly("PAYMENT abc", "Basic Zm9v");
    }
}
