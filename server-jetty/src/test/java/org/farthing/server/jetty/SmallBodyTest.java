package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Requirement({"T23"})
class SmallBodyTest {

    private final Server server = new Server();
    private final LocalConnector connector = new LocalConnector(server);

    @BeforeEach
    void start() throws Exception {
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                SmallBody.read(request, 8).whenComplete((bytes, failure) -> {
                    if (failure == null) {
                        Content.Sink.write(
                                response, true, "read " + new String(bytes, StandardCharsets.UTF_8), callback);
                    } else {
                        response.setStatus(failure instanceof HttpException http ? http.getCode() : 500);
                        callback.succeeded();
                    }
                });
                return true;
            }
        });
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void read_bodyOfTheLimit_isWhole() throws Exception {
        assertThat(connector.getResponse("""
                POST / HTTP/1.1\r
                Host: local\r
                Content-Length: 8\r
                Connection: close\r
                \r
                12345678""")).startsWith("HTTP/1.1 200").endsWith("read 12345678");
    }

    @Test
    void read_noBody_isEmpty() throws Exception {
        assertThat(connector.getResponse("GET / HTTP/1.1\r\nHost: local\r\nConnection: close\r\n\r\n"))
                .endsWith("read ");
    }

    @Test
    void read_declaredLengthBeyondTheLimit_is413WithoutTheBody() throws Exception {
        assertThat(connector.getResponse("""
                POST / HTTP/1.1\r
                Host: local\r
                Content-Length: 9\r
                Connection: close\r
                \r
                123456789""")).startsWith("HTTP/1.1 413");
    }

    @Test
    void read_chunksBeyondTheLimit_is413() throws Exception {
        assertThat(connector.getResponse("""
                POST / HTTP/1.1\r
                Host: local\r
                Transfer-Encoding: chunked\r
                Connection: close\r
                \r
                5\r
                12345\r
                4\r
                6789\r
                0\r
                \r
                """)).startsWith("HTTP/1.1 413");
    }

    @Test
    void read_bodyInTwoWrites_waitsWithoutBlocking() throws Exception {
        try (LocalConnector.LocalEndPoint wire = connector.connect()) {
            wire.addInputAndExecute("POST / HTTP/1.1\r\nHost: local\r\nContent-Length: 4\r\n\r\nab");
            wire.addInputAndExecute("cd");

            assertThat(wire.getResponse()).startsWith("HTTP/1.1 200").endsWith("read abcd");
        }
    }
}
