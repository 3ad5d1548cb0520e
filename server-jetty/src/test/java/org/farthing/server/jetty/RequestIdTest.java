package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jetty.http.HttpTester;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-PR-4", "T34"})
class RequestIdTest {

    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final Server server = new Server();
    private final LocalConnector connector = new LocalConnector(server);

    @BeforeEach
    void start() throws Exception {
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                String first = RequestId.of(request);
                Content.Sink.write(
                        response, true, first + " " + RequestId.of(request).equals(first), callback);
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
    void of_wellFormedField_isTaken() throws Exception {
        assertThat(idFor("X-Request-Id: Order_7.a-1")).isEqualTo("Order_7.a-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Request-Id: a b", "X-Request-Id: ä", "X-Request-Id: <i>", "X-Request-Id:", "Other: x"})
    void of_otherField_isARandomUuid(String field) throws Exception {
        assertThat(idFor(field)).matches(UUID);
    }

    @Test
    void of_overlongField_isARandomUuid() throws Exception {
        assertThat(idFor("X-Request-Id: " + "a".repeat(64))).hasSize(64);
        assertThat(idFor("X-Request-Id: " + "a".repeat(65))).matches(UUID);
    }

    @Test
    void of_twoFields_isARandomUuid() throws Exception {
        assertThat(idFor("X-Request-Id: a\r\nX-Request-Id: b")).matches(UUID);
    }

    @Test
    void of_traceParent_isItsTraceId() throws Exception {
        assertThat(idFor("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
                .isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    @Test
    void of_traceParentOfZeros_isARandomUuid() throws Exception {
        assertThat(idFor("traceparent: 00-" + "0".repeat(32) + "-00f067aa0ba902b7-01"))
                .matches(UUID);
    }

    private String idFor(String fields) throws Exception {
        String[] answer = HttpTester.parseResponse(connector.getResponse(
                        "GET / HTTP/1.1\r\nHost: local\r\n" + fields + "\r\nConnection: close\r\n\r\n"))
                .getContent()
                .split(" ", -1);
        assertThat(answer[1]).isEqualTo("true");
        return answer[0];
    }
}
