package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.farthing.server.ledger.OutboxItem.Kind;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;

/** Books with every kind of row: charges in every state of all three kinds, what was purged, limits, keys, payees. */
final class RichBooks {

    private static final String BOB = "w_bob";
    private static final String OTHER = "https://other-wallet.example";
    private static final Duration LEASE = Duration.ofSeconds(20);

    private final Ledger ledger;
    private final TestClock clock;
    private final Payments payments;

    private RichBooks(Ledger ledger, TestClock clock) {
        this.ledger = ledger;
        this.clock = clock;
        this.payments = new Payments(clock);
    }

    static void write(Ledger ledger, TestClock clock) {
        new RichBooks(ledger, clock).write();
    }

    private void write() {
        wallets();
        longAgo();
        clock.advance(Duration.ofDays(100));
        while (await(ledger.purge()).more()) {
            assertThat(ledger).isNotNull();
        }
        limits();
        charge("yesterday", 40, 30);
        clock.advance(Duration.ofDays(1));
        embedded();
        nothing();
        upfront();
        backed();
        backedUpfront();
        vouched();
        new RichTokens(ledger, clock).write();
        await(ledger.requestIds().use(ALICE, "request", clock.instant().plus(LEASE)));
        await(ledger.payees().put(PAYEE, true, Payee.Status.ACTIVE, "{\"keys\":[]}"));
    }

    private void wallets() {
        await(ledger.register(Payments.registration(ALICE)));
        await(ledger.register(new WalletRegistration(
                BOB, Payments.key("key-of-" + BOB), Payments.key("recovery-of-bob"), Map.of("usd", "5.00"))));
        await(ledger.register(Payments.registration("w_empty")));
        await(ledger.topUp(new TopUp(BOB, USD, 700, "usd")));
        ChargeTerms terms =
                Payments.terms("of-bob", "of-bob", BOB, 33, clock.instant().plus(Payments.VALID));
        await(ledger.capture(hold(Payments.hold(terms)), 30, ANSWER));
        await(ledger.addKey(BOB, Payments.key("second-of-bob")));
        await(ledger.addKey(BOB, Payments.key("third-of-bob")));
        await(ledger.revokeKey(BOB, "second-of-bob"));
        await(ledger.topUp(new TopUp(ALICE, USD, 100_000, "first")));
        await(ledger.topUp(new TopUp(ALICE, USD, 500, "second")));
        await(ledger.topUp(new TopUp(BOB, "eur.e6", 700, "first")));
    }

    private void longAgo() {
        charge("old-captured", 100, 60);
        await(ledger.refund(new RefundRequest("old-captured", 10, "r1", "goodwill")));
        await(ledger.release(hold("old-released", 50), ReleaseReason.WAIVED, Execution.NO));
        hold("old-held", 5);
    }

    private void limits() {
        await(ledger.setLimit(ALICE, "usd", "5.00", true));
        await(ledger.setLimit(ALICE, "unit:pages", "3", true));
    }

    private HoldRef hold(String id, long amount) {
        return hold(payments.hold(id, amount));
    }

    private HoldRef hold(HoldRequest request) {
        return ((Reserved.Held) await(ledger.reserve(request))).ref();
    }

    private HoldRef pay(HoldRequest request) {
        return ((Reserved.Held) await(ledger.chargeUpfront(request))).ref();
    }

    private void charge(String id, long amount, long captured) {
        await(ledger.capture(hold(id, amount), captured, ANSWER));
    }

    private void refund(String id, long amount) {
        assertThat(await(ledger.refund(new RefundRequest(id, amount, "r1", "goodwill"))))
                .isInstanceOf(RefundResult.Refunded.class);
    }

    // ---- money in wallets

    private void embedded() {
        hold("held", 300);
        charge("captured", 100, 100);
        charge("partly", 100, 40);
        charge("for-nothing", 20, 0);
        await(ledger.release(hold("released", 50), ReleaseReason.WAIVED, Execution.NO));
        charge("refunded-partly", 90, 80);
        refund("refunded-partly", 30);
        charge("refunded", 70, 60);
        refund("refunded", 60);
        IdempotencyScope key = new IdempotencyScope("scope of the key", "content");
        await(ledger.capture(hold(Payments.hold(payments.terms("with-key", 8), key)), 8, ANSWER));
        IdempotencyScope other = new IdempotencyScope("scope of the other", "content");
        await(ledger.release(
                hold(Payments.hold(payments.terms("released-key", 8), other)), ReleaseReason.WAIVED, Execution.NO));
    }

    private void nothing() {
        hold("zero-held", 0);
        charge("zero-captured", 0, 0);
        await(ledger.release(hold("zero-released", 0), ReleaseReason.HANDLER_FAILED, Execution.YES));
    }

    private void upfront() {
        for (long amount : List.of(0L, 60L)) {
            pay(payments.hold("pending-" + amount, amount));
            await(ledger.delivered(pay(payments.hold("delivered-" + amount, amount)), ANSWER));
            await(ledger.refundUndelivered(
                    pay(payments.hold("undelivered-" + amount, amount)), ReleaseReason.TOO_SLOW, Execution.YES));
        }
        pay(payments.hold("pending-refunded-partly", 60));
        refund("pending-refunded-partly", 20);
        pay(payments.hold("pending-refunded", 60));
        refund("pending-refunded", 60);
        await(ledger.delivered(pay(payments.hold("delivered-refunded", 60)), ANSWER));
        refund("delivered-refunded", 60);
    }

    // ---- money at wallet services

    private HoldRequest backed(String id, long amount) {
        return payments.backed(id, amount, 100_000);
    }

    private void backed() {
        hold(backed("b-held", 30));
        await(ledger.capture(hold(backed("b-done", 100)), 70, ANSWER));
        refund("b-done", 20);
        await(ledger.release(hold(backed("b-released", 40)), ReleaseReason.WAIVED, Execution.NO));
        await(ledger.capture(hold(backed("b-off", 200)), 150, ANSWER));
        refund("b-off", 50);
        await(ledger.capture(hold(backed("b-zero", 0)), 0, ANSWER));
        answer();
        await(ledger.capture(hold(payments.backed("b-other", 11, OTHER, "t-other", 100)), 11, ANSWER));
        await(ledger.capture(hold(backed("b-waiting", 90)), 80, ANSWER));
        refund("b-waiting", 30);
        await(ledger.release(hold(backed("b-released-waiting", 40)), ReleaseReason.WAIVED, Execution.NO));
        await(ledger.capture(hold(backed("b-refunded", 90)), 80, ANSWER));
        refund("b-refunded", 80);
        await(ledger.capture(hold(backed("b-failed", 25)), 25, ANSWER));
        answerOf("b-failed");
    }

    /** All that is due is done, but the capture that is to be written off. */
    private void answer() {
        for (int round = 0; round < 2; round++) {
            for (OutboxItem item : await(ledger.outbox().due(100, LEASE))) {
                boolean lost = item.challengeId().equals("b-off") && item.kind() == Kind.CAPTURE;
                await(ledger.outbox().done(item.seq(), "answered", lost));
                if (lost) {
                    assertThat(await(ledger.outbox().writeOff(item.seq(), "the service is gone")))
                            .isTrue();
                }
            }
        }
    }

    private void answerOf(String id) {
        for (OutboxItem item : await(ledger.outbox().due(100, LEASE))) {
            if (item.challengeId().equals(id)) {
                await(ledger.outbox().done(item.seq(), "refused", true));
            }
        }
    }

    private void backedUpfront() {
        pay(backed("u-pending", 33));
        await(ledger.delivered(pay(backed("u-delivered", 33)), ANSWER));
        await(ledger.refundUndelivered(pay(backed("u-undelivered", 33)), ReleaseReason.TOO_SLOW, Execution.NO));
        pay(backed("u-refunded-partly", 33));
        refund("u-refunded-partly", 3);
    }

    // ---- a wallet service's payments

    private void vouched() {
        await(ledger.payments().hold(payments.vouched("v-held", 300)));
        settle(payments.vouched("v-captured", 100), 70L);
        settle(payments.vouched("v-released", 100), null);
        PaymentHold byPayer = payments.vouched("v-released-by-payer", 100);
        await(ledger.payments().hold(byPayer));
        await(ledger.payments().releaseByPayer(ALICE, PAYEE, byPayer.challengeId()));
        PaymentHold refunded = payments.vouched("v-refunded", 100);
        settle(refunded, 100L);
        await(ledger.payments().refund(PAYEE, refunded.tokenId(), 40, "r1", "goodwill"));
    }

    private void settle(PaymentHold request, @org.jspecify.annotations.Nullable Long captured) {
        await(ledger.payments().hold(request));
        await(ledger.payments().settle(PAYEE, List.of(new SettleItem(request.tokenId(), captured, request.rb()))));
    }
}
