package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.jetty.TestService.ORIGIN;
import static org.farthing.server.jetty.TestService.assertProblem;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.ReceiptToken;
import org.farthing.protocol.wallet.RegisteredPayee;
import org.farthing.server.keys.TokenKeys;
import org.farthing.server.ledger.Payee;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payees of a wallet service: who registers them, where their keys come from, and for how long they count. */
class PayeeRegisteringTest {

    private static final Duration MINUTE = Duration.ofSeconds(61);

    @TempDir
    private Path temp = Path.of("");

    private TestService service;
    private WalletClient alice;

    @BeforeEach
    void start() throws Exception {
        service = new TestService(temp);
        alice = service.payer(100_000);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private static SigningKey newKey(String kid) {
        return SigningKey.generate(Algorithm.ED25519, kid, new SecureRandom());
    }

    private Challenge offerBy(SigningKey key) {
        return service.shop.offer(ORIGIN).signer(key).challenge();
    }

    private int status(SigningKey signer) throws Exception {
        return service.pay(alice, offerBy(signer)).getStatus();
    }

    // ---- registering

    @Test
    @Requirement({"F-WS-15", "F-WS-45", "F-KY-14"})
    void register_payee_answersWithItsKeys() throws Exception {
        try (Shop other = new Shop(service.clock)) {
            HttpTester.Response created = service.register(other.origin(), "prompt", "ACTIVE");
            assertThat(created.getStatus()).isEqualTo(201);
            assertThat(created.get("Cache-Control")).isEqualTo("no-store");
            assertThat(created.getContent())
                    .isEqualTo("{\"capture\":\"prompt\",\"fetched\":\"" + service.clock.instant()
                            + "\",\"keys\":[\"shop-1\"],\"origin\":\"" + other.origin()
                            + "\",\"status\":\"ACTIVE\"}");

            HttpTester.Response changed = service.register(other.origin(), "deferred", "FROZEN");
            assertThat(changed.getStatus()).isEqualTo(200);
            RegisteredPayee payee = RegisteredPayee.parse(TestService.bytes(changed));
            assertThat(payee.registration().deferred()).isTrue();
            assertThat(payee.registration().frozen()).isTrue();
            assertThat(service.admin("GET", "/v1/payees", "").getContent())
                    .startsWith("{\"payees\":[")
                    .contains(changed.getContent())
                    .contains(service.shop.origin().text());
        }
    }

    @Test
    @Requirement({"F-WA-25", "F-WS-45"})
    void register_withoutTheBearer_isRefused() throws Exception {
        String body = "{\"capture\":\"prompt\",\"origin\":\"https://evil.example\",\"status\":\"ACTIVE\"}";

        assertProblem(alice.send(service.server(), "POST", "/v1/payees", body), 401, ProblemType.UNAUTHENTICATED);
        assertProblem(
                service.shop.send(service.server(), ORIGIN, "POST", "/v1/payees", body),
                401,
                ProblemType.UNAUTHENTICATED);
        assertProblem(
                service.shop.send(service.server(), ORIGIN, "GET", "/v1/payees", ""), 401, ProblemType.UNAUTHENTICATED);
        assertProblem(
                service.server().to("GET /v1/payees HTTP/1.1\nHost: api.example.com"),
                401,
                ProblemType.UNAUTHENTICATED);
        assertThat(service.ledger()
                        .payees()
                        .find("https://evil.example")
                        .toCompletableFuture()
                        .join())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"capture\":\"prompt\",\"origin\":\"https://shop.example\"}",
                "{\"capture\":\"later\",\"origin\":\"https://shop.example\",\"status\":\"ACTIVE\"}",
                "{\"capture\":\"prompt\",\"origin\":\"https://SHOP.example\",\"status\":\"ACTIVE\"}",
                "{\"capture\":\"prompt\",\"origin\":\"https://shop.example/keys\",\"status\":\"ACTIVE\"}",
                "{\"capture\":\"prompt\",\"origin\":\"ftp://shop.example\",\"status\":\"ACTIVE\"}",
                "{\"capture\":\"prompt\",\"origin\":\"http://shop.example\",\"status\":\"ACTIVE\"}",
                "{\"capture\":\"prompt\",\"origin\":\"http://localhost:1\",\"status\":\"ACTIVE\"}",
                "{\"capture\":\"prompt\",\"origin\":\"https://127.0.0.1:1\",\"status\":\"ACTIVE\"}",
                "{\"capture\":\"prompt\",\"origin\":\"https://169.254.169.254\",\"status\":\"ACTIVE\"}",
                "{\"capture\":\"prompt\",\"origin\":\"https://shop.example\",\"status\":\"SUSPENDED\"}"
            })
    @Requirement({"F-WS-15", "F-WS-45", "F-KY-51", "T21", "T24"})
    void register_whatIsNoPayee_isBadRequest(String body) throws Exception {
        assertProblem(service.admin("POST", "/v1/payees", body), 400, ProblemType.BAD_REQUEST);
        assertThat(service.ledger()
                        .payees()
                        .list(null, 10)
                        .toCompletableFuture()
                        .join())
                .hasSize(1);
    }

    @Test
    @Requirement({"F-BI-34", "F-WS-45", "F-WS-24", "T13"})
    void loopbackPayee_outsideTheProfile_isRefused(@TempDir Path folder) throws Exception {
        try (TestService strict = new TestService(folder)) {
            WalletClient payer = strict.payer(5000);
            // The books were made in development; the profile is off now.
            strict.restartOutsideTheLoopbackProfile();

            assertProblem(strict.register(strict.shop.origin(), "prompt", "ACTIVE"), 400, ProblemType.BAD_REQUEST);
            assertProblem(strict.pay(payer, strict.offer()), 403, ProblemType.NOT_ALLOWED);
        }
    }

    @Test
    @Requirement({"F-WS-45", "F-KY-10", "F-KY-12"})
    void register_documentOfAnotherPayee_isRefused() throws Exception {
        try (Shop other = new Shop(service.clock)) {
            other.publishes(
                    KeyDirectory.of(service.shop.origin(), List.of(other.key().publicKey()))
                            .format());

            HttpTester.Response answer = service.register(other.origin(), "prompt", "ACTIVE");
            assertProblem(answer, 400, ProblemType.BAD_REQUEST);
            assertThat(answer.getContent()).contains("sells for another origin");
            assertThat(service.ledger()
                            .payees()
                            .find(other.origin().text())
                            .toCompletableFuture()
                            .join())
                    .isEmpty();
        }
    }

    @Test
    @Requirement({"F-WS-45", "F-KY-2"})
    void register_unreachableOrUnreadable_saysWhyAndRegistersNothing() throws Exception {
        try (Shop other = new Shop(service.clock);
                Shop third = new Shop(service.clock)) {
            other.answersForKeys(false);
            third.publishes("{\"keys\":[{\"d\":\"secret\"}]}");

            HttpTester.Response away = service.register(other.origin(), "prompt", "ACTIVE");
            assertProblem(away, 400, ProblemType.BAD_REQUEST);
            assertThat(away.getContent()).contains("status 503");
            HttpTester.Response unreadable = service.register(third.origin(), "prompt", "ACTIVE");
            assertProblem(unreadable, 400, ProblemType.BAD_REQUEST);
            assertThat(unreadable.getContent()).doesNotContain("secret");
        }
        assertThat(service.ledger()
                        .payees()
                        .list(null, 10)
                        .toCompletableFuture()
                        .join())
                .hasSize(1);
    }

    @Test
    @Requirement({"F-WS-45", "T37"})
    void freeze_ofAPayeeThatIsAway_works() throws Exception {
        service.shop.answersForKeys(false);
        service.clock.advance(MINUTE);

        service.freezeShop(true);
        assertProblem(service.pay(alice, service.offer()), 403, ProblemType.NOT_ALLOWED);
        service.freezeShop(false);
        assertThat(service.pay(alice, service.offer()).getStatus()).isEqualTo(201);
    }

    @Test
    @Requirement({"F-WS-46"})
    void list_manyPayees_isPaged() throws Exception {
        for (int i = 0; i < 150; i++) {
            service.ledger()
                    .payees()
                    .put("https://p" + i + ".example", false, Payee.Status.ACTIVE, null)
                    .toCompletableFuture()
                    .join();
        }

        String first = service.admin("GET", "/v1/payees", "").getContent();
        String next = first.replaceAll("(?s).*\"next\":\"([^\"]+)\".*", "$1");
        String second = service.admin("GET", "/v1/payees?cursor=" + next, "").getContent();

        assertThat(first.split("\"origin\"", -1).length - 1 + second.split("\"origin\"", -1).length - 1)
                .isEqualTo(151);
        assertThat(second).doesNotContain("\"next\"");
        assertProblem(service.admin("GET", "/v1/payees?cursor=*", ""), 400, ProblemType.BAD_REQUEST);
    }

    // ---- keys over time

    @Test
    @Requirement({"F-WS-21", "F-KY-31", "F-KY-52", "T36"})
    void keys_newOne_isFoundAtItsFirstUse() throws Exception {
        SigningKey next = newKey("shop-2");
        service.shop.publishes(service.shop.key(), next);

        assertThat(status(next))
                .as("asked a moment ago, when it was not listed")
                .isEqualTo(400);
        service.clock.advance(MINUTE);
        assertThat(status(next)).isEqualTo(201);
        assertThat(status(service.shop.key())).as("the old one still counts").isEqualTo(201);
        assertThat(service.shop.fetches()).isEqualTo(2);
    }

    @Test
    @Requirement({"F-WS-21", "F-KY-52", "F-KY-53", "T21"})
    void keys_unknownOnes_causeOneFetchAMinute() throws Exception {
        SigningKey unknown = newKey("nobody");
        service.clock.advance(MINUTE);

        for (int i = 0; i < 5; i++) {
            assertThat(status(unknown)).isEqualTo(400);
            service.shop.send(
                    service.server(),
                    ORIGIN,
                    "GET",
                    "/v1/captures",
                    "",
                    unknown,
                    service.shop.origin().text());
        }

        assertThat(service.shop.fetches()).isEqualTo(2);
        service.clock.advance(MINUTE);
        assertThat(status(unknown)).isEqualTo(400);
        assertThat(service.shop.fetches()).isEqualTo(3);
    }

    @Test
    @Requirement({"F-WS-20", "F-KY-30", "T36", "T37"})
    void keys_revokedOne_countsNoLongerThanAnHour() throws Exception {
        assertThat(status(service.shop.key())).isEqualTo(201);
        String document = KeyDirectory.of(
                        service.shop.origin(),
                        List.of(service.shop.key().publicKey(), newKey("shop-2").publicKey()))
                .format();
        service.shop.publishes(document.replace(
                "\"kid\":\"shop-1\"",
                "\"kid\":\"shop-1\",\"revoked\":" + service.clock.instant().getEpochSecond()));

        service.clock.advance(Duration.ofMinutes(44));
        assertThat(status(service.shop.key())).isEqualTo(201);
        service.clock.advance(Duration.ofMinutes(17));
        assertThat(status(service.shop.key())).isEqualTo(400);
        assertProblem(
                service.shop.send(service.server(), ORIGIN, "GET", "/v1/captures", ""),
                401,
                ProblemType.UNAUTHENTICATED);
    }

    @Test
    @Requirement({"F-WS-20", "F-KY-30"})
    void keys_outsideTheirTime_doNotCount() throws Exception {
        SigningKey tomorrow =
                newKey("tomorrow").withTimes(null, service.clock.instant().plus(Duration.ofMinutes(30)), null);
        SigningKey yesterday = newKey("yesterday")
                .withTimes(null, null, service.clock.instant().plus(Duration.ofMinutes(20)));
        service.clock.advance(MINUTE);
        service.shop.publishes(service.shop.key(), tomorrow, yesterday);

        assertThat(status(tomorrow)).isEqualTo(400);
        assertThat(status(yesterday)).isEqualTo(201);
        service.clock.advance(Duration.ofMinutes(30));
        assertThat(status(tomorrow)).isEqualTo(201);
        assertThat(status(yesterday)).isEqualTo(400);
    }

    @Test
    @Requirement({"F-WS-20", "F-WS-22"})
    void keys_afterARestart_comeFromTheBooks() throws Exception {
        service.shop.answersForKeys(false);
        service.restart();

        assertThat(service.pay(alice, service.offer()).getStatus()).isEqualTo(201);
        assertThat(service.shop.fetches()).isOne();
    }

    @Test
    @Requirement({"F-WS-22", "F-KY-4"})
    void keys_ofAPayeeThatIsAway_countForADay() throws Exception {
        service.shop.answersForKeys(false);
        service.clock.advance(Duration.ofHours(23));
        assertThat(service.pay(alice, service.offer()).getStatus()).isEqualTo(201);

        service.clock.advance(Duration.ofHours(1));
        HttpTester.Response answer = service.pay(alice, service.offer());
        assertProblem(answer, 503, ProblemType.LEDGER_UNAVAILABLE);
        assertThat(answer.get("Retry-After")).isEqualTo("60");

        service.shop.answersForKeys(true);
        service.clock.advance(MINUTE);
        assertThat(service.pay(alice, service.offer()).getStatus()).isEqualTo(201);
    }

    @Test
    @Requirement({"F-WS-21", "F-KY-52"})
    void keys_anHourOld_areFetchedOnceForAllWhoNeedThem() throws Exception {
        service.clock.advance(Duration.ofHours(1));

        for (int i = 0; i < 5; i++) {
            assertThat(service.pay(alice, service.offer()).getStatus()).isEqualTo(201);
        }

        assertThat(service.shop.fetches()).isEqualTo(2);
    }

    @Test
    @Requirement({"F-WS-45"})
    void payeeNamedAtTheStart_isAskedForItsKeysAtTheFirstPayment() throws Exception {
        try (Shop later = new Shop(service.clock)) {
            service.ledger()
                    .payees()
                    .put(later.origin().text(), false, Payee.Status.ACTIVE, null)
                    .toCompletableFuture()
                    .join();

            assertThat(service.pay(alice, later.offer(ORIGIN).challenge()).getStatus())
                    .isEqualTo(201);
            assertThat(later.fetches()).isOne();
        }
    }

    // ---- the service's own keys

    @Test
    @Requirement({"F-KY-31", "F-WS-23", "T36", "T75"})
    void tokens_ofARotatingService_areSignedByTheKeyOfTheirTime() throws Exception {
        SigningKey old = TestService.tokenKey("old");
        SigningKey next = TestService.tokenKey("next")
                .withTimes(null, service.clock.instant().plus(Duration.ofHours(2)), null);
        TokenKeys both = new TokenKeys(List.of(old, next), Optional.empty());
        service.restart(both);

        assertThat(kid(service.offer())).isEqualTo("old");
        service.clock.advance(Duration.ofHours(2));
        assertThat(kid(service.offer())).isEqualTo("next");
        assertThat(both.directory(ORIGIN).keys())
                .extracting(key -> key.kid() + key.roles())
                .containsExactly("old" + Set.of(Role.RECEIPT_TOKEN), "next" + Set.of(Role.RECEIPT_TOKEN));
    }

    private String kid(Challenge offer) throws Exception {
        return ReceiptToken.parse(service.paid(alice, offer).receipt()).kid();
    }

    @Test
    @Requirement({"F-KY-30", "F-WS-23"})
    void tokens_ofAServiceWithoutAUsableKey_areNotMade() throws Exception {
        service.restart(new TokenKeys(
                List.of(TestService.tokenKey("old")
                        .withTimes(null, null, service.clock.instant().plusSeconds(1))),
                Optional.empty()));
        service.clock.advance(MINUTE);

        assertProblem(service.pay(alice, service.offer()), 503, ProblemType.LEDGER_UNAVAILABLE);
        assertThat(service.money(alice)).isEqualTo("100000+0");
    }
}
