package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.gate.Admission;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.method.WalletOrderMethod;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.PriceList;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is unsafe does not start, and says so in a sentence (F-SV-50; T13, T32). */
@Requirement({"F-SV-50", "S39", "T13", "T32"})
class StartUpTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ED25519, null, RANDOM);

    @TempDir
    private Path folder = Path.of("");

    private Ledger ledger;
    private final Server server = new Server();

    @BeforeEach
    void open() {
        ledger = SqliteLedger.open(
                folder.resolve("ledger.db"),
                LedgerOptions.builder(task -> new Thread(task).start()).build());
    }

    @AfterEach
    void close() {
        LifeCycle.stop(server);
        ledger.close();
    }

    @Test
    void complete_starts() throws Exception {
        PaymentHandler handler = configured(h -> {});
        connector("127.0.0.1");
        server.start();
        assertThat(handler.isStarted()).isTrue();
    }

    @Test
    void noSigningKey_isRefused() {
        PaymentHandler handler = new PaymentHandler(Paywall.text("x"));
        handler.addOrigin(new Origin("https://api.example.com"));
        handler.setLedger(ledger);
        handler.setSecrets(secrets());
        refused(handler, "Set the signing key");
    }

    @Test
    void noSecrets_areRefused() {
        PaymentHandler handler = new PaymentHandler(Paywall.text("x"));
        handler.addOrigin(new Origin("https://api.example.com"));
        handler.setLedger(ledger);
        handler.setSigningKey(KEY);
        refused(handler, "Set the secrets");
    }

    @Test
    void noLedger_isRefused() {
        PaymentHandler handler = new PaymentHandler(Paywall.text("x"));
        handler.addOrigin(new Origin("https://api.example.com"));
        handler.setSigningKey(KEY);
        handler.setSecrets(secrets());
        refused(handler, "Set the ledger");
    }

    @Test
    @Requirement("S10")
    void noMethod_isRefused() {
        PaymentHandler handler = new PaymentHandler(Paywall.text("x"));
        handler.addOrigin(new Origin("https://api.example.com"));
        handler.setSigningKey(KEY);
        handler.setSecrets(secrets());
        handler.setLedger(ledger);
        server.setHandler(handler);
        assertThatIllegalArgumentException().isThrownBy(server::start).withMessageContaining("payment method");
    }

    @Test
    @Requirement({"F-WS-67", "F-SV-50", "T61"})
    void walletServicesThatCannotBeTrusted_areRefused() {
        refused(selling(AcceptedServices.none().with("http://127.0.0.1:9402")), "plain http");
        refused(selling(AcceptedServices.none().with("https://api.example.com")), "own origin");
        refused(
                selling(AcceptedServices.none().with("https://wallet.example").withExposure("0.001usd")),
                "above what a wallet service is trusted with, 0.001 USD");
        PaymentHandler twice =
                selling(AcceptedServices.none().with("https://wallet.example").with("https://wallet.example"));
        server.setHandler(twice);
        assertThatIllegalArgumentException().isThrownBy(server::start).withMessageContaining("configured twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AcceptedServices.none().with("wallet.example"))
                .withMessageContaining("https://wallet.example");
        assertThatThrownBy(() -> PaymentHandler.builder("https://api.example.com")
                        .onlyWalletServices()
                        .build(Paywall.text("x")))
                .hasMessageContaining("none is named");
    }

    private PaymentHandler selling(AcceptedServices services) {
        PaymentHandler handler = PaymentHandler.builder("https://api.example.com")
                .keys(KEY)
                .secrets(secrets())
                .ledger(ledger)
                .price("/docs/*", "0.002usd")
                .build(Paywall.text("x"));
        handler.setWalletServices(services);
        return handler;
    }

    @Test
    @Requirement("F-BI-31")
    void noOrigin_isRefused() {
        PaymentHandler handler = new PaymentHandler(Paywall.text("x"));
        handler.setSigningKey(KEY);
        refused(handler, "public origin");
    }

    @Test
    @Requirement({"F-KY-20", "F-KY-21", "T75"})
    void keyWithRolesOfBothSides_isRefused() {
        refused(
                configured(h -> h.setSigningKey(
                        KEY.withRoles(Set.of(Role.CHALLENGE, Role.RECEIPT, Role.RELEASE, Role.RECEIPT_TOKEN)))),
                "receipt-token");
        refused(configured(h -> h.setSigningKey(KEY.withRoles(Set.of(Role.CHALLENGE)))), "roles");
    }

    @Test
    @Requirement("F-KY-42")
    void publishedKey_isRefused() throws Exception {
        SigningKey published = SigningKey.fromJwk("{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                + "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");
        refused(configured(h -> h.setSigningKey(published)), "published");
    }

    @Test
    @Requirement("F-BI-33")
    void plainHttpOrigin_needsTheLoopbackProfile() throws Exception {
        PaymentHandler handler = new PaymentHandler(Paywall.text("x"));
        handler.addOrigin(new Origin("http://127.0.0.1:8402"));
        handler.setSigningKey(KEY);
        refused(handler, "loopback profile");
        configured(h -> {
            h.addOrigin(new Origin("http://127.0.0.1:8402"));
            h.setLoopbackProfile(true);
        });
        connector("127.0.0.1");
        server.start();
        assertThat(server.isStarted()).isTrue();
    }

    @Test
    @Requirement("F-BI-33")
    void plainHttpOriginElsewhere_isRefusedEvenInTheProfile() {
        refused(
                configured(h -> {
                    h.addOrigin(new Origin("http://localhost:8402"));
                    h.setLoopbackProfile(true);
                }),
                "plain http");
    }

    @Test
    @Requirement({"S39", "F-SV-40"})
    void plainConnectorOnAllAddresses_isRefused() {
        PaymentHandler handler = configured(h -> {});
        connector(null);
        refused(handler, "plain http");
    }

    @Test
    void plainConnectorOnAllAddresses_behindATlsProxyElsewhere_starts() throws Exception {
        configured(h -> h.setTlsProxy(true));
        connector(null);
        server.start();
        assertThat(server.isStarted()).isTrue();
    }

    @Test
    void plainConnectorBesideATlsConnector_starts() throws Exception {
        configured(h -> {});
        connector(null);
        server.addConnector(new ServerConnector(
                server,
                new SslConnectionFactory(new SslContextFactory.Server(), "http/1.1"),
                new HttpConnectionFactory()));
        server.start();
        assertThat(server.isStarted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.1", "TLSv1"})
    @Requirement({"S39", "F-SV-40", "T13"})
    void connectorWithOldTls_isRefused(String protocol) {
        PaymentHandler handler = configured(h -> {});
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setIncludeProtocols("TLSv1.3", protocol);
        server.addConnector(
                new ServerConnector(server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory()));
        refused(handler, protocol + ", which does not keep credentials secret: include TLSv1.2 and TLSv1.3 only.");
    }

    @Test
    @Requirement({"S39", "F-SV-40"})
    void connectorThatIncludesModernTls_starts() throws Exception {
        configured(h -> {});
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        server.addConnector(
                new ServerConnector(server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory()));
        server.start();
        assertThat(server.isStarted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"AMBIGUOUS_PATH_SEPARATOR", "AMBIGUOUS_PATH_ENCODING", "SUSPICIOUS_PATH_CHARACTERS", "USER_INFO"
            })
    @Requirement({"T7", "F-SV-99"})
    void connectorThatTakesAmbiguousPaths_isRefused(String violation) {
        PaymentHandler handler = configured(h -> {});
        connector("127.0.0.1").setUriCompliance(UriCompliance.from(Set.of(UriCompliance.Violation.valueOf(violation))));
        refused(handler, "HttpConfiguration.uriCompliance of a connector allows");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"TRANSFER_ENCODING_WITH_CONTENT_LENGTH", "MULTIPLE_CONTENT_LENGTHS", "MULTILINE_FIELD_VALUE"})
    @Requirement({"T49", "F-SV-99"})
    void connectorThatTakesSmuggledMessages_isRefused(String violation) {
        PaymentHandler handler = configured(h -> {});
        connector("127.0.0.1")
                .setHttpCompliance(HttpCompliance.RFC9110.with("lenient", HttpCompliance.Violation.valueOf(violation)));
        refused(handler, "HttpConfiguration.httpCompliance of a connector allows");
    }

    @Test
    @Requirement({"T7", "T49", "F-SV-99"})
    void connectorThatIsStricter_starts() throws Exception {
        configured(h -> {});
        HttpConfiguration http = connector("127.0.0.1");
        http.setHttpCompliance(HttpCompliance.STRICT);
        http.setUriCompliance(UriCompliance.from(Set.of()));
        server.start();
        assertThat(server.isStarted()).isTrue();
    }

    @Test
    void loopbackProfileOnAllAddresses_isRefused() {
        PaymentHandler handler = configured(h -> {
            h.addOrigin(new Origin("http://127.0.0.1:8402"));
            h.setLoopbackProfile(true);
            h.setTlsProxy(true);
        });
        connector(null);
        refused(handler, "127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "api.example.com", "https://api.example.com/path", "https://a|b", "ftp://x"})
    @Requirement({"T33", "F-CH-45", "F-BI-31"})
    void builder_textThatIsNoOrigin_isRefused(String origin) {
        assertThatIllegalArgumentException().isThrownBy(() -> PaymentHandler.builder(origin));
    }

    @Test
    void setters_afterTheStart_throw() throws Exception {
        PaymentHandler handler = configured(h -> {});
        connector("127.0.0.1");
        server.start();
        for (Runnable setter : new Runnable[] {
            () -> handler.addOrigin(new Origin("https://b.example")),
            () -> handler.addMethod(new WalletOrderMethod(ledger)),
            () -> handler.setPrices(PriceList.builder().build()),
            () -> handler.setLedger(ledger),
            () -> handler.setSigningKey(KEY),
            () -> handler.setSecrets(secrets()),
            () -> handler.setWalletUrl(null),
            () -> handler.setCredentialField(CredentialField.AUTHORIZATION),
            () -> handler.setChallengeLifetime(Duration.ofMinutes(1)),
            () -> handler.setEvents(event -> {}),
            () -> handler.setClock(InstantSource.system()),
            () -> handler.setLoopbackProfile(true),
            () -> handler.setTlsProxy(true),
            () -> handler.setRequestBodyLimit(1),
            () -> handler.setPassOptions(true),
            () -> handler.setAdmission(Admission.ALL),
            () -> handler.setClientName(request -> null),
            () -> handler.setDemands(1, 1),
            () -> handler.setPreparedChallenges(1)
        }) {
            assertThatIllegalStateException().isThrownBy(setter::run);
        }
    }

    @Test
    @Requirement("F-CH-42")
    void challengeLifetimeOutOfRange_isRefused() {
        PaymentHandler handler = configured(h -> h.setChallengeLifetime(Duration.ofMinutes(11)));
        server.setHandler(handler);
        assertThatIllegalArgumentException().isThrownBy(server::start).withMessageContaining("10 minutes");
        assertThatIllegalArgumentException().isThrownBy(() -> handler.setRequestBodyLimit(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> handler.setDemands(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> handler.setDemands(1, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> handler.setPreparedChallenges(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PaymentLimits.builder().challenges(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PaymentLimits.builder().failures(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PaymentLimits.builder().payments(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PaymentLimits.builder().remembered(0));
        assertThatIllegalArgumentException().isThrownBy(() -> ClientName.forwardedFor(" "));
    }

    @Test
    @Requirement("F-SV-63")
    void invocationType_isThatOfTheHandlerBehind() {
        PaymentHandler handler = configured(h -> {});
        assertThat(handler.getInvocationType()).isEqualTo(InvocationType.NON_BLOCKING);
        handler.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                return false;
            }
        });
        assertThat(handler.getInvocationType()).isEqualTo(InvocationType.BLOCKING);
    }

    private PaymentHandler configured(Consumer<PaymentHandler> settings) {
        PaymentHandler handler = new PaymentHandler(Paywall.text("x"));
        handler.addOrigin(new Origin("https://api.example.com"));
        handler.setSigningKey(KEY);
        handler.setSecrets(secrets());
        handler.setLedger(ledger);
        handler.addMethod(new WalletOrderMethod(ledger));
        settings.accept(handler);
        server.setHandler(handler);
        return handler;
    }

    private HttpConfiguration connector(@Nullable String host) {
        HttpConfiguration http = new HttpConfiguration();
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost(host);
        server.addConnector(connector);
        return http;
    }

    private void refused(PaymentHandler handler, String words) {
        server.setHandler(handler);
        assertThatIllegalStateException().isThrownBy(server::start).withMessageContaining(words);
        assertThat(handler.isStarted()).isFalse();
    }

    private static SecretRing secrets() {
        return SecretRing.builder().current(RANDOM.generateSeed(32)).build();
    }
}
