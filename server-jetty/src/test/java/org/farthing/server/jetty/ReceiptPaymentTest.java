package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.ReceiptClaims;
import org.farthing.protocol.wallet.ServicePayment.State;
import org.farthing.server.ledger.OutboxItem;
import org.farthing.server.ledger.OutboxStatus;
import org.farthing.server.offer.PriceList;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipt tokens at a paywall, through the wire: paid once, served once, and refused in every other way. */
class ReceiptPaymentTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private WalletHouse house;

    @BeforeEach
    void start() {
        paywall = new Paywall(folder);
        house = new WalletHouse(paywall.clock);
        paywall.boot(ReceiptPaymentTest::prices, services("5usd"));
    }

    private static void prices(PriceList.Builder prices) {
        prices.charge("/docs/*", Paywall.offer().build());
        prices.charge("/dear/*", Paywall.offer().routeId("dear").build());
        prices.charge("/upto/*", Paywall.offer().routeId("upto").upTo().build());
        prices.charge("/stream/*", Paywall.offer().routeId("stream").upfront().build());
    }

    private Consumer<PaymentHandler> services(String exposure) {
        return handler -> {
            handler.setWalletServices(
                    AcceptedServices.none().with(WalletHouse.ORIGIN.text()).withExposure(exposure));
            handler.setServiceLinks(house.links());
        };
    }

    @AfterEach
    void stop() {
        try {
            assertThat(paywall.balanced()).isTrue();
        } finally {
            paywall.close();
        }
    }

    // ---- paid ----------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-WS-60", "F-CH-40", "S29"})
    void demand_offersOrdersAndReceipts() {
        HttpTester.Response answer = paywall.get("/docs/a");
        assertThat(answer.getValuesList("WWW-Authenticate")).hasSize(2);
        assertThat(paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(answer))
                        .getStatus())
                .isEqualTo(200);
        assertThat(paywall.get("/docs/a", "Authorization: " + house.pay(answer)).getStatus())
                .isEqualTo(200);
    }

    @Test
    @Requirement({"F-WS-65", "F-WS-70", "F-RT-18", "F-ST-30", "F-RC-3", "S47"})
    void receipt_isServedChargedOnceAndCollected() throws Exception {
        Challenge challenge = challenge("/docs/a");
        HttpTester.Response answer = send("/docs/a", house.pay(challenge).format());
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("the document");
        assertThat(answer.get("Payment-Outcome")).isEqualTo("captured;id=\"" + challenge.id() + "\"");
        PaymentReceipt receipt = PaymentReceipt.parse(answer.get("Payment-Receipt"));
        assertThat(receipt.amount()).contains("2000");
        assertThat(receipt.challengeId()).contains(challenge.id());
        collected();
        assertThat(house.payment(challenge.id()).state()).isEqualTo(State.CAPTURED);
        assertThat(house.payment(challenge.id()).captured()).isEqualTo(Amount.of(2_000));
        assertThat(paywall.charge(challenge.id()).terms().wallet()).matches("r_[A-Za-z0-9_-]{22}");
        assertThat(paywall.nothingMoved()).isTrue();
        PaymentStatistics statistics = paywall.handler().statistics();
        Paywall.awaitTrue(() -> statistics.getCollected() == 1, statistics::getCollected);
        assertThat(statistics.getCollectFailed()).isZero();
        assertThat(paywall.handler().isReady()).isTrue();
    }

    @Test
    @Requirement({"F-WS-68", "F-ST-32"})
    void upTo_handlerSaysWhatItUsed_andThatIsCollected() throws Exception {
        paywall.app(Paywall.of((request, response, callback) -> {
            Objects.requireNonNull(PaymentHandler.getPayment(request)).capture(Amount.of(700));
            response.write(true, ByteBuffer.wrap("some".getBytes(StandardCharsets.UTF_8)), callback);
        }));
        Challenge challenge = challenge("/upto/a");
        HttpTester.Response answer = send("/upto/a", house.pay(challenge).format());
        PaymentReceipt receipt = PaymentReceipt.parse(answer.get("Payment-Receipt"));
        assertThat(receipt.amount()).contains("700");
        assertThat(receipt.authorized()).contains("2000");
        collected();
        assertThat(house.payment(challenge.id()).captured()).isEqualTo(Amount.of(700));
    }

    @Test
    @Requirement({"F-WS-68", "F-ST-32"})
    void upTo_handlerUsedNothing_collectsZero() throws Exception {
        paywall.app(Paywall.of((request, response, callback) -> {
            Objects.requireNonNull(PaymentHandler.getPayment(request)).capture(Amount.ZERO);
            response.write(true, ByteBuffer.wrap("none".getBytes(StandardCharsets.UTF_8)), callback);
        }));
        Challenge challenge = challenge("/upto/a");
        HttpTester.Response answer = send("/upto/a", house.pay(challenge).format());
        assertThat(PaymentReceipt.parse(answer.get("Payment-Receipt")).amount()).contains("0");
        collected();
        assertThat(house.payment(challenge.id()).state()).isEqualTo(State.CAPTURED);
        assertThat(house.payment(challenge.id()).captured()).isEqualTo(Amount.ZERO);
    }

    @Test
    @Requirement({"F-ST-35", "F-WS-70"})
    void upfrontRoute_collectsWhatWasDelivered() {
        Challenge challenge = challenge("/stream/a");
        HttpTester.Response answer = send("/stream/a", house.pay(challenge).format());
        assertThat(answer.getStatus()).isEqualTo(200);
        collected();
        assertThat(house.payment(challenge.id()).state()).isEqualTo(State.CAPTURED);
    }

    @Test
    @Requirement({"F-ST-31", "F-WS-70", "F-OU-20"})
    void handlerFails_releasesAtTheService() throws Exception {
        paywall.app(Paywall.status(500));
        Challenge challenge = challenge("/docs/a");
        String value = house.pay(challenge).format();
        HttpTester.Response answer = send("/docs/a", value);
        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(answer.get("Payment-Outcome")).startsWith("released;");
        collected();
        assertThat(house.payment(challenge.id()).state()).isEqualTo(State.RELEASED);
        HttpTester.Response again = send("/docs/a", value);
        Problem problem = problem(again, 503, ProblemType.PAYMENT_RELEASED, "released");
        assertThat(problem.extensions().get("release")).isInstanceOf(Map.class);
        assertThat(again.get("WWW-Authenticate")).isNull();
    }

    // ---- again ---------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T1", "F-RE-1", "F-RE-12"})
    void sameBytes_getTheStoredAnswer() {
        String value = house.pay(challenge("/docs/a")).format();
        HttpTester.Response first = send("/docs/a", value);
        HttpTester.Response again = send("/docs/a", value);
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertThat(again.getContent()).isEqualTo(first.getContent());
        assertThat(again.get("Payment-Receipt")).isEqualTo(first.get("Payment-Receipt"));
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"F-RE-12", "T62", "F-WS-69"})
    void sameTokenInOtherBytes_409WithoutTheAnswer() throws Exception {
        Challenge challenge = challenge("/docs/a");
        String token = house.token(challenge).format();
        send("/docs/a", WalletHouse.credential(challenge, token).format());
        String other = Credential.of(challenge, null, Map.of("type", "receipt", "receipt", token, "note", "again"))
                .format();
        HttpTester.Response answer = send("/docs/a", other);
        problem(answer, 409, ProblemType.ALREADY_FULFILLED, "captured");
        assertThat(answer.getContent()).doesNotContain("the document");
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"F-RE-6", "T62", "F-WS-69"})
    void anotherTokenForAClaimedChallenge_isAStrangers() throws Exception {
        Challenge challenge = challenge("/docs/a");
        send("/docs/a", house.pay(challenge).format());
        Problem problem =
                problem(send("/docs/a", house.pay(challenge).format()), 402, ProblemType.INVALID_CHALLENGE, "refused");
        assertThat(problem.text("reason")).contains("used");
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"T3", "F-ST-11", "F-RE-10", "F-RT-18"})
    void fiftyAtOnce_oneExecutionAndFiftyEqualAnswers() {
        parallel(List.of(paywall));
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"T2", "T3", "F-RT-18"})
    void fiftyAtTwoNodes_oneExecution() {
        try (Paywall second = new Paywall(paywall, Paywall.ORIGIN)) {
            second.boot(ReceiptPaymentTest::prices, services("5usd"));
            parallel(List.of(paywall, second));
            assertThat(paywall.executions.get() + second.executions.get()).isEqualTo(1);
        }
    }

    private void parallel(List<Paywall> nodes) {
        String header = "Authorization: " + house.pay(challenge("/docs/a")).format();
        CyclicBarrier barrier = new CyclicBarrier(50);
        List<CompletableFuture<HttpTester.Response>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Paywall node = nodes.get(i % nodes.size());
            answers.add(Paywall.beside(() -> {
                await(barrier);
                return node.get("/docs/a", header);
            }));
        }
        Set<String> distinct = new HashSet<>();
        for (CompletableFuture<HttpTester.Response> each : answers) {
            HttpTester.Response answer = each.join();
            if (answer.getStatus() == 409 && nodes.size() > 1) {
                // The other node is at work: nobody there can tell when it will be done.
                assertThat(answer.get("Payment-Outcome")).startsWith("pending;");
                continue;
            }
            assertThat(answer.getStatus()).isEqualTo(200);
            distinct.add(answer.getContent() + answer.get("Payment-Receipt") + answer.get("Payment-Outcome"));
        }
        assertThat(distinct).hasSize(1);
        collected();
        assertThat(house.payments()).hasSize(1);
        assertThat(house.payments().get(0).captured()).isEqualTo(Amount.of(2_000));
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    // ---- somewhere else ------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T4", "F-RE-2", "F-SV-7"})
    void tokenOfAnotherRoute_isRefused() throws Exception {
        Challenge cheap = challenge("/docs/a");
        String value = house.pay(cheap).format();
        problem(send("/dear/a", value), 402, ProblemType.INVALID_CHALLENGE, "refused");
        problem(send("/docs/b", value), 402, ProblemType.INVALID_CHALLENGE, "refused");
        problem(send("/docs/a?x=1", value), 402, ProblemType.INVALID_CHALLENGE, "refused");
        Challenge dear = challenge("/dear/a");
        String moved = WalletHouse.credential(dear, house.token(cheap).format()).format();
        problem(send("/dear/a", moved), 402, ProblemType.VERIFICATION_FAILED, "refused");
        untouched();
    }

    @Test
    @Requirement({"T5", "F-RT-13", "F-RT-15"})
    void tokenOfAnotherPayee_isRefused() throws Exception {
        try (Paywall other = new Paywall(paywall, "https://other.example")) {
            other.boot(ReceiptPaymentTest::prices, services("5usd"));
            Challenge here = challenge("/docs/a");
            String value = "Authorization: " + house.pay(here).format();
            problem(other.get("/docs/a", value), 402, ProblemType.INVALID_CHALLENGE, "refused");
            Challenge there = WalletHouse.challengeOf(other.get("/docs/a"));
            String moved =
                    WalletHouse.credential(there, house.token(here).format()).format();
            problem(other.get("/docs/a", "Authorization: " + moved), 402, ProblemType.VERIFICATION_FAILED, "refused");
            assertThat(other.executions).hasValue(0);
        }
        untouched();
    }

    @Test
    @Requirement({"F-RT-15", "F-RT-3"})
    void tokenOfAnotherChallengeForTheSameRequest_isRefused() throws Exception {
        Challenge first = challenge("/docs/a");
        Challenge second = challenge("/docs/a");
        String moved =
                WalletHouse.credential(second, house.token(first).format()).format();
        problem(send("/docs/a", moved), 402, ProblemType.VERIFICATION_FAILED, "refused");
        untouched();
    }

    @Test
    @Requirement({"T16", "F-SV-11", "F-ST-14", "F-RE-18"})
    void tokenAfterTheChallengeExpired_isRefused() throws Exception {
        String value = house.pay(challenge("/docs/a")).format();
        paywall.clock.advance(Duration.ofMinutes(5));
        problem(send("/docs/a", value), 402, ProblemType.PAYMENT_EXPIRED, "refused");
        untouched();
    }

    // ---- another token -------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T16", "F-RT-12", "F-RT-13", "F-RT-14", "F-RT-15", "F-RT-16", "F-RT-17"})
    void tokenWithAClaimThatDoesNotFit_isRefused() throws Exception {
        long now = paywall.clock.instant().getEpochSecond();
        forged(Map.of("iss", "https://pay.example.org"), ProblemType.VERIFICATION_FAILED);
        forged(Map.of("aud", "https://other.example"), ProblemType.VERIFICATION_FAILED);
        forged(Map.of("cid", "other"), ProblemType.VERIFICATION_FAILED);
        forged(Map.of("ch", Base64Url.encode(RANDOM.generateSeed(32))), ProblemType.VERIFICATION_FAILED);
        forged(Map.of("amount", "2001"), ProblemType.VERIFICATION_FAILED);
        forged(Map.of("amount", "1999"), ProblemType.PAYMENT_INSUFFICIENT);
        forged(Map.of("currency", "usd"), ProblemType.VERIFICATION_FAILED);
        forged(Map.of("iat", now + 60), ProblemType.VERIFICATION_FAILED);
        forged(Map.of("iat", now - 300, "exp", now - 30), ProblemType.VERIFICATION_FAILED);
        forged(Map.of("exp", now + 301), ProblemType.VERIFICATION_FAILED);
        forged(Map.of("hold_exp", now + 3599), ProblemType.VERIFICATION_FAILED);
        forged(
                Map.of("cnf", Map.of("jkt", Base64Url.encode(RANDOM.generateSeed(32)))),
                ProblemType.VERIFICATION_FAILED);
        untouched();
    }

    private void forged(Map<String, Object> changes, ProblemType expected) throws Exception {
        Challenge challenge = challenge("/docs/a");
        String token = house.forge(house.mint, ArtifactType.RECEIPT_TOKEN, house.claims(challenge), changes);
        HttpTester.Response answer =
                send("/docs/a", WalletHouse.credential(challenge, token).format());
        problem(answer, 402, expected, "refused");
        assertThat(answer.getValuesList("WWW-Authenticate")).hasSize(2);
    }

    @Test
    @Requirement({"T17", "T18", "T75", "F-RT-10", "F-RT-11", "F-WS-64"})
    void tokenSignedInAnotherWay_isRefused() throws Exception {
        Challenge challenge = challenge("/docs/a");
        ReceiptClaims claims = house.claims(challenge);
        SigningKey stranger = WalletHouse.mintKey("mint-1");
        SigningKey unknown = WalletHouse.mintKey("mint-9");
        SigningKey shop = SigningKey.generate(Algorithm.ED25519, "shop-1", RANDOM);
        house.publish(house.mint.publicKey(), shop.publicKey());
        SigningKey asMint = shop.withRoles(Set.of(Role.RECEIPT_TOKEN));
        for (String token : List.of(
                house.forge(stranger, ArtifactType.RECEIPT_TOKEN, claims, Map.of()),
                house.forge(unknown, ArtifactType.RECEIPT_TOKEN, claims, Map.of()),
                house.forge(asMint, ArtifactType.RECEIPT_TOKEN, claims, Map.of()),
                house.forge(house.mint, ArtifactType.WALLET_REQUEST, claims, Map.of()),
                unsigned(claims, "none"),
                unsigned(claims, "HS256"))) {
            problem(
                    send("/docs/a", WalletHouse.credential(challenge, token).format()),
                    402,
                    ProblemType.VERIFICATION_FAILED,
                    "refused");
        }
        untouched();
    }

    private String unsigned(ReceiptClaims claims, String alg) {
        String signed = house.forge(house.mint, ArtifactType.RECEIPT_TOKEN, claims, Map.of());
        String header =
                Base64Url.encodeUtf8("{\"alg\":\"" + alg + "\",\"kid\":\"mint-1\",\"typ\":\"receipt-token+jwt\"}");
        String body = signed.substring(signed.indexOf('.'), signed.lastIndexOf('.') + 1);
        return header + body + (alg.equals("none") ? "" : Base64Url.encode(new byte[32]));
    }

    @Test
    @Requirement({"T37", "F-KY-30", "F-WS-62", "F-RE-3"})
    void keyWithdrawnAfterTheToken_isRefused_andWhatWasServedIsSentAgain() throws Exception {
        String served = house.pay(challenge("/docs/a")).format();
        HttpTester.Response first = send("/docs/a", served);
        Challenge challenge = challenge("/docs/b");
        String late = house.pay(challenge).format();
        house.publish(WalletHouse.mintKey("mint-2").publicKey());
        paywall.scheduler.advance(Duration.ofMinutes(4));
        problem(send("/docs/b", late), 402, ProblemType.VERIFICATION_FAILED, "refused");
        HttpTester.Response again = send("/docs/a", served);
        assertThat(again.get("Payment-Receipt")).isEqualTo(first.get("Payment-Receipt"));
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
    }

    @Test
    @Requirement({"T18", "F-SV-9", "F-RT-1"})
    void orderForAServicesChallenge_andReceiptForAnOrders_areRefused() throws Exception {
        HttpTester.Response demand = paywall.get("/docs/a");
        Challenge service = WalletHouse.challengeOf(demand);
        Challenge own = Challenge.parse(demand.getValuesList("WWW-Authenticate").get(0));
        problem(
                send("/docs/a", paywall.alice.credential(service).format()),
                402,
                ProblemType.INVALID_PAYLOAD,
                "refused");
        String token = house.token(service).format();
        problem(
                send("/docs/a", WalletHouse.credential(own, token).format()),
                402,
                ProblemType.INVALID_PAYLOAD,
                "refused");
        untouched();
    }

    @Test
    @Requirement({"T35", "F-RC-8", "F-RT-1"})
    void payeesReceipt_isNoPayment() throws Exception {
        Challenge first = challenge("/docs/a");
        String receipt = send("/docs/a", house.pay(first).format()).get("Payment-Receipt");
        String jws = PaymentReceipt.parse(receipt).jws().orElseThrow();
        Challenge second = challenge("/docs/a");
        for (String ticket : List.of(receipt, jws)) {
            problem(
                    send("/docs/a", WalletHouse.credential(second, ticket).format()),
                    402,
                    ProblemType.VERIFICATION_FAILED,
                    "refused");
        }
        assertThat(paywall.executions).hasValue(1);
    }

    // ---- trust that ends -----------------------------------------------------------------------------------------

    @Test
    @Requirement({"T61", "F-WS-66", "F-OU-4", "T47"})
    void moreThanTheServiceIsTrustedWith_503UntilItIsCollected() throws Exception {
        paywall.stopServer();
        paywall.boot(ReceiptPaymentTest::prices, services("0.004usd"));
        house.goAway();
        assertThat(send("/docs/a", house.pay(challenge("/docs/a")).format()).getStatus())
                .isEqualTo(200);
        assertThat(send("/docs/b", house.pay(challenge("/docs/b")).format()).getStatus())
                .isEqualTo(200);
        Challenge third = challenge("/docs/c");
        String value = house.pay(third).format();
        // An id of its own: a random one may have any digits in it.
        HttpTester.Response refused = paywall.get("/docs/c", "Authorization: " + value, "X-Request-Id: third");
        problem(refused, 503, ProblemType.LEDGER_UNAVAILABLE, "pending");
        assertThat(refused.get("WWW-Authenticate")).isNull();
        assertThat(refused.get("Retry-After")).isEqualTo("5");
        assertThat(refused.getContent().replace(third.id(), "")).doesNotContain("4000", "0.004");
        assertThat(paywall.executions).hasValue(2);
        // Whoever has money here goes on paying.
        assertThat(paywall.buy("/docs/d").getStatus()).isEqualTo(200);
        putOff(Duration.ofSeconds(1));
        house.comeBack();
        paywall.clock.advance(Duration.ofMinutes(2));
        paywall.scheduler.advance(Duration.ofMinutes(2));
        collected();
        assertThat(send("/docs/c", value).getStatus()).isEqualTo(200);
        collected();
    }

    @Test
    @Requirement({"T37", "F-WS-63", "T47"})
    void keysTooOld_503PendingAndNoChallenge_andStoredAnswersGoOn() throws Exception {
        String served = house.pay(challenge("/docs/a")).format();
        send("/docs/a", served);
        collected();
        // Nobody refreshes: the scheduler of this test does not move.
        paywall.clock.advance(Duration.ofMinutes(15));
        house.publish();
        assertThat(paywall.handler().isReady()).isFalse();
        Challenge challenge = challenge("/docs/b");
        house.unplug();
        HttpTester.Response answer = send("/docs/b", house.pay(challenge).format());
        problem(answer, 503, ProblemType.LEDGER_UNAVAILABLE, "pending");
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(answer.get("Retry-After")).isEqualTo("5");
    }

    @Test
    @Requirement({"F-RE-31", "T77", "F-WS-69"})
    void idempotencyKey_isOfOneTokenOnly() {
        for (int i = 1; i <= 2; i++) {
            Challenge challenge = WalletHouse.challengeOf(paywall.send("POST", "/docs/a", null));
            HttpTester.Response answer = paywall.send(
                    "POST",
                    "/docs/a",
                    null,
                    "Idempotency-Key: one",
                    "Authorization: " + house.pay(challenge).format());
            assertThat(answer.getStatus()).isEqualTo(200);
            assertThat(answer.get("Payment-Replayed")).isNull();
            assertThat(paywall.executions).hasValue(i);
        }
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private Challenge challenge(String path) {
        return WalletHouse.challengeOf(paywall.get(path));
    }

    private HttpTester.Response send(String path, String credential) {
        return paywall.get(path, "Authorization: " + credential);
    }

    private void untouched() {
        assertThat(paywall.executions).hasValue(0);
        assertThat(status()).isNull();
        assertThat(house.batches).isEmpty();
    }

    /** Waits until the service has been told everything. */
    private void collected() {
        until(
                () -> {
                    OutboxStatus status = status();
                    return status == null || (status.waiting() == 0 && status.exposure() == 0);
                },
                this::status);
    }

    /** Waits until all has been tried and put off for so long: a timer that is set after time passed would not go off. */
    private void putOff(Duration pause) {
        until(() -> waiting().stream().allMatch(item -> item.result() != null), this::waiting);
        paywall.scheduler.awaitScheduled(pause, 1);
    }

    private List<OutboxItem> waiting() {
        return Paywall.await(paywall.ledger().outbox().items(OutboxItem.State.WAITING, 0, 10));
    }

    private @Nullable OutboxStatus status() {
        List<OutboxStatus> all = Paywall.await(paywall.ledger().outbox().status());
        return all.isEmpty() ? null : all.get(0);
    }

    private static Problem problem(HttpTester.Response answer, int status, ProblemType type, String outcome)
            throws Exception {
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(type);
        assertThat(answer.getStatus()).isEqualTo(status);
        assertThat(answer.get("Payment-Outcome")).startsWith(outcome + ";");
        assertThat(answer.get("Payment-Receipt")).isNull();
        return problem;
    }

    /** Waits until it is so, and lets the courier go on from one call to the next meanwhile. */
    private void until(BooleanSupplier condition, Supplier<?> otherwise) {
        Paywall.awaitTrue(
                () -> {
                    paywall.scheduler.run(WalletHouse.BETWEEN_CALLS);
                    return condition.getAsBoolean();
                },
                otherwise);
    }
}
