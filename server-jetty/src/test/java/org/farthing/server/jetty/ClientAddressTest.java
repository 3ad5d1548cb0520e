package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose network a request is counted by: the client's own, and never a proxy's. */
@Requirement({"F-SV-64", "S51", "T39"})
class ClientAddressTest {

    private static final String FAR = "c63364";

    private final Server server = new Server();
    private final AtomicReference<@Nullable String> named = new AtomicReference<>("nothing was asked");

    @AfterEach
    void stop() {
        LifeCycle.stop(server);
    }

    @Test
    void ofAnotherMachine_isItsNetwork() throws Exception {
        assertThat(ask(true, false, "")).isEqualTo(FAR);
    }

    @Test
    void ofThisMachine_isNotKnown() throws Exception {
        assertThat(ask(false, false, "X-Forwarded-For: 192.0.2.1\r\n")).isNull();
    }

    @Test
    void ofATlsProxyElsewhere_isNotKnown() throws Exception {
        assertThat(ask(true, true, "X-Forwarded-For: 192.0.2.1\r\n")).isNull();
    }

    @Test
    void withACustomizerOfTheHost_isWhatTheProxySaid() throws Exception {
        customizer = true;
        assertThat(ask(true, true, "X-Forwarded-For: 192.0.2.1\r\n")).isEqualTo("c00002");
    }

    @Test
    void forwardedFieldWithoutACustomizer_countsForNothing() throws Exception {
        assertThat(ask(true, false, "X-Forwarded-For: 192.0.2.1\r\n")).isEqualTo(FAR);
    }

    private boolean customizer;

    private @Nullable String ask(boolean far, boolean tlsProxy, String fields) throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        if (customizer) {
            http.addCustomizer(new ForwardedRequestCustomizer());
        }
        ConnectionFactory factory = new HttpConnectionFactory(http);
        ServerConnector connector = far ? new FarConnector(server, factory) : new ServerConnector(server, factory);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(Paywall.of((request, response, callback) -> {
            named.set(new ClientAddress(tlsProxy).of(request));
            callback.succeeded();
        }));
        server.start();
        send(connector.getLocalPort(), fields);
        return named.get();
    }

    private static void send(int port, String fields) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + fields + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
        }
    }
}
