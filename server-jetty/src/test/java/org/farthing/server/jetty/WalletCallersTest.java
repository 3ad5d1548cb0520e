package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.jetty.WalletClient.ORIGIN;
import static org.farthing.server.jetty.WalletClient.head;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.Wallet;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may call a wallet's routes: its owner, for one request, just now; and all others get one and the same answer. */
@Requirement({"F-WR-4", "F-WR-6"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WalletCallersTest {

    private final TestClock clock = new TestClock();
    private final ExecutorService completions = Executors.newFixedThreadPool(2);
    private final WalletClient alice = new WalletClient(clock);
    private final WalletClient bob = new WalletClient(clock);
    private final WalletClient stranger = new WalletClient(clock);
    private final WalletClient strangerWithEs256 = new WalletClient(clock, Algorithm.ES256);
    private final String route = "/v1/wallets/" + alice.id();

    private Ledger ledger = Unreachable.ledger();
    private Answers server = Answers.none();

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        ledger = SqliteLedger.open(
                temp.resolve("ledger.db"),
                LedgerOptions.builder(completions).clock(clock).build());
        server = new Answers(WalletHandler.builder(ORIGIN, ledger).clock(clock).build());
        alice.register(server);
        bob.register(server);
    }

    @AfterAll
    void stop() {
        server.close();
        ledger.close();
        completions.shutdown();
    }

    @Test
    void owner_withAFreshRequest_isLetIn() throws Exception {
        assertThat(alice.get(server, route).getStatus()).isEqualTo(200);
        assertThat(alice.get(server, route + "/statement?limit=5").getStatus()).isEqualTo(200);
    }

    Stream<Map.Entry<String, String>> impostors() {
        Instant now = clock.instant();
        Origin other = new Origin("https://other.example");
        Map<String, String> all = new LinkedHashMap<>();
        all.put("no token", "");
        all.put("another scheme", "Basic YWxpY2U6eA==");
        all.put("no JWS", "Bearer abc");
        all.put("three empty parts", "Bearer ..");
        all.put("another wallet's owner", "Bearer " + bob.token("GET", route, ""));
        all.put("another wallet's owner with our name", bearer(bob, alice.id(), ORIGIN, "GET", route, "", now));
        all.put("our key for another wallet", bearer(alice, bob.id(), ORIGIN, "GET", route, "", now));
        all.put("our key for a payee", bearer(alice, "https://api.example.com", ORIGIN, "GET", route, "", now));
        all.put("another service", bearer(alice, alice.id(), other, "GET", route, "", now));
        all.put("another method", bearer(alice, alice.id(), ORIGIN, "POST", route, "", now));
        all.put("another path", bearer(alice, alice.id(), ORIGIN, "GET", route + "/statement", "", now));
        all.put("another query", bearer(alice, alice.id(), ORIGIN, "GET", route + "?limit=1", "", now));
        all.put("another body", bearer(alice, alice.id(), ORIGIN, "GET", route, "{}", now));
        all.put("expired", bearer(alice, alice.id(), ORIGIN, "GET", route, "", now.minusSeconds(90)));
        all.put("from the future", bearer(alice, alice.id(), ORIGIN, "GET", route, "", now.plusSeconds(31)));
        String good = alice.token("GET", route, "");
        all.put("no algorithm", "Bearer " + withHeader(good, "EdDSA", "none"));
        all.put("a symmetric algorithm", "Bearer " + withHeader(good, "EdDSA", "HS256"));
        all.put("another algorithm", "Bearer " + withHeader(good, "EdDSA", "ES256"));
        all.put("another type", "Bearer " + withHeader(good, "wallet-request+jwt", "receipt-token+jwt"));
        all.put("another signature", "Bearer " + withAnotherSignature(good));
        return all.entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("impostors")
    @Requirement({"F-WR-3", "F-WR-7", "T17", "T18", "T31", "T53"})
    void impostor_always_getsTheOneAnswer(Map.Entry<String, String> impostor) throws Exception {
        String head = impostor.getValue().isEmpty()
                ? "GET " + route + " HTTP/1.1\nHost: api.example.com"
                : head("GET", route, impostor.getValue());

        assertThat(told(server.to(head + "\nX-Request-Id: r"))).isEqualTo(told(unknownWallet()));
    }

    @Test
    @Requirement({"T53"})
    void unknownWallet_withAGoodSignature_isToldNothingElse() throws Exception {
        HttpTester.Response answer = unknownWallet();

        assertThat(answer.getStatus()).isEqualTo(401);
        assertThat(answer.get("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.getContent()).contains("UNAUTHENTICATED").doesNotContain(stranger.id());
        String es256 = head(
                "GET",
                "/v1/wallets/" + strangerWithEs256.id(),
                "Bearer " + strangerWithEs256.token("GET", "/v1/wallets/" + strangerWithEs256.id(), ""));
        assertThat(told(server.to(es256 + "\nX-Request-Id: r"))).isEqualTo(told(answer));
    }

    @Test
    @Requirement({"F-WR-2", "T49"})
    void twoCredentials_areBadRequest() throws Exception {
        String token = alice.token("GET", route, "");

        assertThat(server.to(head("GET", route, "Bearer " + token) + "\nAuthorization: Bearer " + token)
                        .getStatus())
                .isEqualTo(400);
        assertThat(server.to(head("GET", route, "Bearer " + token + ", Bearer " + token))
                        .getStatus())
                .isEqualTo(400);
        assertThat(server.to(head("GET", route, "Bearer " + token)).getStatus()).isEqualTo(200);
    }

    @Test
    @Requirement({"F-WR-5", "T1"})
    void token_usedTwice_worksOnceAlsoAfterItsTime() throws Exception {
        String head = head("GET", route, "Bearer " + alice.token("GET", route, ""));

        assertThat(server.to(head).getStatus()).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            assertThat(server.to(head).getStatus()).isEqualTo(401);
            clock.advance(Duration.ofSeconds(60));
        }
    }

    @Test
    @Requirement({"F-WR-5", "F-WR-20", "T1"})
    void token_usedAtOneNode_isUsedAtTheOther() throws Exception {
        String head = head("GET", route, "Bearer " + alice.token("GET", route, ""));
        assertThat(server.to(head).getStatus()).isEqualTo(200);

        try (Answers other =
                new Answers(WalletHandler.builder(ORIGIN, ledger).clock(clock).build())) {
            assertThat(other.to(head).getStatus()).isEqualTo(401);
        }
    }

    @Test
    @Requirement({"F-WR-20"})
    void token_sentByManyAtOnce_isTakenOnce() throws Exception {
        String head = head("GET", route, "Bearer " + alice.token("GET", route, ""));
        ExecutorService senders = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> answers = senders.invokeAll(
                    Collections.nCopies(8, () -> server.to(head).getStatus()));
            List<Integer> all = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                all.add(answer.get());
            }
            assertThat(all).containsOnly(200, 401).containsOnlyOnce(200);
        } finally {
            senders.shutdownNow();
        }
    }

    @Test
    @Requirement({"F-WR-22", "T47"})
    void token_whoseIdCannotBeRecorded_opensNothing() throws Exception {
        Ledger forgetful = (Ledger) Proxy.newProxyInstance(
                Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) -> {
                    Ledger books = method.getName().equals("requestIds") ? Unreachable.ledger() : ledger;
                    return method.invoke(books, arguments);
                });
        String opening = stranger.registration();
        try (Answers away = new Answers(
                WalletHandler.builder(ORIGIN, forgetful).clock(clock).build())) {
            for (HttpTester.Response answer : List.of(
                    alice.get(away, route),
                    alice.send(away, "POST", route + "/freeze", "{\"frozen\":true}"),
                    away.to(
                            head("POST", "/v1/wallets", "Bearer " + stranger.token("POST", "/v1/wallets", opening)),
                            opening))) {
                assertThat(answer.getStatus()).isEqualTo(503);
                assertThat(answer.get("Retry-After")).isEqualTo("1");
                assertThat(answer.getContent()).contains("LEDGER_UNAVAILABLE").doesNotContain(alice.id());
            }
        }
        assertThat(ledger.wallet(stranger.id()).toCompletableFuture().join()).isEmpty();
        assertThat(ledger.wallet(alice.id())
                        .toCompletableFuture()
                        .join()
                        .orElseThrow()
                        .status())
                .isEqualTo(Wallet.Status.ACTIVE);
    }

    @Test
    @Requirement({"F-WR-5"})
    void token_refusedForItsSignature_doesNotUseUpTheId() throws Exception {
        String id = alice.tokenId();
        Instant now = clock.instant();
        String good = alice.token(alice.id(), ORIGIN, "GET", route, "", now, id);
        String forged = bob.token(alice.id(), ORIGIN, "GET", route, "", now, id);

        assertThat(server.to(head("GET", route, "Bearer " + forged)).getStatus())
                .isEqualTo(401);
        assertThat(server.to(head("GET", route, "Bearer " + good)).getStatus()).isEqualTo(200);
    }

    @Test
    @Requirement({"F-WA-20"})
    void registration_signedByAnotherKey_isRefused() throws Exception {
        String body = stranger.registration();
        Instant now = clock.instant();
        for (String token : new String[] {
            bob.token("POST", "/v1/wallets", body),
            bob.token(stranger.id(), ORIGIN, "POST", "/v1/wallets", body, now, bob.tokenId()),
            stranger.token(bob.id(), ORIGIN, "POST", "/v1/wallets", body, now, bob.tokenId()),
            stranger.token("POST", "/v1/wallets", body + " ")
        }) {
            HttpTester.Response answer = server.to(head("POST", "/v1/wallets", "Bearer " + token), body);
            assertThat(answer.getStatus()).isEqualTo(401);
        }
        assertThat(ledger.wallet(stranger.id()).toCompletableFuture().join()).isEmpty();
    }

    @Test
    @Requirement({"T40", "F-PR-22"})
    void wallet_askingTooOften_hasToWait() throws Exception {
        try (Answers strict = new Answers(WalletHandler.builder(ORIGIN, ledger)
                .clock(clock)
                .requestsPerMinute(2)
                .build())) {
            assertThat(bob.get(strict, "/v1/wallets/" + bob.id()).getStatus()).isEqualTo(200);
            assertThat(bob.get(strict, "/v1/wallets/" + bob.id()).getStatus()).isEqualTo(200);
            HttpTester.Response answer = bob.get(strict, "/v1/wallets/" + bob.id());
            assertThat(answer.getStatus()).isEqualTo(429);
            assertThat(answer.get("Retry-After")).isEqualTo("30");
            assertThat(alice.get(strict, route).getStatus()).isEqualTo(200);
        }
    }

    private HttpTester.Response unknownWallet() throws Exception {
        String path = "/v1/wallets/" + stranger.id();
        return server.to(head("GET", path, "Bearer " + stranger.token("GET", path, "")) + "\nX-Request-Id: r");
    }

    /** Everything the caller is told but the time. */
    private static String told(HttpTester.Response answer) {
        StringBuilder told = new StringBuilder().append(answer.getStatus());
        answer.forEach(field -> {
            if (!field.getName().equals("Date")) {
                told.append('\n').append(field);
            }
        });
        return told.append('\n').append(answer.getContent()).toString();
    }

    private static String bearer(
            WalletClient signer, String issuer, Origin audience, String method, String path, String body, Instant now) {
        return "Bearer " + signer.token(issuer, audience, method, path, body, now, signer.tokenId());
    }

    /** One bit of it is another: letters put in its place could be those that stand there. */
    private static String withAnotherSignature(String token) {
        int start = token.lastIndexOf('.') + 1;
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(start));
        signature[0] ^= 1;
        return token.substring(0, start) + Base64Url.encode(signature);
    }

    private static String withHeader(String token, String from, String to) {
        String[] parts = token.split("\\.", -1);
        String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
        return Base64Url.encodeUtf8(header.replace(from, to)) + "." + parts[1] + "." + parts[2];
    }
}
