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
import java.util.concurrent.CompletionStage;
import org.farthing.server.ledger.BackedCharge;
import org.farthing.server.ledger.Backing;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
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
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SweepReport;
import org.farthing.server.ledger.TakeOver;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.Transition;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Ledger} must do for charges whose money lies at a wallet service, and for its {@link Outbox}. Long, because
 * it is the contract in one place.
 */
public abstract class BackedChargeContract extends LedgerKit {

    private static final Duration LEASE = Duration.ofSeconds(20);
    private static final String OTHER = "https://other-wallet.example";

    /** For the store's own test. */
    protected BackedChargeContract() {}

    // ---- claim and exposure

    @Test
    @Requirement({"F-ST-70", "F-ST-71"})
    void reserve_backed_countsExposureAndTouchesNoWallet() {
        Reserved.Held held = hold("c1", 300);

        assertThat(held.charge().service()).isEqualTo(SERVICE);
        assertThat(held.charge().state()).isEqualTo(ChargeState.HELD);
        assertThat(exposure()).isEqualTo(300);
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 1000, 0, 0));
        assertThat(await(ledger().outbox().due(10, LEASE))).isEmpty();
        assertThat(await(ledger().reserve(payments.backed("c1", 300, 1000)))).isInstanceOf(Reserved.Known.class);
        assertThat(exposure()).isEqualTo(300);
    }

    @Test
    @Requirement({"F-ST-71", "T61"})
    void reserve_aboveWhatTheServiceIsTrustedWith_isRefusedUntilItAcknowledges() {
        HoldRef first = hold("c1", 600).ref();

        assertThat(await(ledger().reserve(payments.backed("c2", 401, 1000))))
                .isEqualTo(new Reserved.ExposureExceeded(600, 1000));
        assertThat(await(ledger().charge("c2"))).isEmpty();
        assertThat(await(ledger().reserve(payments.backed("c3", 400, 1000)))).isInstanceOf(Reserved.Held.class);

        await(ledger().capture(first, 600, ANSWER));
        assertThat(await(ledger().reserve(payments.backed("c2", 401, 1000))))
                .isEqualTo(new Reserved.ExposureExceeded(1000, 1000));
        acknowledge();
        assertThat(exposure()).isEqualTo(400);
        assertThat(await(ledger().reserve(payments.backed("c2", 401, 1000)))).isInstanceOf(Reserved.Held.class);
    }

    @Test
    @Requirement({"F-ST-71", "T61"})
    void reserve_exposure_isPerServiceAndCurrency() {
        hold("c1", 1000);

        assertThat(await(ledger().reserve(payments.backed("c2", 1000, OTHER, "t2", 1000))))
                .isInstanceOf(Reserved.Held.class);
        Instant expires = clock.instant().plus(VALID);
        ChargeTerms euros =
                new ChargeTerms("c3", "h", "p3", "r_3", PAYEE, "docs", "wallet", "eur.e6", 1000, expires, true);
        Backing backing = new Backing(SERVICE, "t3", expires.plus(COLLECT), 1000, null);
        assertThat(await(ledger().reserve(Payments.backed(euros, backing)))).isInstanceOf(Reserved.Held.class);
        assertThat(await(ledger().outbox().status()))
                .extracting(OutboxStatus::service, OutboxStatus::currency, OutboxStatus::exposure)
                .containsExactly(tuple(OTHER, USD, 1000L), tuple(SERVICE, "eur.e6", 1000L), tuple(SERVICE, USD, 1000L));
    }

    @Test
    @Requirement({"F-ST-22", "F-ST-70"})
    void reserve_holdThatWouldEndTooLateToCollect_isExpired() {
        Instant expires = clock.instant().plus(VALID);
        ChargeTerms terms = Payments.terms("c1", "p1", "r_1", 10, expires);
        Instant tooSoon = clock.instant().plus(HOLD).plus(Backing.MARGIN);

        assertThat(await(ledger().reserve(Payments.backed(terms, new Backing(SERVICE, "t1", tooSoon, 100, null)))))
                .isEqualTo(new Reserved.Expired());
        assertThat(await(ledger().charge("c1"))).isEmpty();
        Backing inTime = new Backing(SERVICE, "t1", tooSoon.plusMillis(1), 100, null);
        assertThat(await(ledger().reserve(Payments.backed(terms, inTime)))).isInstanceOf(Reserved.Held.class);
    }

    @Test
    @Requirement({"F-ST-70", "T1"})
    void reserve_tokenUsedForAnotherChallenge_isUsed() {
        hold("c1", 10);

        HoldRequest samePayment = payments.backed("c2", 10, SERVICE, "t-c1", 1000);
        assertThat(await(ledger().reserve(samePayment))).isEqualTo(new Reserved.PaymentUsed("c1"));
        ChargeTerms otherIdentity = Payments.terms(
                "c2", "something else", "r_2", 10, clock.instant().plus(VALID));
        Backing sameToken = new Backing(SERVICE, "t-c1", clock.instant().plus(COLLECT), 1000, null);
        assertThat(await(ledger().reserve(Payments.backed(otherIdentity, sameToken))))
                .isEqualTo(new Reserved.PaymentUsed("c1"));
        assertThat(await(ledger().charge("c2"))).isEmpty();
        assertThat(await(ledger().reserve(payments.backed("c2", 10, OTHER, "t-c1", 1000))))
                .isInstanceOf(Reserved.Held.class);
    }

    @Test
    @Requirement({"F-ST-22"})
    void renewAndTakeOver_neverBeyondWhatTheServiceKeeps() {
        HoldRef ref = hold("c1", 10).ref();
        Instant last = clock.instant().plus(VALID).plus(COLLECT).minus(Backing.MARGIN);

        assertThat(await(ledger().renew(ref, Duration.ofHours(2))).charge().holdUntil())
                .isEqualTo(last);
        reopen();
        TakeOver taken = await(ledger().takeOver("c1", "hash-c1", Duration.ofHours(2)));
        assertThat(((TakeOver.Taken) taken).ref().holdUntil()).isEqualTo(last);
    }

    // ---- capture, release, upfront

    @Test
    @Requirement({"F-ST-72", "F-ST-30"})
    void capture_booksWhatTheServiceOwesAndTellsItInOneStep() {
        HoldRef ref = hold("c1", 300).ref();

        await(ledger().capture(ref, 120, ANSWER));

        assertThat(exposure()).isEqualTo(120);
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 1000, 0, 120, 120));
        OutboxItem item = only(await(ledger().outbox().due(10, LEASE)));
        assertThat(item.kind()).isEqualTo(Kind.CAPTURE);
        assertThat(item.amount()).isEqualTo(120);
        assertThat(item.service()).isEqualTo(SERVICE);
        assertThat(item.payee()).isEqualTo(PAYEE);
        assertThat(item.tokenId()).isEqualTo("t-c1");
        assertThat(item.challengeId()).isEqualTo("c1");
        assertThat(item.currency()).isEqualTo(USD);
        assertThat(item.rb()).isEqualTo("rb-c1");
        assertThat(item.holdExpires()).isEqualTo(clock.instant().plus(VALID).plus(COLLECT));
        assertThat(await(ledger().storedOutcome("c1", "hash-c1"))).contains(ANSWER);
        assertThat(await(ledger().outbox().done(item.seq(), "captured", false))).isTrue();
        assertThat(await(ledger().outbox().done(item.seq(), "captured", false))).isFalse();
        assertThat(exposure()).isZero();
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 1000, 0, 120, 120));
        assertThat(await(ledger().income(Instant.EPOCH, clock.instant().plusMillis(1))))
                .containsExactly(new Income(PAYEE, USD, "wallet", 120, 0, 1));
    }

    @Test
    @Requirement({"F-ST-72"})
    void capture_ofNothing_isToldAndOwesNothing() {
        await(ledger().capture(hold("c1", 300).ref(), 0, ANSWER));
        await(ledger().capture(hold("c2", 0).ref(), 0, ANSWER));

        assertThat(exposure()).isZero();
        assertThat(await(ledger().outbox().due(10, LEASE)))
                .extracting(OutboxItem::kind, OutboxItem::amount)
                .containsExactly(tuple(Kind.CAPTURE, 0L), tuple(Kind.CAPTURE, 0L));
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 1000, 0, 0));
    }

    @Test
    @Requirement({"F-ST-72"})
    void release_andSweep_tellTheServiceAndEndTheExposure() {
        HoldRef ref = hold("c1", 300).ref();
        hold("c2", 200);

        await(ledger().release(ref, ReleaseReason.HANDLER_FAILED, Execution.UNKNOWN));
        assertThat(exposure()).isEqualTo(200);
        clock.advance(HOLD.plusMillis(1));
        assertThat(await(ledger().sweep())).isEqualTo(new SweepReport(1, 0, false));

        assertThat(exposure()).isZero();
        assertThat(await(ledger().outbox().due(10, LEASE)))
                .extracting(OutboxItem::kind, OutboxItem::tokenId, OutboxItem::amount)
                .containsExactly(tuple(Kind.RELEASE, "t-c1", 300L), tuple(Kind.RELEASE, "t-c2", 200L));
        assertThat(await(ledger().capture(ref, 300, ANSWER))).isInstanceOf(Transition.Lost.class);
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 1000, 0, 0));
    }

    @Test
    @Requirement({"F-ST-35", "F-ST-72"})
    void chargeUpfront_isToldOnceTheAnswerLeft() {
        HoldRef ref = upfront("c1", 300);
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 1000, 0, 300, 300));
        assertThat(await(ledger().outbox().due(10, LEASE))).isEmpty();
        assertThat(exposure()).isEqualTo(300);

        await(ledger().delivered(ref, ANSWER));

        assertThat(exposure()).isEqualTo(300);
        OutboxItem item = only(await(ledger().outbox().due(10, LEASE)));
        assertThat(item.kind()).isEqualTo(Kind.CAPTURE);
        assertThat(item.amount()).isEqualTo(300);
    }

    @Test
    @Requirement({"F-ST-35", "F-ST-72"})
    void chargeUpfront_neverDelivered_isReleased() {
        HoldRef failed = upfront("c1", 300);
        upfront("c2", 200);

        await(ledger().refundUndelivered(failed, ReleaseReason.HANDLER_FAILED, Execution.YES));
        clock.advance(HOLD.plusMillis(1));
        assertThat(await(ledger().sweep())).isEqualTo(new SweepReport(0, 1, false));

        assertThat(exposure()).isZero();
        assertThat(await(ledger().outbox().due(10, LEASE)))
                .extracting(OutboxItem::kind)
                .containsExactly(Kind.RELEASE, Kind.RELEASE);
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 1000, 0, 0));
    }

    @Test
    @Requirement({"F-ST-72", "F-ST-74", "T54"})
    void refund_whileTheAnswerIsPending_isNotCollectedAtAll() {
        HoldRef part = upfront("c1", 300);
        upfront("c2", 200);

        refund("c1", 100, "r1");
        refund("c2", 200, "r1");
        assertThat(exposure()).isEqualTo(300);
        await(ledger().delivered(part, ANSWER));

        assertThat(exposure()).isEqualTo(200);
        assertThat(await(ledger().outbox().due(10, LEASE)))
                .extracting(OutboxItem::kind, OutboxItem::amount)
                .containsExactly(tuple(Kind.RELEASE, 200L), tuple(Kind.CAPTURE, 200L));
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 1000, 0, 200, 200));
    }

    // ---- refund, order, lease

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

    // ---- what the service does not do

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

    // ---- retention and reopening

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

    // ---- races

    @Test
    @Requirement({"F-ST-71", "T61"})
    void reserve_manyThreadsAtTheLimit_neverAboveIt() throws Exception {
        List<Reserved> all = race(24, i -> ledger().reserve(payments.backed("c" + i, 300, 1000)));

        assertThat(all).filteredOn(Reserved.Held.class::isInstance).hasSize(3);
        assertThat(all).filteredOn(Reserved.ExposureExceeded.class::isInstance).hasSize(21);
        assertThat(exposure()).isEqualTo(900);
    }

    @Test
    @Requirement({"F-ST-72", "T72"})
    void captureReleaseAndSweep_atOnce_tellTheServiceOneThing() throws Exception {
        for (int round = 0; round < 5; round++) {
            HoldRef ref = hold("c" + round, 100).ref();
            clock.advance(HOLD.plusMillis(1));

            race(9, i -> endIn(i, ref));

            Charge charge = await(ledger().charge(ref.challengeId())).orElseThrow();
            OutboxItem item = only(await(ledger().outbox().due(10, LEASE)));
            assertThat(item.kind()).isEqualTo(charge.state() == ChargeState.CAPTURED ? Kind.CAPTURE : Kind.RELEASE);
            await(ledger().outbox().done(item.seq(), "done", false));
            assertThat(exposure()).isZero();
        }
    }

    private CompletionStage<Object> endIn(int way, HoldRef ref) {
        return switch (way % 3) {
            case 0 -> ledger().capture(ref, 70, ANSWER).thenApply(Object.class::cast);
            case 1 ->
                ledger().release(ref, ReleaseReason.TOO_SLOW, Execution.YES).thenApply(Object.class::cast);
            default -> ledger().sweep().thenApply(Object.class::cast);
        };
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

    // ---- helpers

    private Reserved.Held hold(String challengeId, long amount) {
        return (Reserved.Held) await(ledger().reserve(payments.backed(challengeId, amount, 1000)));
    }

    private HoldRef upfront(String challengeId, long amount) {
        return ((Reserved.Held) await(ledger().chargeUpfront(payments.backed(challengeId, amount, 1000)))).ref();
    }

    private RefundResult refund(String challengeId, long amount, String key) {
        return await(ledger().refund(new RefundRequest(challengeId, amount, key, "goodwill")));
    }

    /** All that is due is told, and the service has it. */
    private void acknowledge() {
        for (OutboxItem item : await(ledger().outbox().due(1000, LEASE))) {
            await(ledger().outbox().done(item.seq(), "done", false));
        }
    }

    private long exposure() {
        return await(ledger().outbox().status()).stream()
                .filter(status ->
                        status.service().equals(SERVICE) && status.currency().equals(USD))
                .mapToLong(OutboxStatus::exposure)
                .sum();
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
