package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The public origin is configured and never taken from a request (protocol section 1.5a; F-BI-31 to F-BI-35; T5, T13). */
class PublicOriginTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;

    @BeforeEach
    void start() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                handler -> handler.addOrigin(new Origin("https://other.example:8443")));
    }

    @AfterEach
    void stop() {
        paywall.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "api.example.com.evil.example",
                "api.example.com:8443",
                "127.0.0.1",
                "other.example",
                "other.example:443",
                "xn--pi-sna.example.com"
            })
    @Requirement({"T5", "F-BI-32", "F-SV-2", "F-PR-50"})
    void authorityThatIsNotConfigured_421WithoutChallenge(String host) throws Exception {
        HttpTester.Response answer = paywall.raw("GET /docs/a HTTP/1.1\nHost: " + host + "\n\n");
        assertThat(answer.getStatus()).isEqualTo(421);
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        assertThat(Problem.parse(answer.getContentBytes()).type()).isEqualTo(ProblemType.MISDIRECTED_REQUEST);
        assertThat(answer.getContent()).doesNotContain(host + "/");
    }

    @Test
    @Requirement({"F-BI-32", "F-OU-1"})
    void credentialForAnotherAuthority_421AndRefused() {
        String value = paywall.alice.pay(paywall.get("/docs/a"));
        HttpTester.Response answer =
                paywall.raw("GET /docs/a HTTP/1.1\nHost: evil.example\nAuthorization: " + value + "\n\n");
        assertThat(answer.getStatus()).isEqualTo(421);
        assertThat(answer.get("Payment-Outcome")).startsWith("refused;");
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"F-BI-31", "F-BI-32", "T5"})
    void eachConfiguredOrigin_isItsOwnPayee() throws Exception {
        HttpTester.Response other = paywall.raw("GET /docs/a HTTP/1.1\nHost: OTHER.example:8443\n\n");
        assertThat(Payer.challengeOf(other).realm()).isEqualTo("other.example:8443");
        assertThat(Payer.challengeOf(other).paymentRequest().recipient()).isEqualTo("https://other.example:8443");
        String value = paywall.alice.pay(other);
        assertThat(paywall.get("/docs/a", "Authorization: " + value).getStatus())
                .isEqualTo(402);
        HttpTester.Response paid =
                paywall.raw("GET /docs/a HTTP/1.1\nHost: other.example:8443\nAuthorization: " + value + "\n\n");
        assertThat(paid.getStatus()).isEqualTo(200);
        HttpTester.Response absolute =
                paywall.raw("GET http://api.example.com/docs/a HTTP/1.1\nHost: api.example.com\n\n");
        assertThat(absolute.getStatus()).isEqualTo(402);
        HttpTester.Response port = paywall.raw("GET /docs/a HTTP/1.1\nHost: api.example.com:443\n\n");
        assertThat(port.getStatus()).isEqualTo(402);
    }

    @Test
    @Requirement({"F-BI-32", "T13"})
    void forwardedFields_changeNothing() {
        HttpTester.Response answer = paywall.get(
                "/docs/a",
                "Forwarded: host=evil.example;proto=https",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Proto: http");
        assertThat(Payer.challengeOf(answer).realm()).isEqualTo("api.example.com");
    }

    @Test
    void hostWithoutPort_onFreePath_isServed() {
        assertThat(paywall.raw("GET /open HTTP/1.1\nHost: anything.example\n\n").getStatus())
                .isEqualTo(200);
    }

    // ---- transport -----------------------------------------------------------------------------------------------

    @Test
    @Requirement({"S39", "T13", "F-SV-40", "F-BI-35"})
    void plainHttpFromElsewhere_421AndTheCredentialIsNotClaimed() throws Exception {
        String value = paywall.alice.pay(paywall.get("/docs/a"));
        // A peer that is not on this machine, as a customizer would make believe the other way round.
        try (Remote remote = new Remote(paywall)) {
            HttpTester.Response unpaid = remote.get("/docs/a");
            assertThat(unpaid.getStatus()).isEqualTo(421);
            assertThat(unpaid.get("WWW-Authenticate")).isNull();
            HttpTester.Response paid = remote.get("/docs/a", "Authorization: " + value);
            assertThat(paid.getStatus()).isEqualTo(421);
            assertThat(paid.get("Payment-Outcome")).startsWith("refused;");
        }
        assertThat(paywall.executions).hasValue(0);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    /** A second connector whose connections claim to come from another machine. */
    private static final class Remote implements AutoCloseable {

        private final ServerConnector connector;

        Remote(Paywall paywall) throws Exception {
            HttpConfiguration http = new HttpConfiguration();
            http.addCustomizer(new ForwardedRequestCustomizer());
            connector = new FarConnector(paywall.server(), new HttpConnectionFactory(http));
            connector.setHost("127.0.0.1");
            paywall.server().addConnector(connector);
            connector.start();
        }

        HttpTester.Response get(String path, String... headers) throws Exception {
            StringBuilder text = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: api.example.com\r\n");
            text.append("X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n");
            for (String header : headers) {
                text.append(header).append("\r\n");
            }
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
                socket.getOutputStream().write(text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
                return HttpTester.parseResponse(HttpTester.from(socket.getInputStream()));
            }
        }

        @Override
        public void close() {
            LifeCycle.stop(connector);
        }
    }
}
