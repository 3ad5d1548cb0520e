package org.farthing.client.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpProxy;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.farthing.client.DeclineReason;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.ReceiptStatus;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.testing.PatientKeys;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.SettableClock;
import org.farthing.client.testing.TestPayee;
import org.farthing.client.testing.TestTls;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jetty's client pays over verified TLS, and otherwise on loopback only where its owner said so. */
@Timeout(120)
class TlsJettyPayerTest {

    @TempDir
    Path temp;

    private final SettableClock clock = new SettableClock();
    private final SslContextFactory.Client tls = new SslContextFactory.Client();
    private final HttpClient http = new HttpClient();
    private SSLContext trusted;
    private ScriptedServer shop;
    private Purse purse;

    @BeforeEach
    void start() throws Exception {
        trusted = TestTls.create(temp);
        shop = ScriptedServer.start(trusted.getServerSocketFactory(), "https://localhost:");
        purse = Purse.create(temp.resolve("purse"), new SecureRandom());
        http.setSslContextFactory(tls);
    }

    @AfterEach
    void stop() throws Exception {
        http.stop();
        shop.close();
    }

    private JettyPayer payer() throws Exception {
        http.start();
        SpendingPolicy policy = SpendingPolicy.builder()
                .allowAnyOrigin()
                .perRequest("0.01usd")
                .total("1usd")
                .build();
        // No timer, no executor of its own: key documents are asked for with the TLS settings of the Jetty client.
        return JettyPayer.install(
                http,
                PayingClient.builder(purse, policy)
                        .clock(clock)
                        .keyFetcher(PatientKeys.at(clock))
                        .executor(Runnable::run));
    }

    private PaymentOutcome get(ScriptedServer server, int status) throws Exception {
        JettyPayer payer = payer();
        Request request = http.newRequest(server.origin().text() + "/page");
        assertThat(request.send().getStatus()).isEqualTo(status);
        return payer.outcome(request).get(60, TimeUnit.SECONDS);
    }

    private static DeclineReason declined(PaymentOutcome outcome) {
        assertThat(outcome).isInstanceOf(Declined.class);
        return ((Declined) outcome).why();
    }

    @Test
    @Requirement({"F-CL-2", "C13", "F-BI-35"})
    void send_overTls_pays() throws Exception {
        tls.setSslContext(trusted);
        TestPayee payee = new TestPayee(shop.origin(), clock);
        shop.script(payee.honest(purse.publicKey(shop.origin())));
        assertThat(get(shop, 200))
                .isInstanceOfSatisfying(
                        Served.class,
                        served -> assertThat(served.receiptStatus()).isEqualTo(ReceiptStatus.VALID));
        assertThat(payee.takable()).isEqualTo(2500);
    }

    @Test
    @Requirement({"F-CL-2", "T13"})
    void send_certificateThatIsNotTrusted_failsBeforeAnything() throws Exception {
        JettyPayer payer = payer();
        Request request = http.newRequest(shop.origin().text() + "/page");
        assertThatThrownBy(request::send)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(SSLHandshakeException.class);
        assertThat(payer.journal().entries()).isEmpty();
    }

    @Test
    @Requirement({"F-CL-2", "T13", "C13"})
    void send_clientThatTrustsAnybody_paysNothing() throws Exception {
        tls.setTrustAll(true);
        TestPayee payee = new TestPayee(shop.origin(), clock);
        shop.script(payee.honest(purse.publicKey(shop.origin())));
        assertThat(declined(get(shop, 402))).isEqualTo(DeclineReason.NOT_SECURE);
    }

    @Test
    @Requirement({"F-CL-2", "T13", "C13"})
    void send_clientThatLooksAtNoHostName_paysNothing() throws Exception {
        tls.setSslContext(trusted);
        tls.setEndpointIdentificationAlgorithm(null);
        TestPayee payee = new TestPayee(shop.origin(), clock);
        shop.script(payee.honest(purse.publicKey(shop.origin())));
        assertThat(declined(get(shop, 402))).isEqualTo(DeclineReason.NOT_SECURE);
    }

    @Test
    @Requirement({"F-CL-2", "C13", "F-BI-34"})
    void send_plainHttpWithoutTheProfile_paysNothing() throws Exception {
        try (ScriptedServer plain = ScriptedServer.start()) {
            TestPayee payee = new TestPayee(plain.origin(), clock);
            plain.script(payee.honest(purse.publicKey(plain.origin())));
            assertThat(declined(get(plain, 402))).isEqualTo(DeclineReason.NOT_SECURE);
        }
    }

    @Test
    @Requirement({"F-CL-2", "C13", "F-BI-34"})
    void send_plainHttpThroughAProxy_paysNothingInTheProfileEither() throws Exception {
        try (ScriptedServer plain = ScriptedServer.start()) {
            // The server plays the proxy: it gets the whole URL where a server gets a path.
            String url = "http://127.0.0.1:9/page";
            TestPayee payee = new TestPayee(new Origin("http://127.0.0.1:9"), clock);
            plain.script(request -> TestPayee.demand(
                    payee.signed(payee.offer(RequestTarget.ofUri(request.method(), URI.create(request.target()))))));
            URI uri = URI.create(plain.origin().text());
            HttpProxy proxy = new HttpProxy(uri.getHost(), uri.getPort());
            proxy.getExcludedAddresses().clear();
            http.getProxyConfiguration().addProxy(proxy);
            http.start();
            SpendingPolicy policy = SpendingPolicy.builder()
                    .allowAnyOrigin()
                    .perRequest("0.01usd")
                    .total("1usd")
                    .build();
            JettyPayer payer = JettyPayer.install(
                    http,
                    PayingClient.builder(purse, policy)
                            .clock(clock)
                            .keyFetcher(PatientKeys.at(clock))
                            .loopbackProfile());
            Request request = http.newRequest(url);
            assertThat(request.send().getStatus()).isEqualTo(402);
            assertThat(declined(payer.outcome(request).get(60, TimeUnit.SECONDS)))
                    .isEqualTo(DeclineReason.NOT_SECURE);
            assertThat(plain.received()).extracting(Received::target).containsExactly(url);
        }
    }
}
