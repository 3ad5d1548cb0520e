package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.farthing.server.ledger.Backing;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Income;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.OutboxItem;
import org.farthing.server.ledger.OutboxItem.Kind;
import org.farthing.server.ledger.OutboxStatus;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SweepReport;
import org.farthing.server.ledger.TakeOver;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.Transition;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do for charges whose money lies at a wallet service. */
public abstract class BackedChargeContract extends BackedKit {

    /** For the store's own test. */
    protected BackedChargeContract() {}

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
}
