package org.farthing.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that two servers in a row could split in two ways, on real connections: each is refused and its connection ends, so
 * that nothing behind it, paid or not, is taken for a request (T49; specification: server.md, F-SV-46).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmugglingTest {

    private TlsShop shop = unset();
    private Shopper alice = unset();
    private String host = "";

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        shop = new TlsShop(folder);
        shop.start(shop.own());
        alice = new Shopper(shop.own());
        shop.open(alice.key());
        host = "localhost:" + shop.port();
    }

    @AfterAll
    void stop() {
        shop.close();
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // set before each test
    private static <T> T unset() {
        return null;
    }

    /** What stands between the request line with its host and the hidden request behind. */
    static Stream<Arguments> ambiguous() {
        return Stream.of(
                        "Content-Length: 4\nTransfer-Encoding: chunked\n\n0\n\n",
                        "Transfer-Encoding: chunked\nContent-Length: 4\n\n0\n\n",
                        "Content-Length: 0\nTransfer-Encoding: chunked\n\n0\n\n",
                        "Content-Length: 4\nTransfer-Encoding: identity\n\n0\n\n",
                        "Transfer-Encoding: chunked\nTransfer-Encoding: identity\n\n0\n\n",
                        "Transfer-Encoding: chunked, identity\n\n0\n\n",
                        "Transfer-Encoding: xchunked\n\n0\n\n",
                        "Transfer-Encoding : chunked\n\n0\n\n",
                        "Transfer-Encoding:\n chunked\n\n0\n\n",
                        "X: y\n Transfer-Encoding: chunked\n\n0\n\n",
                        " X: y\n\n",
                        "Content-Length: 0\nContent-Length: 5\n\n",
                        "Content-Length: 0, 5\n\n",
                        "Content-Length: +0\n\n",
                        "Content-Length: -1\n\n",
                        "Content-Length: 0x0\n\n",
                        "Content-Length: 0 0\n\n",
                        "Content-Length: 99999999999999999999\n\n",
                        "Content-Length : 0\n\n",
                        "Content-Length\n\n",
                        "Host: other.example\n\n",
                        "X\u0000: y\n\n",
                        "X: a\u0000b\n\n",
                        "Transfer-Encoding: chunked\n\n-1\n\n",
                        "Transfer-Encoding: chunked\n\n0x0\n\n",
                        "Transfer-Encoding: chunked\n\n1\nxx0\n\n",
                        "Transfer-Encoding: chunked\n\nffffffffffffffff1\n\n")
                .map(head -> Arguments.of(head.replace("\n", "\\n").replace("\u0000", "\\0"), head));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ambiguous")
    @Requirement({"T49", "F-SV-46"})
    void ambiguousRequest_hidingAPaidOne_nothingIsServed(String name, String head) throws Exception {
        String credential = alice.pay(alice.get("/docs/hidden"));
        int executions = shop.executions.get();
        long money = shop.left(alice.key());
        String answers = send("POST /docs/front HTTP/1.1\nHost: " + host + "\n"
                + head
                + "GET /docs/hidden HTTP/1.1\nHost: " + host + "\nAuthorization: " + credential + "\n\n");
        assertThat(answers).as(name).doesNotContain("paid ").containsOnlyOnce("HTTP/1.1 ");
        assertThat(answers).as(name).matches("(?s)HTTP/1.1 (400|402|413|501) .*");
        assertThat(shop.executions).hasValue(executions);
        assertThat(shop.left(alice.key())).isEqualTo(money);
    }

    /** The same bytes without the trick: the second request is one, which shows that the test can see it. */
    @Test
    @Requirement({"T49"})
    void plainRequests_oneBehindTheOther_areBothAnswered() throws Exception {
        String credential = alice.pay(alice.get("/docs/second"));
        String answers = send("POST /docs/front HTTP/1.1\nHost: " + host + "\nContent-Length: 0\n\n"
                + "GET /docs/second HTTP/1.1\nHost: " + host + "\nAuthorization: " + credential
                + "\nConnection: close\n\n");
        assertThat(answers)
                .startsWith("HTTP/1.1 402 ")
                .contains("HTTP/1.1 200 ")
                .contains("paid ");
    }

    /** What is left of an unread upload is not the next request. */
    @Test
    @Requirement({"T49", "F-SV-34"})
    void unreadUpload_hidingAPaidRequest_endsTheConnection() throws Exception {
        String credential = alice.pay(alice.get("/docs/hidden"));
        int executions = shop.executions.get();
        String hidden = "GET /docs/hidden HTTP/1.1\nHost: " + host + "\nAuthorization: " + credential + "\n\n";
        String answers = send("POST /docs/upload HTTP/1.1\nHost: " + host + "\nContent-Length: 1000000\n\n" + hidden);
        assertThat(answers).startsWith("HTTP/1.1 413 ").containsOnlyOnce("HTTP/1.1 ");
        assertThat(answers).containsIgnoringCase("connection: close");
        assertThat(shop.executions).hasValue(executions);
    }

    @Test
    @Requirement({"T49", "F-CR-2", "F-SV-46"})
    void chunkedTrailers_withACredential_areNoCredential() throws Exception {
        String credential = alice.pay(alice.get("/docs/trailer"));
        int executions = shop.executions.get();
        String answers = send("GET /docs/trailer HTTP/1.1\nHost: " + host
                + "\nTransfer-Encoding: chunked\nTrailer: Authorization\nConnection: close\n\n0\nAuthorization: "
                + credential + "\n\n");
        assertThat(answers).startsWith("HTTP/1.1 402 ").doesNotContain("paid ");
        assertThat(shop.executions).hasValue(executions);
    }

    /** Sends text, lines separated by LF here and CRLF on the wire, and reads until the server closes or has no more to say. */
    private String send(String text) throws Exception {
        var factory = TestCertificate.shared().client().getSocketFactory();
        try (SSLSocket socket = (SSLSocket) factory.createSocket("localhost", shop.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return read(socket);
        }
    }

    private static String read(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
