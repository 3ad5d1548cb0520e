package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.jetty.WalletClient.head;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.server.keys.AdminBearer;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The wallet routes over a real ledger, byte by byte. Who may call them is {@link WalletCallersTest}'s. */
@Requirement({"F-WA-27"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WalletHandlerTest {

    private static final String ADMIN = "Zk3vQ1c8Yt7Lr2Wn5Xb9Hd4Jf6Ms0Pa-";

    private final TestClock clock = new TestClock();
    private final ExecutorService completions = Executors.newFixedThreadPool(2);

    // One ledger and one server for the class: each test has wallets of its own.
    private Ledger ledger = Unreachable.ledger();
    private Answers server = Answers.none();
    private WalletClient alice = new WalletClient(clock);

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        ledger = SqliteLedger.open(
                temp.resolve("ledger.db"),
                LedgerOptions.builder(completions).clock(clock).build());
        server = new Answers(WalletHandler.builder(WalletClient.ORIGIN, ledger)
                .clock(clock)
                .admin(AdminBearer.of(ADMIN))
                .registrationsPerHour(1000)
                .handler(new Handler.Abstract.NonBlocking() {
                    @Override
                    public boolean handle(Request request, Response response, Callback callback) {
                        response.setStatus(204);
                        callback.succeeded();
                        return true;
                    }
                })
                .build());
    }

    @BeforeEach
    void meetAnotherAlice() {
        alice = new WalletClient(clock);
    }

    @AfterAll
    void stop() {
        server.close();
        ledger.close();
        completions.shutdown();
    }

    // ---- opening a wallet

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    @Requirement({"F-WA-1", "F-WA-20", "F-WA-21", "S47"})
    void register_newKey_opensTheWalletThatFollowsFromIt(Algorithm algorithm) throws Exception {
        WalletClient owner = new WalletClient(clock, algorithm);
        HttpTester.Response answer = owner.register(server);

        assertThat(answer.getStatus()).isEqualTo(201);
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.get("Content-Type")).isEqualTo("application/json");
        assertThat(answer.get("X-Request-Id")).isNotBlank();
        assertThat(answer.getContent())
                .isEqualTo("{\"accounts\":[],\"created\":\"" + clock.instant() + "\",\"keys\":[\""
                        + owner.key().publicKey().thumbprint() + "\"],\"limits\":[],\"status\":\"ACTIVE\",\"wallet\":\""
                        + owner.id()
                        + "\"}");
    }

    @Test
    @Requirement({"F-WA-1"})
    void register_knownKey_isTheSameWallet() throws Exception {
        String first = alice.register(server).getContent();
        topUp(alice, "{\"amount\":\"5\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}");
        HttpTester.Response again = alice.register(server);

        assertThat(again.getStatus()).isEqualTo(200);
        assertThat(again.getContent())
                .isEqualTo(first.replace(
                        "\"accounts\":[]",
                        "\"accounts\":[{\"available\":\"5\",\"currency\":\"usd.e6\",\"held\":\"0\"}]"));
    }

    @Test
    @Requirement({"F-WA-20"})
    void register_jwkWithANameAndMore_keepsTheKeyAlone() throws Exception {
        String body = alice.registration().replace("}}", ",\"roles\":[\"receipt-token\"],\"exp\":1}}");
        HttpTester.Response answer = alice.send(server, "POST", "/v1/wallets", body);

        assertThat(answer.getStatus()).isEqualTo(201);
        assertThat(ledger.wallet(alice.id()).toCompletableFuture().join())
                .hasValueSatisfying(wallet -> assertThat(wallet.keys().get(0).jwk())
                        .doesNotContain("\"exp\"")
                        .doesNotContain("receipt-token"));
        assertThat(alice.get(server, "/v1/wallets/" + alice.id()).getStatus()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"jwk\":null}",
                "{\"jwk\":\"x\"}",
                "{\"jwk\":{}}",
                "{\"jwk\":{},\"jwk\":{}}",
                "{\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
                "{\"jwk\":{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}}",
                "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}}",
                "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}}",
                "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}} x",
                "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\","
                        + "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"}}"
            })
    @Requirement({"F-WA-20", "T20", "T24"})
    void register_badBody_isBadRequestAndQuotesNothing(String body) throws Exception {
        HttpTester.Response answer = alice.send(server, "POST", "/v1/wallets", body);

        assertProblem(answer, 400, ProblemType.BAD_REQUEST);
        assertThat(answer.getContent()).doesNotContain("nWGxne_9WmC6hEr0").doesNotContain("Exception");
        assertThat(ledger.wallet(alice.id()).toCompletableFuture().join()).isEmpty();
    }

    @Test
    @Requirement({"F-WA-22", "T68"})
    void register_manyFromOneNetwork_isLimitedAndSaysUntilWhen() throws Exception {
        try (Answers limited = limitedTo(3)) {
            for (int i = 0; i < 3; i++) {
                assertThat(new WalletClient(clock).register(limited).getStatus())
                        .isEqualTo(201);
            }
            HttpTester.Response answer = new WalletClient(clock).register(limited);

            assertProblem(answer, 429, ProblemType.RATE_LIMITED);
            assertThat(answer.get("Retry-After")).isEqualTo("1200");
            assertThat(Problem.parse(answer.getContent()).text("retryAfter")).contains("1200");

            clock.advance(Duration.ofMinutes(20));
            assertThat(new WalletClient(clock).register(limited).getStatus()).isEqualTo(201);
        }
    }

    @Test
    @Requirement({"F-WA-22"})
    void register_knownWalletsAtTheLimit_areNotCounted() throws Exception {
        try (Answers limited = limitedTo(2)) {
            alice.register(limited);
            for (int i = 0; i < 5; i++) {
                assertThat(alice.register(limited).getStatus()).isEqualTo(200);
            }
            assertThat(new WalletClient(clock).register(limited).getStatus()).isEqualTo(201);
            assertThat(new WalletClient(clock).register(limited).getStatus()).isEqualTo(429);
            assertThat(alice.register(limited).getStatus()).isEqualTo(200);
        }
    }

    private Answers limitedTo(int registrations) throws Exception {
        return new Answers(WalletHandler.builder(WalletClient.ORIGIN, ledger)
                .clock(clock)
                .registrationsPerHour(registrations)
                .build());
    }

    // ---- top-ups

    @Test
    @Requirement({"F-WA-25", "F-WA-26"})
    void topUp_byTheAdministrator_creditsOnce() throws Exception {
        alice.register(server);
        String body = "{\"amount\":\"1000000\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"bank-7\"}";
        String credited =
                "{\"account\":{\"available\":\"1000000\",\"currency\":\"usd.e6\",\"held\":\"0\"},\"wallet\":\""
                        + alice.id() + "\"}";

        HttpTester.Response first = topUp(alice, body);
        assertThat(first.getStatus()).isEqualTo(201);
        assertThat(first.getContent()).isEqualTo(credited);
        assertThat(first.get("Cache-Control")).isEqualTo("no-store");

        HttpTester.Response again = topUp(alice, body);
        assertThat(again.getStatus()).isEqualTo(200);
        assertThat(again.getContent()).isEqualTo(credited);

        assertProblem(topUp(alice, body.replace("1000000", "2000000")), 422, ProblemType.IDEMPOTENCY_CONFLICT);
        assertThat(alice.get(server, "/v1/wallets/" + alice.id()).getContent()).contains("\"available\":\"1000000\"");
    }

    @Test
    @Requirement({"F-WA-26"})
    void topUp_unknownWallet_isNotFound() throws Exception {
        assertProblem(
                topUp(alice, "{\"amount\":\"1\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}"),
                404,
                ProblemType.NOT_FOUND);
    }

    @Test
    @Requirement({"F-WA-26", "T29"})
    void topUp_beyondTheLargestAmount_isRefused() throws Exception {
        alice.register(server);
        topUp(alice, "{\"amount\":\"999999999999999999\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}");

        assertProblem(
                topUp(alice, "{\"amount\":\"1\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"b\"}"),
                400,
                ProblemType.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"amount\":\"0\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}",
                "{\"amount\":\"-1\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}",
                "{\"amount\":\"+1\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}",
                "{\"amount\":\"01\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}",
                "{\"amount\":\"1.5\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}",
                "{\"amount\":\"1000000000000000000\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}",
                "{\"amount\":1,\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}",
                "{\"amount\":\"\u0661\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}",
                "{\"amount\":\"1\",\"currency\":\"xyz\",\"idempotencyKey\":\"a\"}",
                "{\"amount\":\"1\",\"currency\":\"USD\",\"idempotencyKey\":\"a\"}",
                "{\"amount\":\"1\",\"currency\":\"usd.e6\"}",
                "{\"amount\":\"1\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"\"}",
                "{\"amount\":\"1\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a b\"}",
                "{\"amount\":\"1\",\"amount\":\"2\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}",
                "{\"amount\":\"1\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}}",
                "{'amount':'1'}"
            })
    @Requirement({"F-WA-26", "T24", "T25", "T28"})
    void topUp_badBody_movesNothing(String body) throws Exception {
        alice.register(server);

        assertProblem(topUp(alice, body), 400, ProblemType.BAD_REQUEST);
        assertThat(ledger.accounts(alice.id()).toCompletableFuture().join()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer Zk3vQ1c8Yt7Lr2Wn5Xb9Hd4Jf6Ms0Pa",
                "Bearer Zk3vQ1c8Yt7Lr2Wn5Xb9Hd4Jf6Ms0Pa-x",
                "Bearer zk3vQ1c8Yt7Lr2Wn5Xb9Hd4Jf6Ms0Pa-",
                "Bearer",
                "Basic WmszdlExYzhZdDdMcjJXbjVYYjlIZDRKZjZNczBQYS0=",
                "Zk3vQ1c8Yt7Lr2Wn5Xb9Hd4Jf6Ms0Pa-"
            })
    @Requirement({"F-WA-25", "T31"})
    void topUp_notTheAdministrator_isUnauthenticatedWhateverTheBody(String authorization) throws Exception {
        alice.register(server);
        HttpTester.Response answer = server.to(
                head("POST", "/v1/wallets/" + alice.id() + "/topups", authorization),
                "{\"amount\":\"1\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}");

        assertProblem(answer, 401, ProblemType.UNAUTHENTICATED);
        assertThat(answer.get("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(ledger.accounts(alice.id()).toCompletableFuture().join()).isEmpty();
    }

    @Test
    @Requirement({"F-WA-25"})
    void topUp_walletRequestInsteadOfTheSecret_isUnauthenticatedAndTheOtherWayRound() throws Exception {
        alice.register(server);
        String route = "/v1/wallets/" + alice.id();
        String body = "{\"amount\":\"1\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}";

        assertProblem(alice.send(server, "POST", route + "/topups", body), 401, ProblemType.UNAUTHENTICATED);
        assertProblem(server.to(head("GET", route, "Bearer " + ADMIN)), 401, ProblemType.UNAUTHENTICATED);
    }

    @Test
    @Requirement({"F-WA-25"})
    void topUp_noAdministratorConfigured_isUnauthenticated() throws Exception {
        alice.register(server);
        try (Answers other = new Answers(
                WalletHandler.builder(WalletClient.ORIGIN, ledger).clock(clock).build())) {
            assertProblem(
                    other.to(
                            head("POST", "/v1/wallets/" + alice.id() + "/topups", "Bearer " + ADMIN),
                            "{\"amount\":\"1\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}"),
                    401,
                    ProblemType.UNAUTHENTICATED);
        }
    }

    // ---- the statement

    @Test
    @Requirement({"F-WA-24"})
    void statement_pages_tellEveryTransferOnceNewestFirst() throws Exception {
        alice.register(server);
        for (int i = 1; i <= 3; i++) {
            topUp(alice, "{\"amount\":\"" + i + "\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"k" + i + "\"}");
        }
        String route = "/v1/wallets/" + alice.id() + "/statement";

        String first = alice.get(server, route + "?limit=2").getContent();
        assertThat(first)
                .contains("\"amount\":\"3\"")
                .contains("\"amount\":\"2\"")
                .doesNotContain("\"amount\":\"1\"");
        assertThat(first)
                .contains("\"at\":\"" + clock.instant() + "\",\"currency\":\"usd.e6\",\"from\":\"outside\"")
                .contains("\"kind\":\"top-up\",\"to\":\"available\"}")
                .endsWith("\"wallet\":\"" + alice.id() + "\"}");
        String cursor = first.replaceAll(".*\"next\":\"([0-9]+)\".*", "$1");

        String second =
                alice.get(server, route + "?cursor=" + cursor + "&limit=2").getContent();
        assertThat(second)
                .contains("\"amount\":\"1\"")
                .doesNotContain("\"amount\":\"2\"")
                .doesNotContain("\"next\"");
        assertThat(alice.get(server, route).getContent())
                .contains("\"amount\":\"1\"")
                .doesNotContain("\"next\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=-1",
                "limit=",
                "limit=1&limit=2",
                "limit=x",
                "cursor=",
                "cursor=x",
                "cursor=1&cursor=2",
                "cursor=99999999999999999999",
                "limit=%31"
            })
    @Requirement({"F-WA-24"})
    void statement_badQuery_isBadRequest(String query) throws Exception {
        alice.register(server);

        assertProblem(
                alice.get(server, "/v1/wallets/" + alice.id() + "/statement?" + query), 400, ProblemType.BAD_REQUEST);
    }

    @Test
    void statement_unknownParameters_areIgnored() throws Exception {
        alice.register(server);

        assertThat(alice.get(server, "/v1/wallets/" + alice.id() + "/statement?x=1&limit=7&y")
                        .getStatus())
                .isEqualTo(200);
    }

    // ---- paths and methods

    @ParameterizedTest
    @CsvSource({
        "GET, '', POST",
        "HEAD, '', POST",
        "OPTIONS, '', POST",
        "DELETE, '', POST",
        "POST, /ID, GET",
        "HEAD, /ID, GET",
        "PUT, /ID, GET",
        "DELETE, /ID, GET",
        "POST, /ID/statement, GET",
        "PATCH, /ID/statement, GET",
        "GET, /ID/topups, POST",
        "OPTIONS, /ID/topups, POST",
        "GET, /ID/limits, POST",
        "PUT, /ID/freeze, POST",
        "DELETE, /ID/keys, POST",
        "get, /ID, GET"
    })
    void otherMethods_areRefusedWithAllow(String method, String rest, String allow) throws Exception {
        HttpTester.Response answer =
                server.to(head(method, "/v1/wallets" + rest.replace("ID", alice.id()), "Bearer x"));

        assertThat(answer.getStatus()).isEqualTo(405);
        assertThat(answer.get("Allow")).isEqualTo(allow);
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/ID/", "/ID/key", "/ID/statement/", "/w_short", "/ID/statement/x", "/W_AAAA", "/%77_x"})
    void unknownRoutes_areNotFound(String rest) throws Exception {
        assertProblem(
                server.to(head("GET", "/v1/wallets" + rest.replace("ID", alice.id()), "Bearer x")),
                404,
                ProblemType.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/wallet",
                "/v1/walletsx",
                "/V1/wallets",
                "/x/v1/wallets",
                "/v1/payments",
                "/v1/payments/x",
                "/v1/captures",
                "/v1/refunds",
                "/v1/payees"
            })
    void otherPaths_areLeftToTheWrappedHandler(String path) throws Exception {
        assertThat(server.to("GET " + path + " HTTP/1.1\nHost: anything").getStatus())
                .isEqualTo(204);
    }

    @Test
    @Requirement({"F-BI-32", "T5"})
    void anotherAuthority_isMisdirected() throws Exception {
        assertProblem(
                server.to(
                        "POST /v1/wallets HTTP/1.1\nHost: evil.example\nAuthorization: Bearer "
                                + alice.token("POST", "/v1/wallets", alice.registration()),
                        alice.registration()),
                421,
                ProblemType.MISDIRECTED_REQUEST);
    }

    // ---- sizes and failures

    @Test
    @Requirement({"F-WA-27", "T23"})
    void body_overTheLimit_is413() throws Exception {
        String body = alice.registration().replace("}}", "},\"pad\":\"" + "x".repeat(16 * 1024) + "\"}");
        HttpTester.Response answer = alice.send(server, "POST", "/v1/wallets", body);

        assertProblem(answer, 413, ProblemType.BODY_TOO_LARGE);
        assertThat(Problem.parse(answer.getContent()).text("limit")).contains("16384");
    }

    @Test
    @Requirement({"F-WA-27"})
    void body_ofTheLimit_isRead() throws Exception {
        String start = alice.registration().replace("}}", "},\"pad\":\"");
        String body = start + "x".repeat(16 * 1024 - start.length() - 2) + "\"}";

        assertThat(alice.send(server, "POST", "/v1/wallets", body).getStatus()).isEqualTo(201);
    }

    @Test
    void body_thatIsNoHttp_isNot500() throws Exception {
        String answer = server.raw(head("POST", "/v1/wallets", "Bearer x").replace("\n", "\r\n")
                + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("\tat ");
    }

    @Test
    @Requirement({"F-PR-22", "T47"})
    void ledgerAway_is503WithRetryAfter() throws Exception {
        try (Answers other = new Answers(WalletHandler.builder(WalletClient.ORIGIN, Unreachable.ledger())
                .clock(clock)
                .admin(AdminBearer.of(ADMIN))
                .build())) {
            for (HttpTester.Response answer : new HttpTester.Response[] {
                alice.register(other),
                alice.get(other, "/v1/wallets/" + alice.id()),
                alice.get(other, "/v1/wallets/" + alice.id() + "/statement"),
                other.to(
                        head("POST", "/v1/wallets/" + alice.id() + "/topups", "Bearer " + ADMIN),
                        "{\"amount\":\"1\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}")
            }) {
                assertProblem(answer, 503, ProblemType.LEDGER_UNAVAILABLE);
                assertThat(answer.get("Retry-After")).isEqualTo("1");
                assertThat(answer.getContent()).doesNotContain("disk");
            }
        }
    }

    private HttpTester.Response topUp(WalletClient owner, String body) throws Exception {
        return server.to(head("POST", "/v1/wallets/" + owner.id() + "/topups", "Bearer " + ADMIN), body);
    }

    private static void assertProblem(HttpTester.Response answer, int status, ProblemType type) throws Exception {
        assertThat(answer.getStatus()).isEqualTo(status);
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.get("Content-Type")).isEqualTo("application/problem+json");
        Problem problem = Problem.parse(answer.getContent());
        assertThat(problem.type()).isEqualTo(type);
        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.requestId()).isEqualTo(answer.get("X-Request-Id"));
        assertThat(answer.getContent()).doesNotContain("Exception").doesNotContain("\tat ");
    }
}
