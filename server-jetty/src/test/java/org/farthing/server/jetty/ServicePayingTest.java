package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.jetty.TestService.ORIGIN;
import static org.farthing.server.jetty.TestService.assertProblem;
import static org.farthing.server.jetty.WalletClient.head;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.PaymentSubmission;
import org.farthing.protocol.wallet.ReceiptClaims;
import org.farthing.protocol.wallet.ReceiptToken;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.server.jetty.Shop.Draft;
import org.farthing.server.ledger.Wallet;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /v1/payments}, byte by byte over a real ledger: what is paid, and each thing that is not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServicePayingTest {

    private static final SigningKey STRANGER = SigningKey.generate(Algorithm.ED25519, "shop-1", new SecureRandom());

    private TestService service;

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        service = new TestService(temp, options -> options.topUpPage("https://api.example.com/top-up"));
    }

    @AfterAll
    void stop() {
        assertThat(service.ledger().check().toCompletableFuture().join().findings())
                .as("the books after everything that was tried here")
                .isEmpty();
        service.close();
    }

    // ---- paid

    @Test
    @Requirement({"F-WS-5", "F-WS-6", "F-WS-8", "F-RT-2", "F-RT-11"})
    void pay_goodOrder_holdsTheMoneyAndHandsOutAToken() throws Exception {
        WalletClient alice = service.payer(1_000_000);
        Challenge offer = service.offer();

        HttpTester.Response answer = service.pay(alice, offer);

        assertThat(answer.getStatus()).isEqualTo(201);
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.get("Content-Type")).isEqualTo("application/json");
        assertThat(answer.get("WWW-Authenticate")).isNull();
        PaymentReply paid = TestService.reply(answer);
        Instant now = service.clock.instant();
        assertThat(paid.payment())
                .isEqualTo(new ServicePayment(
                        Amount.of(1000),
                        Amount.ZERO,
                        offer.id(),
                        offer.paymentRequest().currency(),
                        now.plus(Duration.ofMinutes(5)),
                        now.plus(Duration.ofMinutes(65)),
                        now,
                        service.shop.origin().text(),
                        Amount.ZERO,
                        ServicePayment.State.HELD,
                        paid.payment().tokenId(),
                        alice.id()));
        assertThat(service.money(alice)).isEqualTo("999000+1000");

        ReceiptToken token = ReceiptToken.parse(paid.receipt());
        token.verify(service.keys.directory(ORIGIN), new ReceiptToken.Expectations(offer, Duration.ofHours(1)), now);
        assertThat(token.claims().subject()).isNull();
        assertThat(token.claims().keyThumbprint()).isNull();
        assertThat(token.claims().tokenId()).isEqualTo(paid.payment().tokenId());
        assertThat(token.claims().challengeHash()).isEqualTo(ReceiptClaims.hash(offer));
    }

    @Test
    @Requirement({"F-WS-6", "F-WS-8"})
    void pay_uptoOverTheWholeAmount_isHeldWhole() throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = service.shop
                .offer(ORIGIN)
                .detail("capture", "upto")
                .amount(5000)
                .challenge();

        assertThat(service.paid(alice, offer).payment().amount()).isEqualTo(Amount.of(5000));
    }

    @Test
    @Requirement({"F-WS-7", "F-BI-23"})
    void pay_challengeForARoute_isPaid() throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = service.shop
                .offer(ORIGIN)
                .opaque(Opaque.route(nonce(), "docs", service.shop.origin().text())
                        .format())
                .challenge();

        assertThat(service.pay(alice, offer).getStatus()).isEqualTo(201);
    }

    @Test
    @Requirement({"F-RT-14", "T16"})
    void pay_challengeThatLivesLonger_givesATokenOfFiveMinutes() throws Exception {
        WalletClient alice = service.payer(5000);

        ServicePayment longest = service.paid(
                        alice,
                        service.shop
                                .offer(ORIGIN)
                                .expiresIn(Duration.ofMinutes(10))
                                .challenge())
                .payment();
        ServicePayment shorter = service.paid(
                        alice,
                        service.shop
                                .offer(ORIGIN)
                                .expiresIn(Duration.ofSeconds(30))
                                .challenge())
                .payment();

        assertThat(Duration.between(longest.issued(), longest.expires())).isEqualTo(Duration.ofMinutes(5));
        assertThat(Duration.between(shorter.issued(), shorter.expires())).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    @Requirement({"F-WS-15", "F-WS-29"})
    void pay_toADeferredPayee_isCollectableForADay() throws Exception {
        try (Shop slow = new Shop(service.clock)) {
            service.register(slow.origin(), "deferred", "ACTIVE");
            WalletClient alice = service.payer(5000);

            ServicePayment payment =
                    service.paid(alice, slow.offer(ORIGIN).challenge()).payment();

            assertThat(Duration.between(payment.expires(), payment.holdExpires()))
                    .isEqualTo(Duration.ofHours(24));
        }
    }

    @Test
    @Requirement({"F-WS-6"})
    void pay_withTheChallengesIdAsKey_isPaid() throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = service.offer();

        assertThat(withKey(alice, offer, offer.id()).getStatus()).isEqualTo(201);
        assertProblem(withKey(alice, service.offer(), "another"), 400, ProblemType.BAD_REQUEST);
        assertProblem(
                withKey(alice, offer, offer.id() + "\nIdempotency-Key: " + offer.id()), 400, ProblemType.BAD_REQUEST);
    }

    private HttpTester.Response withKey(WalletClient payer, Challenge offer, String key) throws Exception {
        String body = TestService.submission(payer, offer);
        String bearer = "Bearer " + payer.token("POST", "/v1/payments", body);
        return service.server().to(head("POST", "/v1/payments", bearer) + "\nIdempotency-Key: " + key, body);
    }

    // ---- the same again

    @Test
    @Requirement({"F-WS-10", "T19"})
    void pay_sameOrderAgain_getsTheStoredToken() throws Exception {
        WalletClient alice = service.payer(new WalletClient(service.clock, Algorithm.ES256), 5000, "usd.e6");
        Challenge offer = service.offer();
        PaymentReply first = service.paid(alice, offer);
        service.clock.advance(Duration.ofSeconds(2));

        HttpTester.Response again = service.pay(alice, offer);

        assertThat(again.getStatus()).isEqualTo(200);
        assertThat(TestService.reply(again))
                .as("another ES256 signature of the same order")
                .isEqualTo(first);
        assertThat(TestService.reply(again).receipt()).isEqualTo(first.receipt());
        assertThat(service.money(alice)).isEqualTo("4000+1000");
    }

    @Test
    @Requirement({"F-WS-10", "F-WS-30", "T72"})
    void pay_sameOrderAgain_getsItsTokenWhateverHappenedMeanwhile() throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = service.offer();
        PaymentReply first = service.paid(alice, offer);

        service.ledger()
                .setStatus(alice.id(), Wallet.Status.SUSPENDED)
                .toCompletableFuture()
                .join();
        assertRepeated(first, service.pay(alice, offer));
        assertProblem(service.pay(alice, service.offer()), 403, ProblemType.WALLET_SUSPENDED);

        service.freezeShop(true);
        assertRepeated(first, service.pay(alice, offer));
        service.freezeShop(false);

        service.clock.advance(Duration.ofMinutes(6));
        assertRepeated(first, service.pay(alice, offer));

        service.restart();
        assertRepeated(first, service.pay(alice, offer));
    }

    private static void assertRepeated(PaymentReply first, HttpTester.Response again) throws Exception {
        assertThat(again.getStatus()).as(again.getContent()).isEqualTo(200);
        assertThat(TestService.reply(again)).isEqualTo(first);
        assertThat(TestService.reply(again).receipt()).isEqualTo(first.receipt());
    }

    @Test
    @Requirement({"F-WS-10"})
    void pay_collectedPaymentAgain_showsItCollected() throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = service.offer();
        PaymentReply first = service.paid(alice, offer);
        service.collect(TestService.capture(first, 1000));

        HttpTester.Response again = service.pay(alice, offer);

        assertThat(again.getStatus()).isEqualTo(200);
        assertThat(TestService.reply(again).payment().state()).isEqualTo(ServicePayment.State.CAPTURED);
    }

    @Test
    @Requirement("F-WS-30")
    void pay_releasedOrExpiredPaymentAgain_isGone() throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge released = service.offer();
        service.collect(TestService.release(service.paid(alice, released)));
        Challenge expired = service.offer();
        service.paid(alice, expired);

        assertProblem(service.pay(alice, released), 409, ProblemType.PAYMENT_RELEASED);
        service.clock.advance(Duration.ofMinutes(66));
        assertProblem(service.pay(alice, expired), 409, ProblemType.PAYMENT_RELEASED);
        service.sweep();
        assertProblem(service.pay(alice, expired), 409, ProblemType.PAYMENT_RELEASED);
        assertThat(service.money(alice)).isEqualTo("5000+0");
    }

    @Test
    @Requirement({"F-WS-10", "T2"})
    void pay_anotherWalletOrAnotherOffer_isAConflict() throws Exception {
        WalletClient alice = service.payer(5000);
        WalletClient bob = service.payer(5000);
        Challenge offer = service.offer();
        service.paid(alice, offer);

        Problem problem = assertProblem(service.pay(bob, offer), 409, ProblemType.IDEMPOTENCY_CONFLICT);
        assertThat(problem.toJson()).doesNotContain(alice.id());
        Challenge other = service.shop.offer(ORIGIN).id(offer.id()).amount(7).challenge();
        assertProblem(service.pay(alice, other), 409, ProblemType.IDEMPOTENCY_CONFLICT);
        assertThat(service.money(alice)).isEqualTo("4000+1000");
        assertThat(service.money(bob)).isEqualTo("5000+0");
    }

    @Test
    @Requirement({"F-WS-10", "T53"})
    void pay_expiredChallengeWithAForgedOrder_tellsNothingOfThePayment() throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = service.offer();
        service.paid(alice, offer);
        service.clock.advance(Duration.ofMinutes(6));

        PaymentOrder forged = TestService.order(new WalletClient(service.clock), offer);
        String body = new PaymentSubmission(
                        offer, new PaymentOrder(offer, forged.maxAmount(), alice.id(), forged.jws()))
                .format();
        assertProblem(send(alice, body), 403, ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement({"F-WS-10", "T2", "T3"})
    void pay_fiftyTimesAtOnce_isOneHoldAndOneToken() throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = service.offer();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<HttpTester.Response>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(threads.submit(() -> service.pay(alice, offer)));
            }
            List<String> tokens = new ArrayList<>();
            int made = 0;
            for (Future<HttpTester.Response> answer : answers) {
                made += answer.get().getStatus() == 201 ? 1 : 0;
                tokens.add(TestService.reply(answer.get()).receipt());
            }
            assertThat(made).isOne();
            assertThat(tokens).hasSize(50).containsOnly(tokens.get(0));
        } finally {
            threads.shutdown();
        }
        assertThat(service.money(alice)).isEqualTo("4000+1000");
    }

    // ---- the payee's part

    static Stream<Map.Entry<String, Function<Draft, Draft>>> wrongOffers() {
        Map<String, Function<Draft, Draft>> all = new LinkedHashMap<>();
        all.put("signature: another key by the same name", draft -> draft.signer(STRANGER));
        all.put("signature: a key nobody lists", draft -> draft.signer(STRANGER.withKid("other")));
        all.put("realm: of another server", draft -> draft.realm("shop.example"));
        all.put("method: another", draft -> draft.method("token"));
        all.put("method: another intent", draft -> draft.intent("session"));
        all.put("method: a capture nobody knows", draft -> draft.detail("capture", "later"));
        all.put("provider: not this service", draft -> draft.detail("providers", "https://other.example"));
        all.put("provider: a name that begins like it", draft -> draft.detail("providers", ORIGIN + ".evil.example"));
        all.put("provider: in another spelling", draft -> draft.detail("providers", "https://API.example.com"));
        all.put("expires: too late", draft -> draft.expiresIn(Duration.ofSeconds(601)));
        all.put(
                "binding: no nonce",
                draft -> draft.opaque(Base64Url.encodeUtf8("{\"rb\":\"" + "A".repeat(43) + "\"}")));
        all.put("binding: none", draft -> draft.opaque(Base64Url.encodeUtf8("{\"n\":\"" + nonce() + "\"}")));
        all.put(
                "binding: the whole realm",
                draft ->
                        draft.opaque(Opaque.realm(nonce(), "http://127.0.0.1:1").format()));
        all.put(
                "binding: a route of a foreign origin",
                draft -> draft.opaque(
                        Opaque.route(nonce(), "docs", "https://shop.example").format()));
        return all.entrySet().stream();
    }

    private static String nonce() {
        return Opaque.newNonce(new SecureRandom());
    }

    @ParameterizedTest
    @MethodSource("wrongOffers")
    @Requirement({"F-WS-7", "F-WS-26", "F-KY-10", "F-KY-20", "T5", "T16"})
    void pay_wrongOffer_isRefusedWithItsReason(Map.Entry<String, Function<Draft, Draft>> wrong) throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = wrong.getValue().apply(service.shop.offer(ORIGIN)).challenge();

        HttpTester.Response answer = service.pay(alice, offer);

        Problem problem = assertProblem(answer, 400, ProblemType.INVALID_CHALLENGE);
        String word = wrong.getKey().substring(0, wrong.getKey().indexOf(':'));
        // What is no binding at all cannot be read.
        assertThat(problem.text("reason").orElseThrow())
                .isIn(word.equals("binding") ? List.of("binding", "form") : List.of(word));
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(service.money(alice)).isEqualTo("5000+0");
        assertProblem(service.look(alice, offer), 404, ProblemType.NOT_FOUND);
    }

    @Test
    @Requirement({"F-WS-7", "T16"})
    void pay_realmWideOfferOfThePayeesOwnOrigin_isRefused() throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = service.shop
                .offer(ORIGIN)
                .opaque(Opaque.realm(nonce(), service.shop.origin().text()).format())
                .challenge();

        Problem problem = assertProblem(service.pay(alice, offer), 400, ProblemType.INVALID_CHALLENGE);
        assertThat(problem.text("reason")).contains("binding");
    }

    @Test
    @Requirement({"F-WS-7", "T16"})
    void pay_expiredOffer_isRefused() throws Exception {
        WalletClient alice = service.payer(5000);

        assertProblem(
                service.pay(
                        alice,
                        service.shop.offer(ORIGIN).expiresIn(Duration.ZERO).challenge()),
                400,
                ProblemType.PAYMENT_EXPIRED);
        assertThat(service.money(alice)).isEqualTo("5000+0");
    }

    @Test
    @Requirement({"F-WS-7", "F-KY-20", "T75"})
    void pay_offerSignedByAKeyForReceipts_isRefused() throws Exception {
        try (Shop shop = new Shop(service.clock)) {
            SigningKey receipts = SigningKey.generate(Algorithm.ED25519, "receipts", new SecureRandom())
                    .withRoles(Set.of(Role.RECEIPT, Role.RELEASE));
            shop.publishes(shop.key(), receipts);
            service.register(shop.origin(), "prompt", "ACTIVE");
            WalletClient alice = service.payer(5000);
            Challenge offer = shop.offer(ORIGIN).challenge();
            Challenge signedWithReceipts = offer.withJws(DetachedJws.sign(
                    receipts.withRoles(Set.of(Role.CHALLENGE)), ArtifactType.CHALLENGE, offer.signedPayload()));

            Problem problem = assertProblem(service.pay(alice, signedWithReceipts), 400, ProblemType.INVALID_CHALLENGE);
            assertThat(problem.text("reason")).contains("signature");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"none\",\"kid\":\"shop-1\",\"typ\":\"payment-challenge+jws\"}",
                "{\"alg\":\"HS256\",\"kid\":\"shop-1\",\"typ\":\"payment-challenge+jws\"}",
                "{\"alg\":\"EdDSA\",\"kid\":\"shop-1\",\"typ\":\"payment-receipt+jws\"}",
                "{\"alg\":\"EdDSA\",\"jwk\":{\"kty\":\"OKP\"},\"kid\":\"shop-1\",\"typ\":\"payment-challenge+jws\"}",
                "{\"alg\":\"EdDSA\",\"jku\":\"http://127.0.0.1:1/\",\"kid\":\"shop-1\",\"typ\":\"payment-challenge+jws\"}",
                "{\"alg\":\"EdDSA\",\"kid\":\"http://127.0.0.1:1/x\",\"typ\":\"payment-challenge+jws\"}"
            })
    @Requirement({"F-KY-53", "T17", "T18", "T21", "T22"})
    void pay_headerThatWantsSomethingElse_isRefused(String header) throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = service.offer();
        String jws = String.valueOf(offer.jws());
        Challenge forged = offer.withJws(Base64Url.encodeUtf8(header) + jws.substring(jws.indexOf('.')));
        int fetches = service.shop.fetches();

        assertProblem(service.pay(alice, forged), 400, ProblemType.INVALID_CHALLENGE);
        assertThat(service.shop.fetches()).isEqualTo(fetches);
    }

    @Test
    @Requirement({"F-KY-14", "F-WS-24", "T21"})
    void pay_recipientNobodyRegistered_isRefusedWithoutAskingIt() throws Exception {
        WalletClient alice = service.payer(5000);
        try (Shop unknown = new Shop(service.clock)) {
            assertProblem(service.pay(alice, unknown.offer(ORIGIN).challenge()), 403, ProblemType.NOT_ALLOWED);
            assertThat(unknown.fetches()).isZero();
        }
        assertProblem(
                service.pay(
                        alice,
                        service.shop
                                .offer(ORIGIN)
                                .recipient("https://shop.example")
                                .challenge()),
                403,
                ProblemType.NOT_ALLOWED);
    }

    @Test
    @Requirement({"F-KY-12", "T5"})
    void pay_payeeOffersForAnotherPayee_isRefused() throws Exception {
        WalletClient alice = service.payer(5000);
        try (Shop other = new Shop(service.clock)) {
            service.register(other.origin(), "prompt", "ACTIVE");
            Challenge offer =
                    service.shop.offer(ORIGIN).recipient(other.origin().text()).challenge();

            assertProblem(service.pay(alice, offer), 400, ProblemType.INVALID_CHALLENGE);
        }
    }

    @Test
    @Requirement({"F-WS-7", "T25"})
    void pay_requestInAnotherForm_isRefused() throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge good = service.offer();
        String spaced =
                Base64Url.encodeUtf8(new String(Base64.getUrlDecoder().decode(good.request()), StandardCharsets.UTF_8)
                        .replace("{\"amount\"", "{ \"amount\""));
        Map<String, String> echo = new TreeMap<>(good.echo());
        echo.put("request", spaced);
        Challenge unsigned = Challenge.ofEcho(echo, "challenge");
        Challenge offer = unsigned.withJws(
                DetachedJws.sign(service.shop.key(), ArtifactType.CHALLENGE, unsigned.signedPayload()));

        Problem problem = assertProblem(service.pay(alice, offer), 400, ProblemType.INVALID_CHALLENGE);
        assertThat(problem.text("reason")).contains("form");
    }

    // ---- the payer's part

    @Test
    @Requirement({"F-WO-4", "F-WS-27", "T71"})
    void pay_orderForAnotherLedger_isRefused() throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = service.offer();
        for (Origin elsewhere : List.of(service.shop.origin(), new Origin("https://other.example"))) {
            String body = new PaymentSubmission(offer, TestService.order(alice, offer, elsewhere)).format();

            assertProblem(send(alice, body), 403, ProblemType.VERIFICATION_FAILED);
        }
        assertThat(service.money(alice)).isEqualTo("5000+0");
    }

    @Test
    @Requirement({"F-WS-25", "F-WR-7", "T53"})
    void pay_orderOfAnotherWallet_isTheOneAnswerToStrangers() throws Exception {
        WalletClient alice = service.payer(5000);
        WalletClient mallory = service.payer(5000);
        String body = TestService.submission(alice, service.offer());

        HttpTester.Response stolen = send(mallory, body);
        assertProblem(stolen, 401, ProblemType.UNAUTHENTICATED);
        assertThat(stolen.get("WWW-Authenticate")).isEqualTo("Bearer");
        assertProblem(send(new WalletClient(service.clock), body), 401, ProblemType.UNAUTHENTICATED);
        assertProblem(
                service.shop.send(service.server(), ORIGIN, "POST", "/v1/payments", body),
                401,
                ProblemType.UNAUTHENTICATED);
        assertThat(service.money(alice)).isEqualTo("5000+0");
    }

    @Test
    @Requirement({"F-WS-27", "T18", "T31"})
    void pay_orderSignedByAnotherKey_isRefused() throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = service.offer();
        PaymentOrder stranger = TestService.order(new WalletClient(service.clock), offer);
        PaymentOrder forged = new PaymentOrder(offer, stranger.maxAmount(), alice.id(), stranger.jws());
        PaymentOrder otherType = new PaymentOrder(
                offer,
                stranger.maxAmount(),
                alice.id(),
                DetachedJws.sign(alice.key(), ArtifactType.RECEIPT, offer.signedPayload()));

        Problem first = assertProblem(
                send(alice, new PaymentSubmission(offer, forged).format()), 403, ProblemType.VERIFICATION_FAILED);
        Problem second = assertProblem(
                send(alice, new PaymentSubmission(offer, otherType).format()), 403, ProblemType.VERIFICATION_FAILED);
        assertThat(first.detail()).isEqualTo(second.detail());
    }

    @ParameterizedTest
    @CsvSource({"exact, 999", "exact, 1001", "upto, 999", "upto, 1001", "upto, 0", "exact, -1", "exact, 01"})
    @Requirement({"F-WO-3", "F-WS-6", "T29"})
    void pay_orderOverAnotherAmount_isNoOrder(String capture, String most) throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = service.shop.offer(ORIGIN).detail("capture", capture).challenge();
        String body = TestService.submission(alice, offer)
                .replace("\"order\":{", "\"order\":{\"maxAmount\":\"" + most + "\",");

        assertProblem(send(alice, body), 400, ProblemType.INVALID_PAYLOAD);
        assertThat(service.money(alice)).isEqualTo("5000+0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"challenge\":{},\"jws\":\"x\",\"order\":{}}",
                "{\"challenge\":null,\"jws\":null,\"order\":null}",
                "{\"challenge\":\"x\",\"jws\":\"x\",\"order\":\"x\"}",
                "{\"challenge\":{},\"challenge\":{}}"
            })
    @Requirement({"F-WS-1", "F-WS-6", "T24"})
    void pay_noSubmission_isBadRequest(String body) throws Exception {
        assertProblem(send(service.payer(1), body), 400, ProblemType.BAD_REQUEST);
    }

    @Test
    @Requirement({"F-WS-1", "T23"})
    void pay_tooLongABody_is413() throws Exception {
        WalletClient alice = service.payer(1);

        Problem problem = assertProblem(send(alice, " ".repeat(32 * 1024 + 1)), 413, ProblemType.BODY_TOO_LARGE);
        assertThat(problem.text("limit")).contains("32768");
    }

    @Test
    @Requirement({"F-WS-6"})
    void pay_membersNobodyDefined_areIgnored() throws Exception {
        WalletClient alice = service.payer(5000);
        Challenge offer = service.offer();
        Map<String, Object> body = new TreeMap<>(
                StrictJson.parseObject(TestService.submission(alice, offer), "body", StrictJson.Limits.BODY));
        body.put("more", Map.of("x", "y"));

        assertThat(send(alice, CanonicalJson.write(body)).getStatus()).isEqualTo(201);
    }

    // ---- the ledger's part

    @Test
    @Requirement({"F-WS-28", "F-PR-32", "T53"})
    void pay_tooLittleMoney_saysHowMuchIsThereAndWhereToGo() throws Exception {
        WalletClient alice = service.payer(999);
        HttpTester.Response answer = service.pay(alice, service.offer());

        Problem problem = assertProblem(answer, 409, ProblemType.INSUFFICIENT_FUNDS);
        assertThat(problem.text("required")).contains("1000");
        assertThat(problem.text("available")).contains("999");
        assertThat(problem.text("currency")).contains("usd.e6");
        assertThat(problem.resolutions()).singleElement().satisfies(way -> {
            assertThat(way.rel()).isEqualTo("top-up");
            assertThat(way.href()).isEqualTo("https://api.example.com/top-up");
        });
        assertThat(answer.get("WWW-Authenticate")).isNull();
    }

    @Test
    @Requirement("F-WS-28")
    void pay_currencyTheWalletDoesNotHave_isTooLittleMoney() throws Exception {
        WalletClient alice = service.payer(5000);

        Problem dollars = assertProblem(
                service.pay(alice, service.shop.offer(ORIGIN).currency("eur.e6").challenge()),
                409,
                ProblemType.INSUFFICIENT_FUNDS);
        assertThat(dollars.text("available")).contains("0");
        assertProblem(
                service.pay(
                        alice, service.shop.offer(ORIGIN).currency("unit:page").challenge()),
                409,
                ProblemType.INSUFFICIENT_CREDITS);
    }

    @Test
    @Requirement({"F-WS-28"})
    void pay_afterATopUp_theSameChallengeIsPaid() throws Exception {
        WalletClient alice = service.payer(1);
        Challenge offer = service.offer();
        assertProblem(service.pay(alice, offer), 409, ProblemType.INSUFFICIENT_FUNDS);

        service.topUp(alice, 5000, "usd.e6");

        assertThat(service.pay(alice, offer).getStatus()).isEqualTo(201);
    }

    @Test
    @Requirement({"F-WS-28", "F-WS-43", "T40", "F-PR-22"})
    void pay_tooOften_hasToWait(@TempDir Path temp) throws Exception {
        try (TestService strict = new TestService(temp, options -> options.paymentsPerMinute(2))) {
            WalletClient alice = strict.payer(5000);
            strict.paid(alice, strict.offer());
            strict.paid(alice, strict.offer());

            HttpTester.Response answer = strict.pay(alice, strict.offer());

            assertProblem(answer, 429, ProblemType.RATE_LIMITED);
            assertThat(answer.get("Retry-After")).isEqualTo("30");
            assertThat(strict.pay(strict.payer(5000), strict.offer()).getStatus())
                    .isEqualTo(201);
        }
    }

    @Test
    @Requirement({"F-WS-28", "T68"})
    void pay_tooManyUncollected_hasToWait() throws Exception {
        WalletClient alice = service.payer(1_000_000);
        for (int i = 0; i < 64; i++) {
            service.paid(alice, service.offer());
        }

        HttpTester.Response answer = service.pay(alice, service.offer());

        assertProblem(answer, 429, ProblemType.RATE_LIMITED);
        assertThat(answer.get("Retry-After")).isNotBlank();
    }

    @Test
    @Requirement({"F-WS-28", "T47", "F-PR-22"})
    void pay_ledgerAway_isNotPaidAndSaysTryAgain(@TempDir Path temp) throws Exception {
        try (TestService broken = new TestService(temp)) {
            WalletClient alice = broken.payer(5000);
            broken.ledger().close();

            HttpTester.Response answer = broken.pay(alice, broken.offer());

            assertProblem(answer, 503, ProblemType.LEDGER_UNAVAILABLE);
            assertThat(answer.get("Retry-After")).isEqualTo("1");
            assertThat(answer.getContent()).doesNotContain("eyJ");
        }
    }

    private HttpTester.Response send(WalletClient payer, String body) throws Exception {
        return payer.send(service.server(), "POST", "/v1/payments", body);
    }
}
