package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.CaptureBatch;
import org.farthing.protocol.wallet.CaptureResults.Outcome;
import org.farthing.protocol.wallet.CaptureResults.Result;
import org.farthing.protocol.wallet.ServicePayment.State;
import org.farthing.server.collect.Reconciliation;
import org.farthing.server.collect.ReconciliationReport;
import org.farthing.server.collect.ReconciliationReport.Sum;
import org.farthing.server.collect.ServiceCallException;
import org.farthing.server.gate.PaymentEvent;
import org.farthing.server.gate.PaymentEvent.Kind;
import org.farthing.server.ledger.OutboxItem;
import org.farthing.server.ledger.OutboxStatus;
import org.farthing.server.ledger.RefundResult;
import org.farthing.server.ledger.Totals;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a wallet service owes is collected, whatever the service does meanwhile (spec/wallet-service.md, "Collecting"). */
class CollectingTest {

    private static final Origin PAYEE = new Origin(Paywall.ORIGIN);

    /** From one look into the outbox until the next, if nobody wakes the courier. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private WalletHouse house;

    @BeforeEach
    void start() {
        paywall = new Paywall(folder);
        house = new WalletHouse(paywall.clock);
        boot();
    }

    private void boot() {
        paywall.boot(prices -> prices.charge("/docs/*", Paywall.offer().build()), handler -> {
            handler.setWalletServices(AcceptedServices.none().with(WalletHouse.ORIGIN.text()));
            handler.setServiceLinks(house.links());
        });
    }

    @AfterEach
    void stop() {
        try {
            assertThat(paywall.balanced()).isTrue();
        } finally {
            paywall.close();
        }
    }

    // ---- a service in trouble ------------------------------------------------------------------------------------

    @Test
    @Requirement({"T61", "T47", "F-WS-71", "F-WS-72"})
    void serviceAway_isToldLater_withPausesThatGrow() throws Exception {
        house.goAway();
        Challenge challenge = buy("/docs/a");
        awaitTold(1);
        awaitPutOff(Duration.ofSeconds(1));
        pass(Duration.ofMillis(999));
        assertThat(house.batches).hasSize(1);
        pass(Duration.ofMillis(1));
        awaitTold(2);
        awaitPutOff(Duration.ofSeconds(2));
        pass(Duration.ofMillis(1_999));
        assertThat(house.batches).hasSize(2);
        pass(Duration.ofMillis(1));
        awaitTold(3);
        awaitPutOff(Duration.ofSeconds(4));
        assertThat(house.payment(challenge.id()).state()).isEqualTo(State.HELD);
        house.comeBack();
        assertThat(reconcile().pending()).containsEntry("usd.e6", new Sum(1, 2_000));
        pass(Duration.ofSeconds(4));
        collected();
        assertThat(house.payment(challenge.id()).state()).isEqualTo(State.CAPTURED);
        assertThat(reconcile().agreed()).containsEntry("usd.e6", new Sum(1, 2_000));
        awaitHeard(Kind.COLLECTED);
        assertThat(kinds()).doesNotContain(Kind.COLLECT_FAILED);
    }

    @Test
    @Requirement({"F-WS-72", "T61"})
    void serviceThatRefusesUs_isToldLater() throws Exception {
        for (Refusal refusal : List.of(
                new Refusal(500, null, Duration.ofSeconds(1)),
                new Refusal(503, Duration.ofSeconds(20), Duration.ofSeconds(20)),
                new Refusal(401, null, Duration.ofSeconds(1)),
                new Refusal(429, Duration.ofDays(1), Duration.ofMinutes(1)))) {
            house.refuse(ServiceCallException.refused("no", refusal.status(), null, refusal.asked()));
            int told = house.batches.size();
            buy("/docs/" + told);
            awaitTold(told + 1);
            awaitPutOff(refusal.pause());
            house.comeBack();
            pass(Duration.ofMinutes(1));
            collected();
        }
        assertThat(reconcile().differing()).isZero();
        assertThat(reconcile().agreed()).containsEntry("usd.e6", new Sum(4, 8_000));
    }

    /** What a service says, and how long it is left alone then. */
    private record Refusal(int status, @Nullable Duration asked, Duration pause) {}

    @Test
    @Requirement({"F-WS-71", "T47"})
    void answerLost_isAskedAgain_andCollectedOnce() throws Exception {
        CompletableFuture<Void> answer = house.answerLater();
        Challenge challenge = buy("/docs/a");
        awaitTold(1);
        answer.completeExceptionally(ServiceCallException.unreachable("the connection broke"));
        awaitPutOff(Duration.ofSeconds(1));
        assertThat(house.payment(challenge.id()).state()).isEqualTo(State.CAPTURED);
        assertThat(reconcile().pending()).containsEntry("usd.e6", new Sum(1, 2_000));
        pass(Duration.ofSeconds(1));
        collected();
        assertThat(house.batches).hasSize(2);
        assertThat(house.payment(challenge.id()).captured()).isEqualTo(Amount.of(2_000));
        assertThat(reconcile().agreed()).containsEntry("usd.e6", new Sum(1, 2_000));
    }

    @Test
    @Requirement({"F-WS-73", "F-SV-63"})
    void slowService_getsOneCallAtATime_andHoldsUpNoRequest() throws Exception {
        CompletableFuture<Void> answer = house.answerLater();
        buy("/docs/1");
        awaitTold(1);
        for (int i = 2; i <= 5; i++) {
            buy("/docs/" + i);
        }
        assertThat(house.batches).hasSize(1);
        answer.complete(null);
        collected();
        assertThat(house.batches).hasSizeLessThanOrEqualTo(5);
        assertThat(house.batches.stream()
                        .mapToInt(batch -> batch.items().size())
                        .sum())
                .isEqualTo(5);
        assertThat(reconcile().agreed()).containsEntry("usd.e6", new Sum(5, 10_000));
    }

    @Test
    @Requirement({"F-WS-73", "F-WS-11"})
    void manyItems_goInBatchesOfOneHundredAndEachOnce() throws Exception {
        house.goAway();
        for (int i = 0; i < 130; i++) {
            buy("/docs/" + i);
        }
        awaitPutOff(Duration.ofSeconds(1));
        house.comeBack();
        house.batches.clear();
        pass(Duration.ofMinutes(2));
        collected();
        Set<String> tokens = new HashSet<>();
        for (CaptureBatch batch : house.batches) {
            assertThat(batch.items()).hasSizeLessThanOrEqualTo(100);
            batch.items().forEach(item -> assertThat(tokens.add(item.tokenId())).isTrue());
        }
        assertThat(tokens).hasSize(130);
        assertThat(reconcile().agreed()).containsEntry("usd.e6", new Sum(130, 260_000));
    }

    @Test
    @Requirement({"F-WS-73"})
    void wholeBatches_goOneAfterTheOther_andTheRestWaits() throws Exception {
        putOff(250);
        // No timer runs from here: what goes, goes without a pause.
        Paywall.awaitTrue(() -> house.batches.size() >= 2, house.batches::size);
        assertThat(sizes()).containsExactly(100, 100);
        collected();
        assertThat(sizes()).containsExactly(100, 100, 50);
        assertThat(reconcile().agreed()).containsEntry("usd.e6", new Sum(250, 500_000));
    }

    @Test
    @Requirement({"F-WS-72", "F-WS-73"})
    void serviceThatCountsCalls_isGivenItsPause() throws Exception {
        house.refuse(ServiceCallException.refused("too many", 429, null, null));
        buy("/docs/first");
        awaitTold(1);
        awaitPutOff(Duration.ofSeconds(1));
        house.comeBack();
        pass(Duration.ofSeconds(1));
        collected();
        pass(Duration.ofSeconds(1));

        putOff(250);
        Paywall.awaitTrue(() -> status().waiting() == 150, this::status);
        assertThat(sizes()).containsExactly(100);
        collected();
        assertThat(sizes()).containsExactly(100, 100, 50);
    }

    /** Sells while the service is away, and lets it come back when all of it is due at once. */
    private void putOff(int payments) throws Exception {
        house.goAway();
        for (int i = 0; i < payments; i++) {
            buy("/docs/" + i);
        }
        awaitPutOff(Duration.ofSeconds(1));
        house.comeBack();
        house.batches.clear();
        pass(Duration.ofSeconds(1));
    }

    private List<Integer> sizes() {
        return house.batches.stream().map(batch -> batch.items().size()).toList();
    }

    @Test
    @Requirement({"F-WS-71", "F-WS-75", "T45"})
    void processThatEnds_leavesItToTheNext() throws Exception {
        CompletableFuture<Void> lost = house.answerLater();
        Challenge told = buy("/docs/a");
        awaitTold(1);
        house.goAway();
        Challenge untold = buy("/docs/b");
        // Without a word to anybody, as a kill would; what the service did is not known here.
        paywall.crash(prices -> {});
        lost.completeExceptionally(ServiceCallException.unreachable("nobody is there to hear it"));
        paywall.stopServer();
        house.comeBack();
        boot();
        // Its first look is over: a timer that is set after time passed would not go off.
        paywall.scheduler.awaitScheduled(IDLE, 1);
        pass(Duration.ofSeconds(30));
        collected();
        assertThat(house.payment(told.id()).captured()).isEqualTo(Amount.of(2_000));
        assertThat(house.payment(untold.id()).captured()).isEqualTo(Amount.of(2_000));
        assertThat(reconcile().agreed()).containsEntry("usd.e6", new Sum(2, 4_000));
    }

    // ---- a service that refuses ----------------------------------------------------------------------------------

    @Test
    @Requirement({"T61", "F-WS-74", "F-WS-76", "F-WS-82"})
    void captureTooLate_isLost_alarmedAndWrittenOffByTheOperator() throws Exception {
        house.goAway();
        Challenge challenge = buy("/docs/a");
        awaitPutOff(Duration.ofSeconds(1));
        paywall.clock.advance(Duration.ofMinutes(66));
        house.comeBack();
        paywall.scheduler.advance(Duration.ofMinutes(66));
        OutboxItem failed = awaitFailed();
        assertThat(failed.result()).isEqualTo("expired");
        awaitHeard(Kind.COLLECT_FAILED);
        assertThat(kinds()).doesNotContain(Kind.COLLECTED);
        assertThat(paywall.handler().statistics().getCollectFailed()).isEqualTo(1);
        assertThat(status().exposure()).isEqualTo(2_000);
        ReconciliationReport report = reconcile();
        assertThat(report.differing()).isEqualTo(1);
        assertThat(report.differences().get(0).challengeId()).isEqualTo(challenge.id());
        assertThat(report.differences().get(0).tokenId()).isEqualTo(failed.tokenId());
        assertThat(report.differences().get(0).here()).isEqualTo(2_000);
        assertThat(report.differences().get(0).there()).isZero();
        assertThat(Paywall.await(paywall.ledger().outbox().writeOff(failed.seq(), "too late")))
                .isTrue();
        assertThat(status().exposure()).isZero();
        assertThat(reconcile().differing()).isZero();
    }

    @Test
    @Requirement({"T61", "F-WS-74"})
    void everyOtherAnswerToACapture_isLost() throws Exception {
        int lost = 0;
        for (Outcome outcome : List.of(Outcome.CONFLICT, Outcome.EXPIRED, Outcome.UNKNOWN, Outcome.RELEASED)) {
            house.lie(result -> new Result(result.tokenId(), outcome, null));
            buy("/docs/" + outcome);
            lost++;
            int expected = lost;
            until(() -> status().failed() == expected, this::status);
        }
        house.lie(result -> new Result(result.tokenId(), Outcome.CAPTURED, Amount.of(1_999)));
        buy("/docs/less");
        until(() -> status().failed() == 5, this::status);
        assertThat(status().exposure()).isEqualTo(10_000);
        assertThat(status().failedAmount()).isEqualTo(10_000);
    }

    @Test
    @Requirement("F-WS-74")
    void someOfABatchRefused_theOthersAreCollected() throws Exception {
        house.goAway();
        Challenge gone = buy("/docs/a");
        Challenge good = buy("/docs/b");
        awaitPutOff(Duration.ofSeconds(1));
        house.put(gone.id(), State.RELEASED, 0);
        house.comeBack();
        pass(Duration.ofMinutes(1));
        OutboxItem failed = awaitFailed();
        assertThat(failed.challengeId()).isEqualTo(gone.id());
        assertThat(failed.result()).isEqualTo("conflict");
        until(() -> status().waiting() == 0, this::status);
        assertThat(house.payment(good.id()).state()).isEqualTo(State.CAPTURED);
        assertThat(reconcile().agreed()).containsEntry("usd.e6", new Sum(1, 2_000));
    }

    @Test
    @Requirement({"F-WS-74", "F-OU-20"})
    void releaseThatComesAfterThePayers_isDone() {
        paywall.app(Paywall.status(500));
        house.lie(result -> new Result(result.tokenId(), Outcome.UNKNOWN, null));
        paywall.get("/docs/a", "Authorization: " + house.pay(paywall.get("/docs/a")));
        collected();
        assertThat(status().failed()).isZero();
        assertThat(kinds()).doesNotContain(Kind.COLLECT_FAILED);
    }

    @Test
    @Requirement({"F-WS-74", "F-WS-71"})
    void listenerThatThrows_keepsNothingFromBeingCollected() throws Exception {
        paywall.stopServer();
        paywall.boot(prices -> prices.charge("/docs/*", Paywall.offer().build()), handler -> {
            handler.setWalletServices(AcceptedServices.none().with(WalletHouse.ORIGIN.text()));
            handler.setServiceLinks(house.links());
            handler.setEvents(event -> {
                throw new IllegalStateException("a listener's bug");
            });
        });
        for (int i = 0; i < 3; i++) {
            buy("/docs/" + i);
        }
        collected();
        assertThat(reconcile().agreed()).containsEntry("usd.e6", new Sum(3, 6_000));
    }

    // ---- refunds -------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-WS-77", "F-ST-52", "T54"})
    void refund_waitsBehindItsCapture_andIsToldOnce() throws Exception {
        house.goAway();
        Challenge challenge = buy("/docs/a");
        awaitPutOff(Duration.ofSeconds(1));
        RefundResult part = Paywall.await(paywall.handler()
                .refunds()
                .part("ch_" + challenge.id(), Money.parse("0.0005usd"), "r1", "half a page"));
        assertThat(part).isInstanceOf(RefundResult.Refunded.class);
        house.comeBack();
        pass(Duration.ofMinutes(1));
        until(() -> house.refunds.size() == 1, this::status);
        collected();
        assertThat(house.refunds.get(0).idempotencyKey()).isEqualTo("r1");
        assertThat(house.refunds.get(0).reason()).isEqualTo("half a page");
        assertThat(house.payment(challenge.id()).refunded()).isEqualTo(Amount.of(500));
        assertThat(reconcile().agreed()).containsEntry("usd.e6", new Sum(1, 1_500));
        assertThat(Paywall.await(paywall.handler()
                        .refunds()
                        .part("ch_" + challenge.id(), Money.parse("0.0005usd"), "r1", "again")))
                .isInstanceOf(RefundResult.Repeated.class);
        assertThat(Paywall.await(paywall.handler().refunds().all(challenge.id(), "r2", "all of it")))
                .isInstanceOf(RefundResult.TooMuch.class);
        assertThat(Paywall.await(paywall.handler().refunds().all("ch_nothing", "r3", "unknown")))
                .isInstanceOf(RefundResult.Unknown.class);
    }

    @Test
    @Requirement({"F-WS-77", "F-RE-16"})
    void refundInFull_revokesTheAnswer() {
        HttpTester.Response demand = paywall.get("/docs/a");
        Challenge challenge = WalletHouse.challengeOf(demand);
        String value = "Authorization: " + house.pay(challenge).format();
        paywall.get("/docs/a", value);
        collected();
        Paywall.await(paywall.handler().refunds().all("ch_" + challenge.id(), "r1", "sorry"));
        until(() -> house.payment(challenge.id()).refunded().equals(Amount.of(2_000)), this::status);
        assertThat(paywall.get("/docs/a", value).getStatus()).isEqualTo(409);
    }

    // ---- the books -----------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-WS-80", "F-WS-81", "F-WS-82"})
    void reconcile_findsEveryWayToDiffer() throws Exception {
        for (int i = 0; i < 7; i++) {
            buy("/docs/" + i);
        }
        collected();
        assertThat(reconcile().differing()).isZero();
        Challenge less = buy("/docs/less");
        Challenge gone = buy("/docs/gone");
        collected();
        house.put(less.id(), State.CAPTURED, 1_999);
        house.put(gone.id(), State.RELEASED, 0);
        Challenge notPresented = WalletHouse.challengeOf(paywall.get("/docs/x"));
        house.pay(notPresented);
        Challenge neverSold = WalletHouse.challengeOf(paywall.get("/docs/y"));
        house.pay(neverSold);
        house.put(neverSold.id(), State.CAPTURED, 2_000);
        ReconciliationReport report = reconcile();
        assertThat(report.agreed()).containsEntry("usd.e6", new Sum(7, 14_000));
        assertThat(report.pending()).containsEntry("usd.e6", new Sum(1, 2_000));
        assertThat(report.differing()).isEqualTo(3);
        assertThat(report.differences())
                .extracting(ReconciliationReport.Difference::challengeId)
                .containsExactlyInAnyOrder(less.id(), gone.id(), neverSold.id());
        long old = Reconciliation.compare(
                        paywall.ledger().outbox(),
                        house,
                        WalletHouse.ORIGIN,
                        PAYEE,
                        paywall.clock.instant().plusSeconds(1))
                .tooOld();
        assertThat(old).isEqualTo(1);
    }

    @Test
    @Requirement({"F-WS-65", "F-ST-50"})
    void books_sayWhatTheServiceOwes() {
        buy("/docs/a");
        collected();
        Totals totals = Paywall.await(paywall.ledger().totals()).get(0);
        assertThat(totals.sum()).isZero();
        assertThat(totals.payees()).isEqualTo(2_000);
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private Challenge buy(String path) {
        Challenge challenge = WalletHouse.challengeOf(paywall.get(path));
        HttpTester.Response answer =
                paywall.get(path, "Authorization: " + house.pay(challenge).format());
        assertThat(answer.getStatus()).isEqualTo(200);
        return challenge;
    }

    /** Lets time pass for the ledger, the courier and the timers alike. */
    private void pass(Duration by) {
        paywall.clock.advance(by);
        paywall.scheduler.advance(by);
    }

    private void awaitTold(int calls) {
        until(() -> house.batches.size() >= calls, house.batches::size);
    }

    /** Waits until everything that is not done has been put back into the outbox for so long, and somebody will look then. */
    private void awaitPutOff(Duration pause) {
        Instant due = paywall.clock.instant().plus(pause);
        until(
                () -> waiting().stream()
                        .allMatch(item ->
                                item.result() != null && item.notBefore().equals(due)),
                this::waiting);
        paywall.scheduler.awaitScheduled(pause, 1);
    }

    private List<OutboxItem> waiting() {
        return Paywall.await(paywall.ledger().outbox().items(OutboxItem.State.WAITING, 0, 1000));
    }

    private OutboxItem awaitFailed() {
        until(() -> status().failed() > 0, this::status);
        return Paywall.await(paywall.ledger().outbox().items(OutboxItem.State.FAILED, 0, 10))
                .get(0);
    }

    private void collected() {
        until(() -> status().waiting() == 0 && status().exposure() == 0, this::status);
    }

    private OutboxStatus status() {
        List<OutboxStatus> all = Paywall.await(paywall.ledger().outbox().status());
        return all.isEmpty()
                ? new OutboxStatus(WalletHouse.ORIGIN.text(), "usd.e6", 0, null, null, 0, 0, 0)
                : all.get(0);
    }

    /** Listeners hear of it after the books have it. */
    private void awaitHeard(Kind kind) {
        until(() -> kinds().contains(kind), this::kinds);
    }

    private List<Kind> kinds() {
        return paywall.events.stream().map(PaymentEvent::kind).toList();
    }

    private ReconciliationReport reconcile() throws ServiceCallException {
        Instant everything = Instant.EPOCH;
        return Reconciliation.compare(paywall.ledger().outbox(), house, WalletHouse.ORIGIN, PAYEE, everything);
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
