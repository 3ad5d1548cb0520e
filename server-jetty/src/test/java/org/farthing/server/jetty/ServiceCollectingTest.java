package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.jetty.TestService.ORIGIN;
import static org.farthing.server.jetty.TestService.assertProblem;
import static org.farthing.server.jetty.TestService.capture;
import static org.farthing.server.jetty.TestService.release;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.CaptureResults;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.PaymentsPage;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What payees ask of a wallet service: collecting, giving back, listing, refunding; and what others get who try. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceCollectingTest {

    private TestService service;
    private WalletClient alice;

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        service = new TestService(temp);
    }

    @BeforeEach
    void meetAnotherAlice() throws Exception {
        alice = service.payer(5000);
    }

    @AfterAll
    void stop() {
        assertThat(service.ledger().check().toCompletableFuture().join().findings())
                .isEmpty();
        service.close();
    }

    private PaymentReply paid() throws Exception {
        return service.paid(alice, service.offer());
    }

    private List<CaptureResults.Result> results(HttpTester.Response answer) throws Exception {
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        return CaptureResults.parse(TestService.bytes(answer)).results();
    }

    private String outcomes(String items) throws Exception {
        StringBuilder outcomes = new StringBuilder();
        for (CaptureResults.Result result : results(service.collect(items))) {
            Amount amount = result.amount();
            outcomes.append(result.outcome().text())
                    .append(amount == null ? "" : " " + amount.format())
                    .append("; ");
        }
        return outcomes.toString().strip();
    }

    // ---- capture and release

    @Test
    @Requirement({"F-WS-11", "F-WS-12", "F-WS-40"})
    void settle_batch_isAnsweredItemByItemInOrder() throws Exception {
        PaymentReply one = paid();
        PaymentReply two = paid();
        PaymentReply three = paid();
        String unknown = "{\"amount\":\"1\",\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"capture\"}";

        List<CaptureResults.Result> results = results(
                service.collect(capture(one, 1000) + "," + unknown + "," + release(two) + "," + capture(three, 400)));

        assertThat(results)
                .containsExactly(
                        new CaptureResults.Result(
                                one.payment().tokenId(), CaptureResults.Outcome.CAPTURED, Amount.of(1000)),
                        new CaptureResults.Result("AAECAwQFBgcICQoLDA0ODw", CaptureResults.Outcome.UNKNOWN, null),
                        new CaptureResults.Result(two.payment().tokenId(), CaptureResults.Outcome.RELEASED, null),
                        new CaptureResults.Result(
                                three.payment().tokenId(), CaptureResults.Outcome.CAPTURED, Amount.of(400)));
        assertThat(service.money(alice)).isEqualTo("3600+0");
    }

    @Test
    @Requirement({"F-WS-12", "T54"})
    void settle_sameAgain_movesNothing() throws Exception {
        PaymentReply paid = paid();

        assertThat(outcomes(capture(paid, 600))).isEqualTo("captured 600;");
        assertThat(outcomes(capture(paid, 600))).isEqualTo("already-captured 600;");
        assertThat(outcomes(capture(paid, 601))).isEqualTo("conflict 600;");
        assertThat(outcomes(release(paid))).isEqualTo("conflict 600;");
        assertThat(service.money(alice)).isEqualTo("4400+0");

        PaymentReply other = paid();
        assertThat(outcomes(release(other))).isEqualTo("released;");
        assertThat(outcomes(release(other))).isEqualTo("released;");
        assertThat(outcomes(capture(other, 1000))).isEqualTo("conflict;");
        assertThat(service.money(alice)).isEqualTo("4400+0");
    }

    @Test
    @Requirement({"F-WS-12", "T54"})
    void settle_sameTokenTwiceInABatch_firstWins() throws Exception {
        PaymentReply paid = paid();

        assertThat(outcomes(capture(paid, 1000) + "," + release(paid) + "," + capture(paid, 1000)))
                .isEqualTo("captured 1000; conflict 1000; already-captured 1000;");
    }

    @Test
    @Requirement({"F-WS-12", "T72"})
    void settle_captureAndReleaseAtOnce_oneWins() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 10; round++) {
                PaymentReply paid = paid();
                List<Future<String>> racing = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    racing.add(threads.submit(() -> outcomes(capture(paid, 100))));
                    racing.add(threads.submit(() -> outcomes(release(paid))));
                }
                List<String> outcomes = new ArrayList<>();
                for (Future<String> one : racing) {
                    outcomes.add(one.get());
                }
                boolean captured = outcomes.contains("captured 100;");
                assertThat(outcomes)
                        .containsOnly(
                                captured
                                        ? new String[] {"captured 100;", "already-captured 100;", "conflict 100;"}
                                        : new String[] {"released;", "conflict;"});
                assertThat(outcomes)
                        .filteredOn(one -> one.equals("captured 100;"))
                        .hasSizeLessThan(2);
                service.topUp(alice, captured ? 100 : 1, "usd.e6");
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    @Requirement({"F-WS-11", "F-WS-12", "T29"})
    void settle_moreThanWasHeld_isAConflict() throws Exception {
        PaymentReply paid = paid();

        assertThat(outcomes(capture(paid, 1001))).isEqualTo("conflict;");
        assertThat(outcomes(capture(paid, 0))).isEqualTo("captured 0;");
        assertThat(service.money(alice)).isEqualTo("5000+0");
    }

    @Test
    @Requirement({"F-WS-11", "F-WS-12"})
    void settle_otherBinding_isAConflict() throws Exception {
        Challenge offer = service.offer();
        PaymentReply paid = service.paid(alice, offer);
        String rb = String.valueOf(Opaque.parse(String.valueOf(offer.opaque())).rb());
        String item = capture(paid, 1000).replace("}", ",\"rb\":\"" + rb + "\"}");
        String exchanged = capture(paid, 1000).replace("}", ",\"rb\":\"" + "A".repeat(43) + "\"}");

        assertThat(outcomes(exchanged)).isEqualTo("conflict;");
        assertThat(outcomes(item)).isEqualTo("captured 1000;");
    }

    @Test
    @Requirement({"F-WS-12", "F-RT-17"})
    void settle_afterTheHold_isExpiredBeforeAndAfterTheSweep() throws Exception {
        PaymentReply early = paid();
        PaymentReply late = paid();
        service.clock.advance(Duration.ofMinutes(65).minusMillis(1));
        assertThat(outcomes(capture(early, 1000))).isEqualTo("captured 1000;");

        service.clock.advance(Duration.ofMillis(1));
        assertThat(outcomes(capture(late, 1000))).isEqualTo("expired;");
        service.clock.advance(Duration.ofMillis(1));
        service.sweep();
        assertThat(outcomes(capture(late, 1000))).isEqualTo("expired;");
        assertThat(service.money(alice)).isEqualTo("4000+0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"items\":[]}",
                "{\"items\":{}}",
                "{\"items\":[{\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"capture\"}]}",
                "{\"items\":[{\"amount\":1,\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"capture\"}]}",
                "{\"items\":[{\"amount\":\"-1\",\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"capture\"}]}",
                "{\"items\":[{\"amount\":\"1\",\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"release\"}]}",
                "{\"items\":[{\"jti\":\"AAEC\",\"op\":\"release\"}]}",
                "{\"items\":[{\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"steal\"}]}"
            })
    @Requirement({"F-WS-1", "F-WS-11", "T24"})
    void settle_noBatch_isBadRequest(String body) throws Exception {
        assertProblem(send("POST", "/v1/captures", body), 400, ProblemType.BAD_REQUEST);
    }

    @Test
    @Requirement({"F-WS-1", "F-WS-11", "T23"})
    void settle_tooMany_isRefusedWhole() throws Exception {
        PaymentReply paid = paid();
        String items = (release(paid) + ",").repeat(100) + release(paid);

        assertProblem(service.collect(items), 400, ProblemType.BAD_REQUEST);
        assertProblem(send("POST", "/v1/captures", " ".repeat(64 * 1024 + 1)), 413, ProblemType.BODY_TOO_LARGE);
        assertThat(outcomes((release(paid) + ",").repeat(99) + release(paid))).startsWith("released;");
    }

    // ---- who may

    @Test
    @Requirement({"F-WR-3", "F-WR-6", "F-WS-40", "T37", "T53"})
    void payeeRoutes_byAnybodyElse_areTheOneAnswer() throws Exception {
        PaymentReply paid = paid();
        String body = "{\"items\":[" + capture(paid, 1000) + "]}";
        SigningKey stranger = SigningKey.generate(Algorithm.ED25519, "shop-1", new SecureRandom());
        String shop = service.shop.origin().text();

        assertStranger(service.shop.send(service.server(), ORIGIN, "POST", "/v1/captures", body, stranger, shop));
        assertStranger(service.shop.send(
                service.server(), ORIGIN, "POST", "/v1/captures", body, stranger.withKid("other"), shop));
        assertStranger(service.shop.send(
                service.server(), ORIGIN, "POST", "/v1/captures", body, service.shop.key(), "https://unknown.example"));
        assertStranger(alice.send(service.server(), "POST", "/v1/captures", body));
        assertStranger(service.admin("POST", "/v1/captures", body));
        assertThat(service.money(alice)).isEqualTo("4000+1000");
    }

    private static void assertStranger(HttpTester.Response answer) throws Exception {
        Problem problem = assertProblem(answer, 401, ProblemType.UNAUTHENTICATED);
        assertThat(problem.detail())
                .isEqualTo("This needs a request signed by a key of the caller, made for it just now.");
        assertThat(answer.get("WWW-Authenticate")).isEqualTo("Bearer");
    }

    @Test
    @Requirement({"F-WS-40", "T4", "T54"})
    void payeeRoutes_byAnotherPayee_findNothing() throws Exception {
        PaymentReply paid = paid();
        PaymentReply captured = paid();
        service.collect(capture(captured, 1000));
        try (Shop other = new Shop(service.clock)) {
            service.register(other.origin(), "prompt", "ACTIVE");

            assertThat(results(other.send(
                            service.server(),
                            ORIGIN,
                            "POST",
                            "/v1/captures",
                            "{\"items\":[" + capture(paid, 1000) + "," + release(paid) + "]}")))
                    .allSatisfy(result -> assertThat(result.outcome()).isEqualTo(CaptureResults.Outcome.UNKNOWN));
            String refund = "{\"amount\":\"1\",\"idempotencyKey\":\"a\",\"jti\":\""
                    + captured.payment().tokenId() + "\"}";
            assertProblem(
                    other.send(service.server(), ORIGIN, "POST", "/v1/refunds", refund), 404, ProblemType.NOT_FOUND);
            assertThat(other.send(service.server(), ORIGIN, "GET", "/v1/captures", "")
                            .getContent())
                    .isEqualTo("{\"payments\":[]}");
        }
        assertThat(outcomes(capture(paid, 1000))).isEqualTo("captured 1000;");
    }

    @Test
    @Requirement({"F-WS-43", "T40"})
    void payee_askingTooOften_hasToWait(@TempDir Path temp) throws Exception {
        try (TestService strict = new TestService(temp, options -> options.collectionsPerMinute(1))) {
            String path = "/v1/captures";
            assertThat(strict.shop
                            .send(strict.server(), ORIGIN, "GET", path, "")
                            .getStatus())
                    .isEqualTo(200);
            assertProblem(strict.shop.send(strict.server(), ORIGIN, "GET", path, ""), 429, ProblemType.RATE_LIMITED);
        }
    }

    // ---- the list

    @Test
    @Requirement({"F-WS-13", "F-WS-41"})
    void list_pages_areAllPaymentsOnceAndWithoutPayers() throws Exception {
        try (Shop shop = new Shop(service.clock)) {
            service.register(shop.origin(), "prompt", "ACTIVE");
            List<String> made = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                made.add(service.paid(alice, shop.offer(ORIGIN).challenge())
                        .payment()
                        .tokenId());
            }
            List<String> listed = new ArrayList<>();
            String cursor = "";
            do {
                HttpTester.Response answer =
                        shop.send(service.server(), ORIGIN, "GET", "/v1/captures?limit=2" + cursor, "");
                assertThat(answer.getContent()).doesNotContain(alice.id()).doesNotContain("wallet");
                PaymentsPage page = PaymentsPage.parse(TestService.bytes(answer));
                page.payments().forEach(payment -> listed.add(payment.tokenId()));
                cursor = page.next() == null ? "" : "&cursor=" + page.next();
            } while (!cursor.isEmpty());

            assertThat(listed).isEqualTo(made);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=x", "cursor=-1", "limit=1&limit=2"})
    @Requirement({"F-WS-13"})
    void list_badQuery_isBadRequest(String query) throws Exception {
        assertProblem(send("GET", "/v1/captures?" + query, ""), 400, ProblemType.BAD_REQUEST);
    }

    // ---- refunds

    @Test
    @Requirement({"F-WS-14", "F-WS-42", "T54"})
    void refund_partsOfACapture_goBackOnceEach() throws Exception {
        PaymentReply paid = paid();
        service.collect(capture(paid, 800));

        ServicePayment first = ServicePayment.parse(TestService.bytes(service.refund(paid, 300, "a")));
        assertThat(first.refunded()).isEqualTo(Amount.of(300));
        assertThat(first.wallet()).isNull();
        assertThat(service.refund(paid, 300, "a").getStatus()).isEqualTo(200);
        assertProblem(service.refund(paid, 301, "a"), 422, ProblemType.IDEMPOTENCY_CONFLICT);
        assertProblem(service.refund(paid, 501, "b"), 400, ProblemType.BAD_REQUEST);
        assertThat(service.refund(paid, 500, "b").getStatus()).isEqualTo(200);
        assertProblem(service.refund(paid, 1, "c"), 400, ProblemType.BAD_REQUEST);
        assertThat(service.money(alice)).isEqualTo("5000+0");
    }

    @Test
    @Requirement({"F-WS-14", "F-WS-42", "F-PR-22"})
    void refund_ofWhatWasNotCollected_saysWhy() throws Exception {
        PaymentReply held = paid();
        PaymentReply released = paid();
        service.collect(release(released));

        HttpTester.Response waiting = service.refund(held, 1, "a");
        assertProblem(waiting, 409, ProblemType.REQUEST_IN_PROGRESS);
        assertThat(waiting.get("Retry-After")).isEqualTo("1");
        assertProblem(service.refund(released, 1, "a"), 409, ProblemType.PAYMENT_RELEASED);
        service.clock.advance(Duration.ofHours(2));
        assertProblem(service.refund(held, 1, "a"), 409, ProblemType.PAYMENT_RELEASED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"amount\":\"0\",\"idempotencyKey\":\"a\",\"jti\":\"AAECAwQFBgcICQoLDA0ODw\"}",
                "{\"amount\":\"1\",\"idempotencyKey\":\"\",\"jti\":\"AAECAwQFBgcICQoLDA0ODw\"}",
                "{\"amount\":\"1\",\"idempotencyKey\":\"a b\",\"jti\":\"AAECAwQFBgcICQoLDA0ODw\"}",
                "{\"amount\":\"1\",\"idempotencyKey\":\"a\",\"jti\":\"x\"}",
                "{\"amount\":\"1\",\"idempotencyKey\":\"a\",\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"reason\":\"\"}"
            })
    @Requirement({"F-WS-14", "T24"})
    void refund_noOrder_isBadRequest(String body) throws Exception {
        assertProblem(send("POST", "/v1/refunds", body), 400, ProblemType.BAD_REQUEST);
    }

    @Test
    @Requirement({"F-WS-14", "F-WA-24"})
    void refund_reason_standsInTheStatement() throws Exception {
        PaymentReply paid = paid();
        service.collect(capture(paid, 1000));
        String body = "{\"amount\":\"1000\",\"idempotencyKey\":\"a\",\"jti\":\""
                + paid.payment().tokenId() + "\",\"reason\":\"it was broken\"}";
        assertThat(send("POST", "/v1/refunds", body).getStatus()).isEqualTo(200);

        assertThat(alice.get(service.server(), "/v1/wallets/" + alice.id() + "/statement")
                        .getContent())
                .contains("\"challengeId\":\"" + paid.payment().challengeId() + "\"")
                .contains("\"note\":\"it was broken\"");
    }

    @Test
    @Requirement({"F-WS-15", "T37"})
    void frozenPayee_isPaidNothingNewAndCollectsTheRest() throws Exception {
        PaymentReply paid = paid();
        PaymentReply other = paid();
        service.freezeShop(true);
        try {
            assertProblem(service.pay(alice, service.offer()), 403, ProblemType.NOT_ALLOWED);
            assertThat(outcomes(capture(paid, 1000) + "," + release(other))).isEqualTo("captured 1000; released;");
            assertThat(service.refund(paid, 1000, "a").getStatus()).isEqualTo(200);
        } finally {
            service.freezeShop(false);
        }
        assertThat(service.pay(alice, service.offer()).getStatus()).isEqualTo(201);
    }

    private HttpTester.Response send(String method, String path, String body) throws Exception {
        return service.shop.send(service.server(), ORIGIN, method, path, body);
    }
}
