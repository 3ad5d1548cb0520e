package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.jetty.TestService.ORIGIN;
import static org.farthing.server.jetty.TestService.assertProblem;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Money;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.wallet.KeyChange;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.PaymentSubmission;
import org.farthing.protocol.wallet.WalletOpening;
import org.farthing.protocol.wallet.WalletRecord;
import org.farthing.server.ledger.Wallet;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What owners set: any key of a wallet makes it safer, its recovery key alone undoes that and changes keys. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WalletSettingsTest {

    private TestService service;
    private WalletClient alice;
    private WalletClient recovery;
    private String route = "";

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        service = new TestService(temp);
    }

    @BeforeEach
    void openAWallet() throws Exception {
        alice = new WalletClient(service.clock);
        recovery = new WalletClient(service.clock);
        route = "/v1/wallets/" + alice.id();
        WalletOpening opening =
                new WalletOpening(alice.key().publicKey(), recovery.key().publicKey(), List.of());
        assertThat(alice.send(service.server(), "POST", "/v1/wallets", opening.format())
                        .getStatus())
                .isEqualTo(201);
        service.topUp(alice, 1_000_000, "usd.e6");
    }

    @AfterAll
    void stop() {
        assertThat(service.ledger().check().toCompletableFuture().join().findings())
                .isEmpty();
        service.close();
    }

    /** Asks at alice's routes, as her wallet, signed with the key of whoever it is. */
    private HttpTester.Response ask(WalletClient signer, String rest, String body) throws Exception {
        String path = route + rest;
        String method = rest.isEmpty() ? "GET" : "POST";
        String token = signer.token(alice.id(), ORIGIN, method, path, body, service.clock.instant(), signer.tokenId());
        return service.server().to(WalletClient.head(method, path, "Bearer " + token), body);
    }

    private static WalletRecord wallet(HttpTester.Response answer) throws Exception {
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        return WalletRecord.parse(TestService.bytes(answer));
    }

    // ---- opening

    @Test
    @Requirement({"F-WA-30", "F-WA-31", "F-WA-20"})
    void open_withRecoveryAndLimits_showsThem() throws Exception {
        WalletClient owner = new WalletClient(service.clock);
        WalletOpening opening = new WalletOpening(
                owner.key().publicKey(),
                recovery.key().publicKey(),
                List.of(Money.parse("5.00usd"), Money.parse("3 unit:page")));
        HttpTester.Response answer = owner.send(service.server(), "POST", "/v1/wallets", opening.format());

        assertThat(answer.getStatus()).isEqualTo(201);
        WalletRecord wallet = WalletRecord.parse(TestService.bytes(answer));
        assertThat(wallet.recovery()).isEqualTo(recovery.key().publicKey().thumbprint());
        assertThat(wallet.keys()).containsExactly(owner.key().publicKey().thumbprint());
        assertThat(wallet.limits()).extracting(limit -> limit.perDay().code()).containsExactly("unit:page", "usd");
        assertThat(answer.getContent()).contains("\"resetsAt\":\"2026-11-23T00:00:00Z\"");
    }

    @Test
    @Requirement({"F-WA-30", "F-WA-31", "T20"})
    void open_badRecoveryOrLimits_isBadRequest() throws Exception {
        WalletClient owner = new WalletClient(service.clock);
        String good = owner.registration();
        String jwk = good.substring("{\"jwk\":".length(), good.length() - 1);
        for (String more : List.of(
                "\"recovery\":" + jwk,
                "\"recovery\":\"x\"",
                "\"recovery\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
                "\"dailyLimits\":[]",
                "\"dailyLimits\":{\"usd.e6\":\"1\"}",
                "\"dailyLimits\":{\"usd\":\"-1\"}",
                "\"dailyLimits\":{\"usd\":5}",
                "\"dailyLimits\":{\"xxz\":\"1\"}",
                "\"dailyLimits\":{" + manyLimits() + "}")) {
            String body = good.substring(0, good.length() - 1) + "," + more + "}";
            assertProblem(owner.send(service.server(), "POST", "/v1/wallets", body), 400, ProblemType.BAD_REQUEST);
        }
        assertThat(owner.register(service.server()).getStatus()).isEqualTo(201);
    }

    private static String manyLimits() {
        StringBuilder limits = new StringBuilder();
        for (int i = 0; i < 17; i++) {
            limits.append(i == 0 ? "" : ",")
                    .append("\"unit:page")
                    .append((char) ('a' + i))
                    .append("\":\"1\"");
        }
        return limits.toString();
    }

    @Test
    @Requirement({"F-WA-31"})
    void open_atAServiceWithALimit_getsItUnlessItHasItsOwn(@TempDir Path temp) throws Exception {
        try (TestService limited = new TestService(temp, options -> options.dailyLimit(money("5usd")))) {
            WalletClient owner = new WalletClient(limited.clock);
            assertThat(WalletRecord.parse(TestService.bytes(owner.register(limited.server())))
                            .limits())
                    .singleElement()
                    .satisfies(limit -> assertThat(limit.perDay()).isEqualTo(money("5usd")));
            WalletClient other = new WalletClient(limited.clock);
            WalletOpening opening =
                    new WalletOpening(other.key().publicKey(), null, List.of(money("2usd"), money("1eur")));
            assertThat(WalletRecord.parse(TestService.bytes(
                                    other.send(limited.server(), "POST", "/v1/wallets", opening.format())))
                            .limits())
                    .extracting(limit -> limit.perDay().format())
                    .containsExactly("1.00 EUR", "2.00 USD");
        }
    }

    private static Money money(String text) {
        try {
            return Money.parse(text);
        } catch (org.farthing.protocol.MalformedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- limits

    @Test
    @Requirement({"F-WA-31", "F-WS-28", "T73", "T78"})
    void limits_spent_refuseFurtherPaymentsUntilTomorrow() throws Exception {
        assertThat(wallet(ask(alice, "/limits", "{\"code\":\"usd\",\"perDay\":\"0.0025\"}"))
                        .limits())
                .singleElement()
                .satisfies(limit -> assertThat(limit.spent()).isEqualTo(money("0usd")));
        PaymentReply first = service.paid(alice, service.offer());
        service.paid(alice, service.shop.offer(ORIGIN).amount(1500).challenge());

        Problem problem = assertProblem(service.pay(alice, service.offer()), 409, ProblemType.SPENDING_LIMIT_EXCEEDED);
        assertThat(problem.text("limit")).contains("0.0025 USD");
        assertThat(problem.text("period")).contains("day");
        assertThat(problem.text("resetsAt")).contains("2026-11-23T00:00:00Z");

        service.collect(TestService.release(first));
        assertThat(service.pay(alice, service.offer()).getStatus())
                .as("given back the same day")
                .isEqualTo(201);
        assertThat(wallet(ask(alice, "", "")).limits().get(0).spent()).isEqualTo(money("0.0025usd"));
    }

    @Test
    @Requirement({"F-WA-31", "T73"})
    void limits_byAnOrdinaryKey_onlyGoDown() throws Exception {
        assertThat(wallet(ask(alice, "/limits", limit("5"))).limits()).hasSize(1);
        assertThat(wallet(ask(alice, "/limits", limit("2.50"))).limits().get(0).perDay())
                .isEqualTo(money("2.5usd"));

        assertProblem(ask(alice, "/limits", limit("2.51")), 403, ProblemType.NOT_ALLOWED);
        assertProblem(ask(alice, "/limits", limit("none")), 403, ProblemType.NOT_ALLOWED);
        assertThat(wallet(ask(alice, "", "")).limits().get(0).perDay()).isEqualTo(money("2.5usd"));

        assertThat(wallet(ask(recovery, "/limits", limit("20"))).limits().get(0).perDay())
                .isEqualTo(money("20usd"));
        assertThat(wallet(ask(recovery, "/limits", limit("none"))).limits()).isEmpty();
    }

    private static String limit(String perDay) {
        return "{\"code\":\"usd\",\"perDay\":\"" + perDay + "\"}";
    }

    // ---- freezing

    @Test
    @Requirement({"F-WA-32", "F-WA-23", "T73"})
    void freeze_byAnyKey_stopsNewHoldsAndTheRecoveryKeyAloneLiftsIt() throws Exception {
        Challenge before = service.offer();
        PaymentReply held = service.paid(alice, before);

        assertThat(wallet(ask(alice, "/freeze", frozen(true))).status()).isEqualTo(WalletRecord.Status.FROZEN);
        assertProblem(service.pay(alice, service.offer()), 403, ProblemType.WALLET_SUSPENDED);
        assertThat(service.pay(alice, before).getStatus())
                .as("the same order again")
                .isEqualTo(200);
        assertThat(service.collect(TestService.capture(held, 1000)).getContent())
                .contains("\"captured\"");
        assertProblem(ask(alice, "/freeze", frozen(false)), 403, ProblemType.NOT_ALLOWED);

        assertThat(wallet(ask(recovery, "/freeze", frozen(false))).status()).isEqualTo(WalletRecord.Status.ACTIVE);
        assertThat(service.pay(alice, service.offer()).getStatus()).isEqualTo(201);
        assertThat(wallet(ask(recovery, "/freeze", frozen(true))).status()).isEqualTo(WalletRecord.Status.FROZEN);
    }

    @Test
    @Requirement({"F-WA-32", "F-WA-23"})
    void thaw_ofASuspendedWallet_staysSuspended() throws Exception {
        service.ledger()
                .setStatus(alice.id(), Wallet.Status.SUSPENDED)
                .toCompletableFuture()
                .join();
        ask(alice, "/freeze", frozen(true));

        assertThat(wallet(ask(recovery, "/freeze", frozen(false))).status()).isEqualTo(WalletRecord.Status.SUSPENDED);
        assertProblem(service.pay(alice, service.offer()), 403, ProblemType.WALLET_SUSPENDED);
    }

    private static String frozen(boolean frozen) {
        return "{\"frozen\":\"" + frozen + "\"}";
    }

    // ---- keys

    @Test
    @Requirement({"F-WA-2", "F-WA-33", "T73"})
    void keys_byTheRecoveryKey_replaceAStolenOne() throws Exception {
        WalletClient next = new WalletClient(service.clock);
        String add = new KeyChange.Add(next.key().publicKey()).format();
        String revoke = new KeyChange.Revoke(alice.key().publicKey().thumbprint()).format();

        assertProblem(ask(alice, "/keys", add), 403, ProblemType.NOT_ALLOWED);
        assertProblem(ask(recovery, "/keys", revoke), 400, ProblemType.BAD_REQUEST);
        assertThat(wallet(ask(recovery, "/keys", add)).keys()).hasSize(2);
        assertThat(wallet(ask(recovery, "/keys", add)).keys()).hasSize(2);
        WalletRecord replaced = wallet(ask(recovery, "/keys", revoke));

        assertThat(replaced.keys()).containsExactly(next.key().publicKey().thumbprint());
        assertThat(replaced.id()).isEqualTo(alice.id());
        assertThat(ask(alice, "", "").getStatus()).isEqualTo(401);
        assertThat(ask(next, "", "").getStatus()).isEqualTo(200);
        assertThat(payAsAlice(next, next).getStatus()).isEqualTo(201);
        assertProblem(payAsAlice(next, alice), 403, ProblemType.VERIFICATION_FAILED);
        assertProblem(payAsAlice(alice, alice), 401, ProblemType.UNAUTHENTICATED);
    }

    @Test
    @Requirement({"F-WA-30", "F-WA-33", "T73"})
    void recoveryKey_neverPaysNorReads() throws Exception {
        String self = new KeyChange.Add(recovery.key().publicKey()).format();

        assertProblem(ask(recovery, "/keys", self), 400, ProblemType.BAD_REQUEST);
        assertProblem(payAsAlice(recovery, recovery), 401, ProblemType.UNAUTHENTICATED);
        assertProblem(payAsAlice(alice, recovery), 403, ProblemType.VERIFICATION_FAILED);
        assertProblem(ask(recovery, "", ""), 401, ProblemType.UNAUTHENTICATED);
        assertThat(service.money(alice)).isEqualTo("1000000+0");
    }

    /** Submits an order of alice's wallet, asked by one key and signed by another. */
    private HttpTester.Response payAsAlice(WalletClient asking, WalletClient signing) throws Exception {
        Challenge offer = service.offer();
        PaymentOrder order = PaymentOrder.sign(signing.key(), offer, ORIGIN, Amount.of(1000), alice.id());
        String body = new PaymentSubmission(offer, order).format();
        String token = asking.token(
                alice.id(), ORIGIN, "POST", "/v1/payments", body, service.clock.instant(), asking.tokenId());
        return service.server().to(WalletClient.head("POST", "/v1/payments", "Bearer " + token), body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/limits | {}",
                "/limits | {\"code\":\"usd\"}",
                "/limits | {\"code\":\"usd.e6\",\"perDay\":\"1\"}",
                "/limits | {\"code\":\"usd\",\"perDay\":\"1e3\"}",
                "/limits | {\"code\":\"usd\",\"perDay\":null}",
                "/freeze | {}",
                "/freeze | {\"frozen\":true}",
                "/freeze | {\"frozen\":\"yes\"}",
                "/keys | {}",
                "/keys | {\"add\":{},\"revoke\":\"x\"}",
                "/keys | {\"revoke\":\"x\"}",
                "/keys | {\"add\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}"
            })
    @Requirement({"F-WA-31", "F-WA-32", "F-WA-33", "T24"})
    void settings_badBody_isBadRequest(String rest, String body) throws Exception {
        assertProblem(ask(recovery, rest, body), 400, ProblemType.BAD_REQUEST);
    }

    @Test
    @Requirement({"F-WR-6", "F-WR-7", "T53"})
    void settings_byAnybodyElse_areTheOneAnswer() throws Exception {
        WalletClient stranger = service.payer(1);
        for (String rest : List.of("/limits", "/freeze", "/keys")) {
            assertProblem(ask(stranger, rest, "{}"), 401, ProblemType.UNAUTHENTICATED);
            assertProblem(
                    stranger.send(service.server(), "POST", route + rest, "{}"), 401, ProblemType.UNAUTHENTICATED);
            assertProblem(service.admin("POST", route + rest, "{}"), 401, ProblemType.UNAUTHENTICATED);
        }
    }

    @Test
    @Requirement({"F-WA-31"})
    void limits_tomorrow_areFresh() throws Exception {
        ask(alice, "/limits", limit("0.001"));
        service.paid(alice, service.offer());
        assertProblem(service.pay(alice, service.offer()), 409, ProblemType.SPENDING_LIMIT_EXCEEDED);

        service.clock.advance(Duration.ofDays(1));

        assertThat(service.pay(alice, service.offer()).getStatus()).isEqualTo(201);
    }
}
