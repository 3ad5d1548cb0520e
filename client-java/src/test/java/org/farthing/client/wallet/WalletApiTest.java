package org.farthing.client.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.farthing.client.purse.Purse;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.SettableClock;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.wallet.WalletRequest;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalletApiTest {

    private static final CurrencyId MICRO = new CurrencyId("usd.e6");

    @TempDir
    Path temp;

    private final SettableClock clock = new SettableClock();
    private ScriptedServer server;
    private Purse purse;
    private WalletApi api;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        purse = Purse.create(temp.resolve("purse"), new SecureRandom());
        api = new WalletApi(HttpClient.newHttpClient(), purse, clock, true);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private String id() {
        return purse.walletId(server.origin());
    }

    private String wallet(String accounts) {
        return "{\"accounts\":[" + accounts + "],\"created\":\"2026-11-22T09:58:00Z\",\"keys\":[\""
                + purse.publicKey(server.origin()).thumbprint() + "\"],\"status\":\"ACTIVE\",\"wallet\":\"" + id()
                + "\"}";
    }

    /** Checks the request as a ledger would. */
    private void assertSigned(Received request) throws Exception {
        String token = request.header("Authorization").orElseThrow().substring("Bearer ".length());
        WalletRequest claimed = WalletRequest.parse(token);
        assertThat(claimed.issuer()).isEqualTo(id());
        RequestTarget target =
                RequestTarget.ofUri(request.method(), URI.create(server.origin().text() + request.target()));
        claimed.verify(
                purse.publicKey(server.origin()),
                server.origin(),
                target,
                request.text().getBytes(UTF_8),
                clock.instant());
    }

    @Test
    @Requirement({"F-WA-20", "F-WA-21", "F-WR-8"})
    void register_newWallet_showsItsKeyAndIsRemembered() throws Exception {
        server.script(request -> Reply.of(201).body(wallet("")));
        Wallet wallet = api.register(server.origin());
        assertThat(wallet)
                .isEqualTo(new Wallet(
                        id(),
                        "ACTIVE",
                        java.util.List.of(),
                        java.util.List.of(),
                        java.util.List.of(purse.publicKey(server.origin()).thumbprint()),
                        null));
        Received request = server.received().get(0);
        assertSigned(request);
        assertThat(request.method() + " " + request.target()).isEqualTo("POST /v1/wallets");
        assertThat(request.text())
                .matches("\\{\"jwk\":\\{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"[A-Za-z0-9_-]{43}\"}}");
        assertThat(purse.wallets()).containsExactly(new Purse.KnownWallet(server.origin(), id()));
    }

    @Test
    @Requirement("F-WR-8")
    void wallet_twice_usesANewTokenEachTime() throws Exception {
        server.script(
                request -> Reply.ok(wallet("{\"available\":\"1000000\",\"currency\":\"usd.e6\",\"held\":\"2500\"}")));
        assertThat(api.wallet(server.origin()).accounts())
                .containsExactly(new Account(MICRO, Amount.of(1_000_000), Amount.of(2500)));
        api.wallet(server.origin());
        assertThat(server.received())
                .extracting(request -> request.header("Authorization").orElseThrow())
                .doesNotHaveDuplicates();
        assertThat(server.received().get(0).target()).isEqualTo("/v1/wallets/" + id());
    }

    @Test
    @Requirement("F-WA-24")
    void statement_page_isReadWithItsCursor() throws Exception {
        server.script(request ->
                Reply.ok("{\"next\":\"18 41\",\"transfers\":[{\"amount\":\"2500\",\"at\":\"2026-11-22T10:01:07Z\","
                        + "\"challengeId\":\"Gtls\",\"currency\":\"usd.e6\",\"from\":\"held\",\"id\":\"1902\",\"kind\":\"capture\","
                        + "\"recipient\":\"https://api.example.com\",\"to\":\"payee\"}],\"wallet\":\"" + id() + "\"}"));
        StatementPage page = api.statement(server.origin(), 100, null);
        assertThat(page.next()).isEqualTo("18 41");
        assertThat(page.transfers())
                .containsExactly(new Transfer(
                        "1902",
                        Instant.parse("2026-11-22T10:01:07Z"),
                        "capture",
                        Amount.of(2500),
                        MICRO,
                        "held",
                        "payee",
                        "Gtls",
                        "https://api.example.com",
                        null));
        api.statement(server.origin(), 1, page.next());
        assertThat(server.received().get(1).target()).endsWith("/statement?limit=1&cursor=18+41");
        assertSigned(server.received().get(1));
    }

    @Test
    @Requirement({"F-WA-25", "F-WA-26", "F-WA-12"})
    void topUp_asAdministrator_sendsTheSecretAndKeepsItNowhere() throws Exception {
        server.script(request -> Reply.of(201)
                .body("{\"account\":{\"available\":\"1000000\",\"currency\":\"usd.e6\",\"held\":\"0\"},\"wallet\":\""
                        + id() + "\"}"));
        String secret = "administrator-secret-of-32-bytes!";
        Account account = api.topUp(server.origin(), MICRO, Amount.of(1_000_000), "bank-7", secret);
        assertThat(account.available()).isEqualTo(Amount.of(1_000_000));
        Received request = server.received().get(0);
        assertThat(request.header("Authorization")).contains("Bearer " + secret);
        assertThat(request.text())
                .isEqualTo("{\"amount\":\"1000000\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"bank-7\"}");
        try (var files = java.nio.file.Files.walk(temp)) {
            for (Path file : files.filter(java.nio.file.Files::isRegularFile).toList()) {
                assertThat(java.nio.file.Files.readString(file)).doesNotContain(secret);
            }
        }
    }

    @Test
    void wallet_ledgerSaysNo_isRefusedWithItsProblem() {
        server.script(request -> Reply.problem(Problem.of(ProblemType.UNAUTHENTICATED, "Who are you?")));
        assertThatThrownBy(() -> api.wallet(server.origin()))
                .isInstanceOfSatisfying(WalletRefusedException.class, no -> {
                    assertThat(no.status()).isEqualTo(401);
                    assertThat(no.problem().orElseThrow().type()).isEqualTo(ProblemType.UNAUTHENTICATED);
                    assertThat(no).hasMessageContaining("Who are you?");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"accounts\":[],\"status\":\"ACTIVE\",\"wallet\":\"w_other\"}",
                "{\"accounts\":[],\"status\":\"RICH\",\"wallet\":\"ID\"}",
                "{\"accounts\":[{\"available\":1,\"currency\":\"usd.e6\",\"held\":\"0\"}],\"status\":\"ACTIVE\",\"wallet\":\"ID\"}",
                "{\"accounts\":[{\"available\":\"-1\",\"currency\":\"usd.e6\",\"held\":\"0\"}],\"status\":\"ACTIVE\",\"wallet\":\"ID\"}",
                "{\"accounts\":[],\"accounts\":[],\"status\":\"ACTIVE\",\"wallet\":\"ID\"}"
            })
    void wallet_answerThatIsNone_isRefused(String body) {
        server.script(request -> Reply.ok(body.replace("ID", id())));
        assertThatThrownBy(() -> api.wallet(server.origin())).hasMessageContaining("not readable");
    }

    @Test
    @Requirement({"T13", "C13"})
    void wallet_plainHttp_onlyOnLoopbackAndOnlyWithTheSwitch() {
        WalletApi strict = new WalletApi(HttpClient.newHttpClient(), purse, clock, false);
        assertThatThrownBy(() -> strict.wallet(server.origin())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> api.wallet(new Origin("http://api.example.com")))
                .isInstanceOf(IllegalArgumentException.class);
        HttpClient following = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();
        assertThatThrownBy(() -> new WalletApi(following, purse, clock, true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(server.received()).isEmpty();
    }
}
