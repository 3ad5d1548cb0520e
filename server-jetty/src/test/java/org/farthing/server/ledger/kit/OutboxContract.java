package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.COLLECT;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.SERVICE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.farthing.server.ledger.BackedCharge;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.Income;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Outbox;
import org.farthing.server.ledger.OutboxAnswer;
import org.farthing.server.ledger.OutboxItem;
import org.farthing.server.ledger.OutboxItem.Kind;
import org.farthing.server.ledger.OutboxItem.State;
import org.farthing.server.ledger.OutboxStatus;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.RefundResult;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.TakeOver;
import org.farthing.server.ledger.Totals;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do for its {@link Outbox}: nothing is forgotten, overtaken or told twice in its books. */
public abstract class OutboxContract extends BackedKit {

    /** For the store's own test. */
    protected OutboxContract() {}

    @Test
    @Requirement({"F-ST-74", "T54"})
    void refund_waitsBehindItsCapture() {
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));
        refund("c1", 100, "r1");
        refund("c1", 200, "r2");
        assertThat(refund("c1", 1, "r3")).isInstanceOf(RefundResult.TooMuch.class);
        assertThat(refund("c1", 100, "r1")).isInstanceOf(RefundResult.Repeated.class);

        OutboxItem capture = only(await(ledger().outbox().due(10, LEASE)));
        assertThat(capture.kind()).isEqualTo(Kind.CAPTURE);
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 1000, 0, 0));
        assertThat(exposure()).isEqualTo(300);
        await(ledger().outbox().done(capture.seq(), "captured", false));

        OutboxItem first = only(await(ledger().outbox().due(10, LEASE)));
        assertThat(first.kind()).isEqualTo(Kind.REFUND);
        assertThat(first.amount()).isEqualTo(100);
        assertThat(first.idempotencyKey()).isEqualTo("r1");
        assertThat(first.reason()).isEqualTo("goodwill");
        assertThat(await(ledger().outbox().due(10, LEASE))).isEmpty();
        await(ledger().outbox().done(first.seq(), "refunded", false));
        assertThat(only(await(ledger().outbox().due(10, LEASE))).amount()).isEqualTo(200);
    }

    @Test
    @Requirement({"F-ST-73", "T45"})
    void due_itemOfACarrierThatDied_isGivenOutAgainAfterItsLease() {
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));
        OutboxItem first = only(await(ledger().outbox().due(10, LEASE)));
        assertThat(first.attempts()).isEqualTo(1);
        clock.advance(LEASE.minusMillis(1));
        assertThat(await(ledger().outbox().due(10, LEASE))).isEmpty();
        clock.advance(Duration.ofMillis(1));

        OutboxItem again = only(await(ledger().outbox().due(10, LEASE)));

        assertThat(again.seq()).isEqualTo(first.seq());
        assertThat(again.attempts()).isEqualTo(2);
        // The first carrier lives after all: whichever says so first counts, and once.
        assertThat(await(ledger().outbox().done(first.seq(), "captured", false)))
                .isTrue();
        assertThat(await(ledger().outbox().done(again.seq(), "already-captured", false)))
                .isFalse();
        assertThat(exposure()).isZero();
    }

    @Test
    @Requirement({"F-ST-73"})
    void due_theLongestDueFirst_andNoMoreThanAskedFor() {
        for (int i = 0; i < 5; i++) {
            await(ledger().capture(hold("c" + i, 10).ref(), 10, ANSWER));
            clock.advance(Duration.ofMillis(1));
        }

        assertThat(await(ledger().outbox().due(2, LEASE)))
                .extracting(OutboxItem::tokenId)
                .containsExactly("t-c0", "t-c1");
        assertThat(await(ledger().outbox().due(10, LEASE)))
                .extracting(OutboxItem::tokenId)
                .containsExactly("t-c2", "t-c3", "t-c4");
        assertThatThrownBy(() -> ledger().outbox().due(0, LEASE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger().outbox().due(1001, LEASE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger().outbox().due(1, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-ST-73"})
    void again_putsOffAndSaysWhy() {
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));
        OutboxItem item = only(await(ledger().outbox().due(10, LEASE)));

        assertThat(await(ledger().outbox().again(item.seq(), Duration.ofSeconds(5), "connection refused")))
                .isTrue();
        clock.advance(Duration.ofSeconds(5).minusMillis(1));
        assertThat(await(ledger().outbox().due(10, LEASE))).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(only(await(ledger().outbox().due(10, LEASE))).result()).isEqualTo("connection refused");
        assertThat(await(ledger().outbox().again(item.seq() + 1, Duration.ZERO, "why")))
                .isFalse();
        await(ledger().outbox().done(item.seq(), "captured", false));
        assertThat(await(ledger().outbox().again(item.seq(), Duration.ZERO, "why")))
                .isFalse();
        assertThatThrownBy(() -> ledger().outbox().again(1, Duration.ofSeconds(-1), "why"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-ST-73", "F-ST-131"})
    void again_ofSeveral_putsOffThoseThatWaitAndNoOthers() {
        for (int i = 1; i <= 4; i++) {
            await(ledger().capture(hold("c" + i, 10).ref(), 10, ANSWER));
        }
        List<Long> all = await(ledger().outbox().due(10, LEASE)).stream()
                .map(OutboxItem::seq)
                .toList();
        await(ledger().outbox().done(all.get(0), "captured", false));
        await(ledger().outbox().done(all.get(1), "unknown", true));
        List<Long> asked = new ArrayList<>(all);
        asked.add(all.get(3));
        asked.add(all.get(3) + 100);
        Collections.reverse(asked);

        assertThat(await(ledger().outbox().again(asked, Duration.ofSeconds(5), "connection refused")))
                .isEqualTo(3);

        assertThat(await(ledger().outbox().items(State.WAITING, 0, 10)))
                .extracting(OutboxItem::seq, OutboxItem::notBefore, OutboxItem::result)
                .containsExactlyElementsOf(all.subList(1, 4).stream()
                        .map(seq -> tuple(seq, clock.instant().plusSeconds(5), "connection refused"))
                        .toList());
        assertThat(await(ledger().outbox().again(List.of(), Duration.ZERO, "why")))
                .isZero();
        assertThatThrownBy(() -> ledger().outbox().again(Collections.nCopies(1001, 1L), Duration.ZERO, "why"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger().outbox().again(all, Duration.ofSeconds(-1), "why"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger().outbox().again(all, Duration.ZERO, ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-ST-75", "T61"})
    void done_captureLost_failsAndStaysExposedUntilWrittenOff() {
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));
        refund("c1", 100, "r1");
        long seq = only(await(ledger().outbox().due(10, LEASE))).seq();

        assertThat(await(ledger().outbox().done(seq, "expired", true))).isTrue();

        assertThat(exposure()).isEqualTo(300);
        OutboxStatus status = only(await(ledger().outbox().status()));
        assertThat(status.failed()).isEqualTo(1);
        assertThat(status.failedAmount()).isEqualTo(300);
        assertThat(status.waiting()).isEqualTo(1);
        assertThat(await(ledger().outbox().due(10, LEASE))).isEmpty();
        assertThat(only(await(ledger().outbox().items(State.FAILED, 0, 10))).result())
                .isEqualTo("expired");

        assertThat(await(ledger().outbox().writeOff(seq, "agreed with the service")))
                .isTrue();

        assertThat(exposure()).isZero();
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 1000, 0, 0));
        assertThat(await(ledger().outbox().items(null, 0, 10)))
                .extracting(OutboxItem::state)
                .containsExactly(State.WRITTEN_OFF, State.WRITTEN_OFF);
        assertThat(await(ledger().outbox().status())).isEmpty();
        assertThat(await(ledger().outbox().writeOff(seq, "again"))).isFalse();
        assertThat(refund("c1", 1, "r2")).isInstanceOf(RefundResult.TooMuch.class);
        assertThat(only(await(ledger().outbox().charges(SERVICE, null, 10))).writtenOff())
                .isEqualTo(200);
        assertThat(await(ledger().income(Instant.EPOCH, clock.instant().plusMillis(1))))
                .containsExactly(new Income(PAYEE, USD, "wallet", 300, 300, 1));
    }

    @Test
    @Requirement({"F-ST-75"})
    void again_aFailedCapture_isTriedOnceMore() {
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));
        long seq = only(await(ledger().outbox().due(10, LEASE))).seq();
        await(ledger().outbox().done(seq, "unknown", true));

        assertThat(await(ledger().outbox().again(seq, Duration.ZERO, "the service lost its books")))
                .isTrue();
        assertThat(await(ledger().outbox().writeOff(seq, "too early"))).isFalse();
        assertThat(only(await(ledger().outbox().due(10, LEASE))).seq()).isEqualTo(seq);
        await(ledger().outbox().done(seq, "captured", false));

        assertThat(exposure()).isZero();
        assertThat(totals().receivable()).isEqualTo(300);
    }

    @Test
    @Requirement({"F-ST-75"})
    void done_releaseLost_isDone_refundLost_isFailedAndMovesNothing() {
        await(ledger().release(hold("c1", 300).ref(), ReleaseReason.WAIVED, Execution.YES));
        assertThat(await(ledger().outbox()
                        .done(only(await(ledger().outbox().due(10, LEASE))).seq(), "conflict", true)))
                .isTrue();
        assertThat(await(ledger().outbox().status())).isEmpty();
        await(ledger().capture(hold("c2", 100).ref(), 100, ANSWER));
        acknowledge();
        refund("c2", 40, "r1");
        long seq = only(await(ledger().outbox().due(10, LEASE))).seq();

        await(ledger().outbox().done(seq, "conflict", true));

        OutboxStatus status = only(await(ledger().outbox().status()));
        assertThat(status.failed()).isEqualTo(1);
        assertThat(status.failedAmount()).isZero();
        assertThat(status.exposure()).isZero();
        assertThat(await(ledger().outbox().writeOff(seq, "paid by hand"))).isTrue();
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 1000, 0, 60, 60));
        assertThat(refund("c2", 60, "r2")).isInstanceOf(RefundResult.Refunded.class);
    }

    @Test
    @Requirement({"F-ST-76"})
    void status_saysHowMuchWaitsSinceWhenAndUntilWhen() {
        Instant first = clock.instant();
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));
        clock.advance(Duration.ofSeconds(1));
        await(ledger().release(hold("c2", 200).ref(), ReleaseReason.WAIVED, Execution.YES));
        hold("c3", 100);

        assertThat(await(ledger().outbox().status()))
                .containsExactly(new OutboxStatus(
                        SERVICE, USD, 2, first, first.plus(VALID).plus(COLLECT), 0, 0, 400));
    }

    @Test
    @Requirement({"F-ST-76"})
    void itemsAndCharges_inPages_listAllOnce() {
        for (int i = 0; i < 3; i++) {
            await(ledger().capture(hold("c" + i, 10).ref(), 10, ANSWER));
        }
        hold("c3", 10);
        await(ledger().reserve(payments.backed("c4", 10, OTHER, "t", 100)));

        List<OutboxItem> first = await(ledger().outbox().items(null, 0, 2));
        List<OutboxItem> second =
                await(ledger().outbox().items(null, first.get(1).seq(), 2));
        assertThat(first).extracting(OutboxItem::tokenId).containsExactly("t-c0", "t-c1");
        assertThat(second).extracting(OutboxItem::tokenId).containsExactly("t-c2");
        assertThat(await(ledger().outbox().items(State.DONE, 0, 10))).isEmpty();
        List<BackedCharge> charges = await(ledger().outbox().charges(SERVICE, null, 3));
        assertThat(charges).extracting(BackedCharge::tokenId).containsExactly("t-c0", "t-c1", "t-c2");
        assertThat(charges).extracting(BackedCharge::unfinished).containsOnly(1);
        BackedCharge last = only(await(ledger().outbox().charges(SERVICE, "t-c2", 3)));
        assertThat(last.charge()).isEqualTo(await(ledger().charge("c3")).orElseThrow());
        assertThat(last.unfinished()).isZero();
    }

    @Test
    @Requirement({"F-ST-45", "T61"})
    void purge_whatTheServiceDoesNotKnowYet_stays() {
        await(ledger().capture(hold("captured", 10).ref(), 10, ANSWER));
        await(ledger().release(hold("released", 10).ref(), ReleaseReason.WAIVED, Execution.YES));
        await(ledger().capture(hold("failed", 10).ref(), 10, ANSWER));
        hold("held", 10);
        List<OutboxItem> items = await(ledger().outbox().due(10, LEASE));
        await(ledger().outbox().done(items.get(2).seq(), "expired", true));
        clock.advance(Duration.ofDays(400));

        assertThat(await(ledger().purge()).charges()).isZero();
        await(ledger().outbox().done(items.get(1).seq(), "released", false));
        assertThat(await(ledger().purge()).charges()).isEqualTo(1);
        assertThat(await(ledger().charge("released"))).isEmpty();
        await(ledger().outbox().done(items.get(0).seq(), "captured", false));
        assertThat(await(ledger().purge()).charges()).isEqualTo(1);
        await(ledger().outbox().writeOff(items.get(2).seq(), "gone"));
        assertThat(await(ledger().purge()).charges()).isEqualTo(1);
        assertThat(await(ledger().outbox().items(null, 0, 10))).isEmpty();
        assertThat(await(ledger().outbox().charges(SERVICE, null, 10)))
                .extracting(one -> one.charge().challengeId())
                .containsExactly("held");
        assertThat(await(ledger().sweep()).released()).isEqualTo(1);
        assertThat(exposure()).isZero();
    }

    @Test
    @Requirement({"F-ST-45"})
    void purge_itemsThatAreDone_goWithTheirChargeAndNotBefore() {
        await(ledger().capture(hold("c1", 10).ref(), 10, ANSWER));
        acknowledge();
        clock.advance(Duration.ofDays(90));
        await(ledger().purge());
        assertThat(await(ledger().outbox().items(null, 0, 10))).hasSize(1);
        clock.advance(Duration.ofHours(2));

        assertThat(await(ledger().purge()).charges()).isEqualTo(1);

        assertThat(await(ledger().outbox().items(null, 0, 10))).isEmpty();
        assertThat(totals().receivable()).isEqualTo(10);
    }

    @Test
    @Requirement({"F-ST-72", "T45"})
    void reopen_exposureAndOutboxAreAsTheyWere() {
        await(ledger().capture(hold("c1", 300).ref(), 200, ANSWER));
        hold("c2", 50);

        reopen();

        assertThat(exposure()).isEqualTo(250);
        assertThat(only(await(ledger().outbox().due(10, LEASE))).amount()).isEqualTo(200);
        TakeOver.Taken taken = (TakeOver.Taken) await(ledger().takeOver("c2", "hash-c2", HOLD));
        await(ledger().capture(taken.ref(), 50, ANSWER));
        assertThat(await(ledger().outbox().due(10, LEASE))).hasSize(1);
    }

    @Test
    @Requirement({"F-ST-73"})
    void due_manyThreads_giveEachItemToOne() throws Exception {
        for (int i = 0; i < 20; i++) {
            await(ledger().capture(hold("c" + i, 10).ref(), 10, ANSWER));
        }

        List<List<OutboxItem>> all = race(10, i -> ledger().outbox().due(5, LEASE));

        List<Long> given = new ArrayList<>();
        all.forEach(some -> some.forEach(item -> given.add(item.seq())));
        assertThat(given).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    @Requirement({"F-ST-73", "F-ST-75"})
    void done_manyThreads_lowerTheExposureOnce() throws Exception {
        for (int i = 0; i < 4; i++) {
            await(ledger().capture(hold("c" + i, 100).ref(), 100, ANSWER));
        }
        List<OutboxAnswer> answers = await(ledger().outbox().due(10, LEASE)).stream()
                .map(item -> new OutboxAnswer(item.seq(), "captured", false))
                .toList();
        List<OutboxAnswer> backwards = new ArrayList<>(answers);
        Collections.reverse(backwards);

        List<Integer> ended = race(8, i -> ledger().outbox().done(i % 2 == 0 ? answers : backwards));

        assertThat(ended.stream().mapToInt(Integer::intValue).sum()).isEqualTo(4);
        assertThat(exposure()).isZero();
    }

    @Test
    @Requirement({"F-ST-74", "F-ST-75", "T54"})
    void writeOffAgainstRefunds_neverMoreThanCaptured() throws Exception {
        for (int round = 0; round < 5; round++) {
            String id = "c" + round;
            await(ledger().capture(hold(id, 100).ref(), 100, ANSWER));
            long seq = only(await(ledger().outbox().due(10, LEASE))).seq();
            await(ledger().outbox().done(seq, "expired", true));

            race(
                    8,
                    i -> i == 0
                            ? ledger().outbox().writeOff(seq, "gone").thenApply(Object.class::cast)
                            : ledger().refund(new RefundRequest(id, 30, "r" + i, "goodwill"))
                                    .thenApply(Object.class::cast));

            BackedCharge charge =
                    await(ledger().outbox().charges(SERVICE, null, 10)).get(round);
            assertThat(charge.charge().refunded() + charge.writtenOff()).isEqualTo(100);
            assertThat(totals().receivable()).isZero();
        }
    }
}
