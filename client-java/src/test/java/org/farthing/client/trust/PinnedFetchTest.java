package org.farthing.client.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.TestTls;
import org.farthing.protocol.binding.Origin;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Requirement({"F-KY-50", "F-KY-51", "T21"})
class PinnedFetchTest {

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    @TempDir
    Path temp;

    private SSLContext tls;
    private ScriptedServer server;
    private PinnedFetch fetch;

    @BeforeEach
    void start() throws Exception {
        tls = TestTls.create(temp);
        server = ScriptedServer.start(tls.getServerSocketFactory(), "https://localhost:");
        fetch = new PinnedFetch(tls, Duration.ofSeconds(60));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private byte[] get(Origin origin) throws Exception {
        return fetch.get(origin, HERE, "/.well-known/payment-keys", "application/jwk-set+json", 100);
    }

    @Test
    void get_fromTheAddressGiven_isTheBody() throws Exception {
        server.script(request -> Reply.ok("x".repeat(100)));
        assertThat(get(server.origin())).hasSize(100);
        Received request = server.keyRequests().get(0);
        assertThat(request.header("Host")).contains(server.origin().realm());
        assertThat(request.header("Accept")).contains("application/jwk-set+json");
    }

    @Test
    void get_nameThatTheCertificateDoesNotHave_isRefused() {
        server.script(request -> Reply.ok("keys"));
        Origin other = new Origin(server.origin().text().replace("localhost", "shop.example"));
        assertThatThrownBy(() -> get(other)).isInstanceOf(SSLException.class);
        assertThat(server.keyRequests()).isEmpty();
    }

    @Test
    void get_anythingBut200_isRefused() {
        server.script(request -> Reply.of(302).header("Location", "https://localhost/"));
        assertThatThrownBy(() -> get(server.origin())).hasMessageContaining("302");
        server.script(request -> Reply.drop());
        assertThatThrownBy(() -> get(server.origin())).isInstanceOf(java.io.IOException.class);
    }

    @Test
    void get_tooLongOrOtherwiseCoded_isRefused() {
        server.script(request -> Reply.ok("x".repeat(101)));
        assertThatThrownBy(() -> get(server.origin())).hasMessageContaining("longer than 100");
        server.script(request -> Reply.ok("x").header("Transfer-Encoding", "chunked"));
        assertThatThrownBy(() -> get(server.origin())).hasMessageContaining("transfer coding");
        server.script(request -> Reply.ok("x").header("X-Long", "x".repeat(17_000)));
        assertThatThrownBy(() -> get(server.origin())).hasMessageContaining("no HTTP");
    }

    @Test
    @Timeout(60)
    void get_serverThatSaysNothing_isGivenUpInTime() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        server.script(request -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Reply.drop();
        });
        fetch = new PinnedFetch(tls, Duration.ofMillis(500));
        assertThatThrownBy(() -> get(server.origin())).isInstanceOf(java.io.IOException.class);
        never.countDown();
    }
}
