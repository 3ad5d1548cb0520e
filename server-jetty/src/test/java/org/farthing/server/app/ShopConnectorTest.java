package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.farthing.protocol.binding.Origin;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the commands' connector says on every answer (spec/server.md, "Transport"). */
class ShopConnectorTest {

    private final Server server = new Server();

    @AfterEach
    void stop() {
        LifeCycle.stop(server);
    }

    @Test
    @Requirement({"F-SV-41", "T13"})
    void httpsOrigin_tellsBrowsersToComeOverTlsAgain() throws Exception {
        assertThat(answer(Optional.of(new Origin("https://api.example.com"))))
                .contains("Strict-Transport-Security: max-age=31536000");
    }

    @Test
    @Requirement("F-SV-41")
    void loopbackOrigin_saysNothingAboutTls() throws Exception {
        assertThat(answer(Optional.empty())).doesNotContain("Strict-Transport-Security");
    }

    private String answer(Optional<Origin> origin) throws Exception {
        ServerConnector connector = ShopConnector.listen(server, new Listening("127.0.0.1", 0, origin, false));
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                callback.succeeded();
                return true;
            }
        });
        server.start();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
