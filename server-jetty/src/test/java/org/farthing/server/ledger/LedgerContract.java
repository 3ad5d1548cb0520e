package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.Payments.ALICE;
import static org.farthing.server.ledger.Payments.ANSWER;
import static org.farthing.server.ledger.Payments.HOLD;
import static org.farthing.server.ledger.Payments.PAYEE;
import static org.farthing.server.ledger.Payments.TOO_LARGE;
import static org.farthing.server.ledger.Payments.USD;
import static org.farthing.server.ledger.Payments.VALID;
import static org.farthing.server.ledger.Payments.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionStage;
import org.farthing.server.ledger.Reserved.WalletUnusable;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Ledger} must do for its own wallets; {@link BackedChargeContract}, {@link ServicePaymentContract} and
 * {@link DailyLimitContract} say the rest. Long, because it is the contract in one place.
 */
public abstract class LedgerContract extends LedgerKit {

    /** For the store's own test. */
    protected LedgerContract() {}

    // ---- claim and hold

    @Test
    @Requirement({"F-ST-10", "T1"})
    void reserve_firstTime_setsMoneyAside() {
        Reserved.Held held = hold("c1", 300);

        assertThat(held.ref().challengeId()).isEqualTo("c1");
        assertThat(held.ref().holdUntil()).isEqualTo(clock.instant().plus(HOLD));
        assertThat(held.charge().state()).isEqualTo(ChargeState.HELD);
        assertThat(held.charge().terms()).isEqualTo(payments.terms("c1", 300));
        assertThat(held.charge().ownerAlive()).isTrue();
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
        assertThat(await(ledger().charge("c1"))).contains(held.charge());
    }

    @Test
    @Requirement({"F-ST-11", "F-RE-1", "T1"})
    void reserve_sameChallengeAgain_isKnownAndMovesNothing() {
        Reserved.Held held = hold("c1", 300);

        Reserved again = await(ledger().reserve(payments.hold("c1", 300)));

        assertThat(again).isEqualTo(new Reserved.Known(held.charge()));
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }

    @Test
    @Requirement({"F-ST-10", "T1"})
    void reserve_samePaymentUnderAnotherChallenge_isUsed() {
        hold("c1", 300);
        ChargeTerms other =
                Payments.terms("c2", "c1", ALICE, 10, clock.instant().plus(VALID));

        assertThat(await(ledger().reserve(Payments.hold(other)))).isEqualTo(new Reserved.PaymentUsed("c1"));
        assertThat(await(ledger().charge("c2"))).isEmpty();
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }

    @Test
    @Requirement({"F-ST-13"})
    void reserve_tooLittleMoney_rollsTheClaimBack() {
        assertThat(await(ledger().reserve(payments.hold("c1", 1001)))).isEqualTo(new Reserved.InsufficientFunds(1000));
        assertThat(await(ledger().charge("c1"))).isEmpty();

        await(ledger().topUp(new TopUp(ALICE, USD, 1, "second")));

        assertThat(await(ledger().reserve(payments.hold("c1", 1001)))).isInstanceOf(Reserved.Held.class);
        assertThat(account()).isEqualTo(new Account(USD, 0, 1001));
    }

    @Test
    @Requirement({"F-ST-54"})
    void reserve_currencyWithoutAccount_hasNothing() {
        ChargeTerms terms = payments.terms("c1", 1);
        ChargeTerms euros =
                new ChargeTerms("c1", "h", "c1", ALICE, PAYEE, "docs", "wallet", "eur.e6", 1, terms.expires(), true);

        assertThat(await(ledger().reserve(Payments.hold(euros)))).isEqualTo(new Reserved.InsufficientFunds(0));
    }

    @Test
    @Requirement({"F-ST-14", "T1"})
    void reserve_expiredChallenge_isExpired_orKnownIfClaimedBefore() {
        HoldRequest late = payments.hold("c2", 1);
        Reserved.Held held = hold("c1", 1);
        clock.advance(VALID);

        assertThat(await(ledger().reserve(late))).isEqualTo(new Reserved.Expired());
        ChargeTerms same = held.charge().terms();
        assertThat(await(ledger().reserve(Payments.hold(same))))
                .isInstanceOfSatisfying(
                        Reserved.Known.class,
                        known -> assertThat(known.charge().terms()).isEqualTo(same));
    }

    @Test
    @Requirement({"F-ST-10", "T41"})
    void reserve_unknownWallet_isRefusedWithoutAClaim() {
        ChargeTerms terms =
                Payments.terms("c1", "c1", "w_nobody", 0, clock.instant().plus(VALID));

        assertThat(await(ledger().reserve(Payments.hold(terms))))
                .isEqualTo(new WalletUnusable(WalletUnusable.Why.UNKNOWN));
        assertThat(await(ledger().charge("c1"))).isEmpty();
    }

    @Test
    @Requirement({"F-WA-23"})
    void reserve_suspendedWallet_isRefused_andOpenHoldsSettle() {
        HoldRef open = hold("c1", 300).ref();
        await(ledger().setStatus(ALICE, Wallet.Status.SUSPENDED));

        assertThat(await(ledger().reserve(payments.hold("c2", 1))))
                .isEqualTo(new WalletUnusable(WalletUnusable.Why.SUSPENDED));
        assertThat(await(ledger().capture(open, 300, ANSWER))).isInstanceOf(Transition.Done.class);
    }

    @Test
    @Requirement({"F-ST-10"})
    void reserve_keysChangedSinceTheCheck_isRefusedUntilReadAgain() {
        await(ledger().wallet(ALICE));
        await(ledger().addKey(ALICE, Payments.key("second-key")));

        assertThat(await(ledger().reserve(payments.hold("c1", 1))))
                .isEqualTo(new WalletUnusable(WalletUnusable.Why.KEY_CHANGED));

        long version = await(ledger().wallet(ALICE)).orElseThrow().version();
        HoldRequest fresh = new HoldRequest(payments.terms("c1", 1), "second-key", version, HOLD, null);
        assertThat(await(ledger().reserve(fresh))).isInstanceOf(Reserved.Held.class);
    }

    @Test
    @Requirement({"F-ST-60", "T68"})
    void reserve_moreHoldsThanAllowed_waitsUntilOneEnds() {
        HoldRef first = hold("c1", 1).ref();
        hold("c2", 1);
        hold("c3", 0);
        await(ledger().chargeUpfront(payments.hold("c4", 1)));

        assertThat(await(ledger().reserve(payments.hold("c5", 1)))).isInstanceOf(Reserved.TooManyHolds.class);
        assertThat(await(ledger().charge("c5"))).isEmpty();

        await(ledger().capture(first, 1, ANSWER));
        assertThat(await(ledger().reserve(payments.hold("c5", 1)))).isInstanceOf(Reserved.Held.class);
    }

    @Test
    @Requirement({"F-ST-60", "T68"})
    void reserve_afterTooManyReleases_waitsForTheNextMinute() {
        clock.advance(Duration.ofSeconds(15));
        for (int i = 0; i < 3; i++) {
            HoldRef ref = hold("c" + i, i).ref();
            await(ledger().release(ref, ReleaseReason.STATUS_NOT_CHARGED, Execution.YES));
        }

        assertThat(await(ledger().reserve(payments.hold("c9", 1))))
                .isEqualTo(new Reserved.TooManyReleases(Duration.ofSeconds(45)));

        clock.advance(Duration.ofSeconds(45));
        assertThat(await(ledger().reserve(payments.hold("c9", 1)))).isInstanceOf(Reserved.Held.class);
    }

    @Test
    @Requirement({"F-ST-16"})
    void reserve_zeroAmount_isAClaimWithoutTransfers() {
        HoldRef ref = hold("c1", 0).ref();
        assertThat(await(ledger().capture(ref, 0, ANSWER))).isInstanceOf(Transition.Done.class);

        assertThat(await(ledger().reserve(payments.hold("c1", 0)))).isInstanceOf(Reserved.Known.class);
        assertThat(kinds()).containsExactly(Transfer.Kind.TOP_UP);
    }

    // ---- idempotency key

    @Test
    @Requirement({"F-RE-31", "F-RE-32", "S45"})
    void reserve_sameIdempotencyKey_leadsToTheEarlierCharge() {
        IdempotencyScope key = new IdempotencyScope("scope", "content");
        Reserved.Held held = (Reserved.Held) await(ledger().reserve(Payments.hold(payments.terms("c1", 5), key)));

        assertThat(await(ledger().reserve(Payments.hold(payments.terms("c2", 5), key))))
                .isEqualTo(new Reserved.SameKey(held.charge()));
        assertThat(await(ledger().charge("c2"))).isEmpty();
        assertThat(await(ledger().reserve(Payments.hold(payments.terms("c1", 5), key))))
                .isEqualTo(new Reserved.Known(held.charge()));
    }

    @Test
    @Requirement({"F-RE-32", "S45"})
    void reserve_sameIdempotencyKeyOtherContent_isAConflict() {
        await(ledger().reserve(Payments.hold(payments.terms("c1", 5), new IdempotencyScope("scope", "content"))));

        IdempotencyScope other = new IdempotencyScope("scope", "other content");
        assertThat(await(ledger().reserve(Payments.hold(payments.terms("c2", 5), other))))
                .isEqualTo(new Reserved.KeyConflict("c1"));
        assertThat(await(ledger().charge("c2"))).isEmpty();
    }

    @Test
    @Requirement({"F-RE-32", "S45"})
    void reserve_idempotencyKeyOfAReleasedCharge_isFree() {
        IdempotencyScope key = new IdempotencyScope("scope", "content");
        Reserved.Held held = (Reserved.Held) await(ledger().reserve(Payments.hold(payments.terms("c1", 5), key)));
        await(ledger().release(held.ref(), ReleaseReason.HANDLER_FAILED, Execution.UNKNOWN));

        assertThat(await(ledger().reserve(Payments.hold(payments.terms("c2", 5), key))))
                .isInstanceOf(Reserved.Held.class);
        assertThat(await(ledger().reserve(Payments.hold(payments.terms("c3", 5), key))))
                .isInstanceOf(Reserved.SameKey.class);
    }

    @Test
    @Requirement({"F-RE-32", "S45"})
    void reserve_refusedForLackOfMoney_leavesTheIdempotencyKeyFree() {
        IdempotencyScope key = new IdempotencyScope("scope", "content");
        await(ledger().reserve(Payments.hold(payments.terms("c1", 5000), key)));

        assertThat(await(ledger().reserve(Payments.hold(payments.terms("c2", 5), key))))
                .isInstanceOf(Reserved.Held.class);
    }

    // ---- capture and release

    @Test
    @Requirement({"F-ST-30", "T45"})
    void capture_all_paysThePayeeAndStoresTheAnswer() {
        HoldRef ref = hold("c1", 300).ref();

        Transition done = await(ledger().capture(ref, 300, ANSWER));

        assertThat(done).isInstanceOf(Transition.Done.class);
        assertThat(done.charge().state()).isEqualTo(ChargeState.CAPTURED);
        assertThat(done.charge().captured()).isEqualTo(300);
        assertThat(done.charge().answerStored()).isTrue();
        assertThat(done.charge().settledAt()).isEqualTo(clock.instant());
        assertThat(account()).isEqualTo(new Account(USD, 700, 0));
        assertThat(await(ledger().storedOutcome("c1", "hash-c1"))).contains(ANSWER);
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 700, 0, 300));
    }

    @Test
    @Requirement({"F-ST-30", "F-ST-32"})
    void capture_part_givesTheRestBackAtOnce() {
        HoldRef ref = hold("c1", 300).ref();

        await(ledger().capture(ref, 120, ANSWER));

        assertThat(account()).isEqualTo(new Account(USD, 880, 0));
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 880, 0, 120));
        assertThat(kinds())
                .containsExactly(
                        Transfer.Kind.RELEASE, Transfer.Kind.CAPTURE, Transfer.Kind.HOLD, Transfer.Kind.TOP_UP);
    }

    @Test
    @Requirement({"F-ST-32"})
    void capture_nothing_givesAllBack() {
        HoldRef ref = hold("c1", 300).ref();

        assertThat(await(ledger().capture(ref, 0, ANSWER)).charge().state()).isEqualTo(ChargeState.CAPTURED);
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
    }

    @Test
    @Requirement({"F-ST-32", "T29"})
    void capture_moreThanHeld_failsAndMovesNothing() {
        HoldRef ref = hold("c1", 300).ref();

        assertThatThrownBy(() -> await(ledger().capture(ref, 301, ANSWER)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("301");
        assertThatThrownBy(() -> ledger().capture(ref, -1, ANSWER)).isInstanceOf(IllegalArgumentException.class);
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }

    @Test
    @Requirement({"F-ST-20", "F-ST-21", "T3"})
    void capture_twice_losesTheSecondTime() {
        HoldRef ref = hold("c1", 300).ref();
        await(ledger().capture(ref, 300, ANSWER));

        Transition again = await(ledger().capture(ref, 300, TOO_LARGE));

        assertThat(again).isInstanceOf(Transition.Lost.class);
        assertThat(again.charge().fence()).isEqualTo(ref.fence());
        assertThat(account()).isEqualTo(new Account(USD, 700, 0));
        assertThat(await(ledger().storedOutcome("c1", "hash-c1"))).contains(ANSWER);
    }

    @Test
    @Requirement({"F-ST-1", "F-ST-2", "T44"})
    void release_givesAllBackAndBurnsTheChallenge() {
        HoldRef ref = hold("c1", 300).ref();

        Transition done = await(ledger().release(ref, ReleaseReason.HANDLER_FAILED, Execution.UNKNOWN));

        assertThat(done).isInstanceOf(Transition.Done.class);
        assertThat(done.charge().state()).isEqualTo(ChargeState.RELEASED);
        assertThat(done.charge().releaseReason()).isEqualTo(ReleaseReason.HANDLER_FAILED);
        assertThat(done.charge().executed()).isEqualTo(Execution.UNKNOWN);
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
        assertThat(await(ledger().capture(ref, 300, ANSWER))).isInstanceOf(Transition.Lost.class);
        assertThat(await(ledger().reserve(payments.hold("c1", 300)))).isInstanceOf(Reserved.Known.class);
        assertThat(await(ledger().storedOutcome("c1", "hash-c1"))).isEmpty();
    }

    @Test
    void transition_ofUnknownCharge_fails() {
        HoldRef unknown = new HoldRef("never", 1, clock.instant());

        assertThatThrownBy(() -> await(ledger().capture(unknown, 1, ANSWER)))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("never");
        assertThatThrownBy(() -> await(ledger().renew(unknown, HOLD))).isInstanceOf(NoSuchElementException.class);
    }

    // ---- time

    @Test
    @Requirement({"F-ST-21", "F-ST-23", "T42"})
    void sweep_afterHoldUntil_releases_andTheLateCaptureLoses() {
        HoldRef ref = hold("c1", 300).ref();
        clock.advance(HOLD);
        assertThat(await(ledger().sweep())).isEqualTo(new SweepReport(0, 0, false));
        clock.advance(Duration.ofMillis(1));

        assertThat(await(ledger().sweep())).isEqualTo(new SweepReport(1, 0, false));

        Transition late = await(ledger().capture(ref, 300, ANSWER));
        assertThat(late).isInstanceOf(Transition.Lost.class);
        assertThat(late.charge().state()).isEqualTo(ChargeState.RELEASED);
        assertThat(late.charge().releaseReason()).isEqualTo(ReleaseReason.HOLD_EXPIRED);
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
    }

    @Test
    @Requirement({"F-ST-22", "T42", "T72"})
    void renew_movesTheSweepersTime() {
        HoldRef ref = hold("c1", 300).ref();
        clock.advance(Duration.ofSeconds(20));

        Transition renewed = await(ledger().renew(ref, HOLD));

        assertThat(renewed.charge().holdUntil()).isEqualTo(clock.instant().plus(HOLD));
        clock.advance(Duration.ofSeconds(29));
        assertThat(await(ledger().sweep()).released()).isZero();
        assertThat(await(ledger().capture(ref, 300, ANSWER))).isInstanceOf(Transition.Done.class);
        assertThat(await(ledger().renew(ref, HOLD))).isInstanceOf(Transition.Lost.class);
    }

    // ---- upfront

    @Test
    @Requirement({"F-ST-35"})
    void chargeUpfront_delivered_keepsTheMoneyAndTheAnswer() {
        HoldRef ref = upfront("c1", 300);
        assertThat(account()).isEqualTo(new Account(USD, 700, 0));
        assertThat(await(ledger().charge("c1")).orElseThrow().delivery()).isEqualTo(Delivery.PENDING);

        assertThat(await(ledger().delivered(ref, ANSWER)).charge().delivery()).isEqualTo(Delivery.DELIVERED);

        assertThat(await(ledger().storedOutcome("c1", "hash-c1"))).contains(ANSWER);
        assertThat(await(ledger().delivered(ref, ANSWER))).isInstanceOf(Transition.Lost.class);
        assertThat(await(ledger().refundUndelivered(ref, ReleaseReason.UNDELIVERED, Execution.NO)))
                .isInstanceOf(Transition.Lost.class);
        clock.advance(Duration.ofHours(1));
        assertThat(await(ledger().sweep()).refunded()).isZero();
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 700, 0, 300));
    }

    @Test
    @Requirement({"F-ST-35", "T45"})
    void chargeUpfront_neverDelivered_isRefundedInFullBySweep() {
        HoldRef ref = upfront("c1", 300);
        clock.advance(HOLD.plusMillis(1));

        assertThat(await(ledger().sweep())).isEqualTo(new SweepReport(0, 1, false));

        Transition late = await(ledger().delivered(ref, ANSWER));
        assertThat(late).isInstanceOf(Transition.Lost.class);
        assertThat(late.charge().state()).isEqualTo(ChargeState.REFUNDED);
        assertThat(late.charge().delivery()).isEqualTo(Delivery.UNDELIVERED);
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
    }

    @Test
    @Requirement({"F-ST-35", "F-ST-52"})
    void refundUndelivered_givesBackWhatARefundHasLeft() {
        HoldRef ref = upfront("c1", 300);
        await(ledger().refund(new RefundRequest("c1", 100, "r1", "goodwill")));

        Transition done = await(ledger().refundUndelivered(ref, ReleaseReason.HANDLER_FAILED, Execution.YES));

        assertThat(done.charge().state()).isEqualTo(ChargeState.REFUNDED);
        assertThat(done.charge().refunded()).isEqualTo(300);
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
    }

    @Test
    void chargeUpfront_renewed_isNotSwept() {
        HoldRef ref = upfront("c1", 300);
        clock.advance(Duration.ofSeconds(29));
        await(ledger().renew(ref, HOLD));
        clock.advance(Duration.ofSeconds(29));

        assertThat(await(ledger().sweep()).refunded()).isZero();
        assertThat(await(ledger().delivered(ref, TOO_LARGE))).isInstanceOf(Transition.Done.class);
    }

    @Test
    @Requirement({"T54"})
    void refund_inFullWhileTheAnswerIsPending_endsTheCharge() {
        HoldRef ref = upfront("c1", 300);

        await(ledger().refund(new RefundRequest("c1", 300, "r1", "goodwill")));

        assertThat(await(ledger().delivered(ref, ANSWER))).isInstanceOf(Transition.Lost.class);
        clock.advance(HOLD.plusMillis(1));
        assertThat(await(ledger().sweep())).isEqualTo(new SweepReport(0, 0, false));
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
    }

    // ---- take-over

    @Test
    @Requirement({"F-RE-20", "T45"})
    void takeOver_whileTheOwnerLives_isRefused() {
        hold("c1", 300);

        assertThat(await(ledger().takeOver("c1", "hash-c1", HOLD))).isInstanceOf(TakeOver.Refused.class);
        assertThat(await(ledger().takeOver("never", "hash", HOLD))).isEqualTo(new TakeOver.Unknown());
    }

    @Test
    @Requirement({"F-RE-20", "T45", "T72"})
    void takeOver_afterTheOwnerIsGone_succeedsOnce_andTheOldReferenceMovesNothing() {
        HoldRef old = hold("c1", 300).ref();
        reopen();
        assertThat(await(ledger().charge("c1")).orElseThrow().ownerAlive()).isFalse();
        assertThat(await(ledger().takeOver("c1", "other bytes", HOLD))).isInstanceOf(TakeOver.Refused.class);

        TakeOver.Taken taken = (TakeOver.Taken) await(ledger().takeOver("c1", "hash-c1", HOLD));

        assertThat(taken.ref().fence()).isGreaterThan(old.fence());
        assertThat(taken.charge().ownerAlive()).isTrue();
        assertThat(await(ledger().takeOver("c1", "hash-c1", HOLD))).isInstanceOf(TakeOver.Refused.class);
        assertThat(await(ledger().capture(old, 300, ANSWER))).isInstanceOf(Transition.Lost.class);
        assertThat(await(ledger().release(old, ReleaseReason.SHUTDOWN, Execution.NO)))
                .isInstanceOf(Transition.Lost.class);
        assertThat(await(ledger().renew(old, HOLD))).isInstanceOf(Transition.Lost.class);
        assertThat(await(ledger().capture(taken.ref(), 300, ANSWER))).isInstanceOf(Transition.Done.class);
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 700, 0, 300));
    }

    @Test
    @Requirement({"T45"})
    void takeOver_ofAnUpfrontChargeNotDelivered_letsTheAnswerBeMade() {
        HoldRef old = upfront("c1", 300);
        reopen();

        TakeOver.Taken taken = (TakeOver.Taken) await(ledger().takeOver("c1", "hash-c1", HOLD));

        assertThat(await(ledger().delivered(old, ANSWER))).isInstanceOf(Transition.Lost.class);
        assertThat(await(ledger().delivered(taken.ref(), ANSWER))).isInstanceOf(Transition.Done.class);
    }

    @Test
    void takeOver_ofASettledCharge_isRefused() {
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));
        reopen();

        assertThat(await(ledger().takeOver("c1", "hash-c1", HOLD)))
                .isInstanceOfSatisfying(
                        TakeOver.Refused.class,
                        refused -> assertThat(refused.charge().state()).isEqualTo(ChargeState.CAPTURED));
    }

    // ---- stored answers and re-runs

    @Test
    @Requirement({"F-RE-5", "T62"})
    void storedOutcome_forOtherBytes_isNotGiven() {
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));

        assertThat(await(ledger().storedOutcome("c1", "hash-of-a-thief"))).isEmpty();
        assertThat(await(ledger().storedOutcome("never", "hash-c1"))).isEmpty();
    }

    @Test
    @Requirement({"F-RE-4", "F-ST-40"})
    void storedOutcome_isReplayedUntilTenMinutesAfterExpiry() {
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));
        clock.advance(VALID.plusMinutes(10));
        assertThat(await(ledger().storedOutcome("c1", "hash-c1"))).contains(ANSWER);

        clock.advance(Duration.ofMillis(1));

        assertThat(await(ledger().storedOutcome("c1", "hash-c1"))).isEmpty();
        assertThat(await(ledger().charge("c1")).orElseThrow().answerStored()).isFalse();
    }

    @Test
    @Requirement({"F-RE-22"})
    void beginReRun_threeTimesOneAtATime_thenNoMore() {
        await(ledger().capture(hold("c1", 300).ref(), 300, TOO_LARGE));

        for (int i = 1; i <= 3; i++) {
            ReRun.Granted granted = (ReRun.Granted) reRun("c1", "hash-c1");
            assertThat(granted.number()).isEqualTo(i);
            assertThat(granted.outcome().receipt()).contains("receipt");
            assertThat(reRun("c1", "hash-c1")).isInstanceOf(ReRun.Busy.class);
            assertThat(await(ledger().endReRun(granted))).isTrue();
            assertThat(await(ledger().endReRun(granted))).isFalse();
        }

        assertThat(reRun("c1", "hash-c1"))
                .isInstanceOfSatisfying(
                        ReRun.Refused.class,
                        refused -> assertThat(refused.charge().reRuns()).isEqualTo(3));
        assertThat(account()).isEqualTo(new Account(USD, 700, 0));
    }

    @Test
    @Requirement({"F-RE-22"})
    void beginReRun_afterOneThatNeverEnded_waitsForItsTime() {
        await(ledger().capture(hold("c1", 300).ref(), 300, TOO_LARGE));
        ReRun.Granted lost = (ReRun.Granted) reRun("c1", "hash-c1");
        clock.advance(HOLD);
        assertThat(reRun("c1", "hash-c1")).isInstanceOf(ReRun.Busy.class);
        clock.advance(Duration.ofMillis(1));

        assertThat(reRun("c1", "hash-c1")).isInstanceOf(ReRun.Granted.class);
        assertThat(await(ledger().endReRun(lost))).isFalse();
    }

    @Test
    @Requirement({"F-RE-22", "T62"})
    void beginReRun_whereItIsNotAllowed_isRefused() {
        await(ledger().capture(hold("stored", 1).ref(), 1, ANSWER));
        await(ledger().capture(hold("large", 1).ref(), 1, TOO_LARGE));
        hold("held", 1);
        ChargeTerms terms = payments.terms("unsafe", 1);
        ChargeTerms unsafe = new ChargeTerms(
                "unsafe", "hash-unsafe", "unsafe", ALICE, PAYEE, "docs", "wallet", USD, 1, terms.expires(), false);
        Reserved.Held held = (Reserved.Held) await(ledger().reserve(Payments.hold(unsafe)));
        await(ledger().capture(held.ref(), 1, TOO_LARGE));
        upfront("pending", 1);

        assertThat(reRun("stored", "hash-stored")).isInstanceOf(ReRun.Refused.class);
        assertThat(reRun("large", "hash-of-a-thief")).isInstanceOf(ReRun.Refused.class);
        assertThat(reRun("held", "hash-held")).isInstanceOf(ReRun.Refused.class);
        assertThat(reRun("unsafe", "hash-unsafe")).isInstanceOf(ReRun.Refused.class);
        assertThat(reRun("pending", "hash-pending")).isInstanceOf(ReRun.Refused.class);
        assertThat(reRun("never", "hash")).isEqualTo(new ReRun.Unknown());
        clock.advance(VALID.plusMinutes(10).plusMillis(1));
        assertThat(reRun("large", "hash-large")).isInstanceOf(ReRun.Refused.class);
    }

    // ---- refunds

    @Test
    @Requirement({"F-ST-52", "F-RE-16", "T54"})
    void refund_inParts_neverMoreThanCaptured() {
        await(ledger().capture(hold("c1", 300).ref(), 200, ANSWER));

        assertThat(refund("c1", 150, "r1")).isInstanceOf(RefundResult.Refunded.class);
        assertThat(refund("c1", 51, "r2")).isInstanceOf(RefundResult.TooMuch.class);
        assertThat(account()).isEqualTo(new Account(USD, 950, 0));
        assertThat(await(ledger().storedOutcome("c1", "hash-c1"))).contains(ANSWER);

        RefundResult last = refund("c1", 50, "r3");

        assertThat(last).isInstanceOfSatisfying(RefundResult.Refunded.class, done -> {
            assertThat(done.charge().state()).isEqualTo(ChargeState.REFUNDED);
            assertThat(done.charge().answerStored()).isFalse();
        });
        assertThat(await(ledger().storedOutcome("c1", "hash-c1"))).isEmpty();
        assertThat(refund("c1", 1, "r4")).isInstanceOf(RefundResult.TooMuch.class);
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 1000, 0, 0));
    }

    @Test
    @Requirement({"F-ST-52", "T54"})
    void refund_sameKeyAgain_movesNothing() {
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));
        refund("c1", 100, "r1");

        assertThat(refund("c1", 100, "r1")).isInstanceOf(RefundResult.Repeated.class);
        assertThat(refund("c1", 99, "r1")).isInstanceOf(RefundResult.KeyConflict.class);
        assertThat(account()).isEqualTo(new Account(USD, 800, 0));
    }

    @Test
    @Requirement({"F-ST-52", "T54"})
    void refund_whatWasNotCaptured_isRefused() {
        hold("c1", 300);

        assertThat(refund("c1", 1, "r1")).isInstanceOf(RefundResult.TooMuch.class);
        assertThat(refund("never", 1, "r1")).isEqualTo(new RefundResult.Unknown());
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }

    // ---- wallets

    @Test
    void wallets_inPages_listsAllOnceInOrder() {
        for (String id : List.of("w_dora", "w_bob", "w_carl")) {
            await(ledger().register(new WalletRegistration(id, Payments.key(id))));
        }

        List<Wallet> first = await(ledger().wallets(null, 3));
        assertThat(first).extracting(Wallet::id).containsExactly(ALICE, "w_bob", "w_carl");
        assertThat(first.get(0)).isEqualTo(await(ledger().wallet(ALICE)).orElseThrow());
        assertThat(await(ledger().wallets("w_carl", 3))).extracting(Wallet::id).containsExactly("w_dora");
        assertThat(await(ledger().wallets("w_dora", 3))).isEmpty();
        assertThatThrownBy(() -> ledger().wallets(null, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger().wallets(null, 1001)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-WA-1"})
    void register_twice_isTheSameWallet() {
        Wallet alice = await(ledger().wallet(ALICE)).orElseThrow();

        assertThat(await(ledger().register(Payments.registration(ALICE)))).isEqualTo(new WalletResult.Unchanged(alice));
        assertThat(await(ledger().register(new WalletRegistration(ALICE, Payments.key("thief")))))
                .isInstanceOf(WalletResult.Refused.class);
        assertThat(alice.keys()).containsExactly(Payments.key("key-of-" + ALICE));
        assertThat(await(ledger().wallet("w_nobody"))).isEmpty();
    }

    @Test
    void wallet_readBefore_completesAtOnce() {
        await(ledger().wallet(ALICE));

        assertThat(ledger().wallet(ALICE).toCompletableFuture()).isDone();
    }

    @Test
    void wallet_afterAChange_isNotTheOldOne() {
        await(ledger().wallet(ALICE));

        await(ledger().addKey(ALICE, Payments.key("second")));
        assertThat(await(ledger().wallet(ALICE)).orElseThrow().key("second")).isPresent();
        await(ledger().revokeKey(ALICE, "key-of-" + ALICE));
        assertThat(await(ledger().wallet(ALICE)).orElseThrow().keys()).containsExactly(Payments.key("second"));
        await(ledger().setStatus(ALICE, Wallet.Status.SUSPENDED));
        assertThat(await(ledger().wallet(ALICE)).orElseThrow().status()).isEqualTo(Wallet.Status.SUSPENDED);
        await(ledger().setStatus(ALICE, Wallet.Status.ACTIVE));
        Wallet last = await(ledger().wallet(ALICE)).orElseThrow();
        assertThat(last.status()).isEqualTo(Wallet.Status.ACTIVE);
        assertThat(last.version()).isEqualTo(5);
    }

    @Test
    @Requirement({"F-WA-2"})
    void revokeKey_theLastOrAStranger_isRefused_andNoKeyComesBack() {
        String first = "key-of-" + ALICE;
        assertThat(await(ledger().revokeKey(ALICE, first))).isInstanceOf(WalletResult.Refused.class);
        assertThat(await(ledger().revokeKey(ALICE, "stranger"))).isInstanceOf(WalletResult.Refused.class);
        assertThat(await(ledger().revokeKey("w_nobody", first))).isEqualTo(new WalletResult.Unknown());
        await(ledger().addKey(ALICE, Payments.key("second")));
        await(ledger().revokeKey(ALICE, first));

        assertThat(await(ledger().revokeKey(ALICE, first))).isInstanceOf(WalletResult.Unchanged.class);
        assertThat(await(ledger().addKey(ALICE, Payments.key(first)))).isInstanceOf(WalletResult.Refused.class);
        assertThat(await(ledger().addKey(ALICE, Payments.key("second")))).isInstanceOf(WalletResult.Unchanged.class);
        assertThat(await(ledger().wallet(ALICE)).orElseThrow().version()).isEqualTo(3);
    }

    @Test
    @Requirement({"F-WA-26"})
    void topUp_sameKeyAgain_movesNothing() {
        assertThat(await(ledger().topUp(new TopUp(ALICE, USD, 1000, "first"))))
                .isEqualTo(new TopUpResult.Repeated(new Account(USD, 1000, 0)));
        assertThat(await(ledger().topUp(new TopUp(ALICE, USD, 1001, "first"))))
                .isEqualTo(new TopUpResult.KeyConflict());
        assertThat(await(ledger().topUp(new TopUp(ALICE, "eur.e6", 1000, "first"))))
                .isEqualTo(new TopUpResult.KeyConflict());
        assertThat(await(ledger().topUp(new TopUp("w_nobody", USD, 1, "first"))))
                .isEqualTo(new TopUpResult.UnknownWallet());
        assertThat(await(ledger().accounts(ALICE))).containsExactly(new Account(USD, 1000, 0));
    }

    @Test
    @Requirement({"F-WA-26", "T28", "T29"})
    void topUp_beyondTheLargestAmount_isRefused() {
        hold("c1", 400);
        long room = Arguments.MAX_AMOUNT - 1000;

        assertThat(await(ledger().topUp(new TopUp(ALICE, USD, room + 1, "too much"))))
                .isEqualTo(new TopUpResult.TooMuch(new Account(USD, 600, 400)));
        assertThat(await(ledger().topUp(new TopUp(ALICE, USD, room, "all")))).isInstanceOf(TopUpResult.Credited.class);
        assertThat(account()).isEqualTo(new Account(USD, Arguments.MAX_AMOUNT - 400, 400));
    }

    @Test
    @Requirement({"F-WA-24"})
    void statement_pages_newestFirst() {
        for (int i = 0; i < 4; i++) {
            await(ledger().topUp(new TopUp(ALICE, USD, 1 + i, "more-" + i)));
        }

        Statement first = await(ledger().statement(ALICE, null, 2));
        Statement second = await(ledger().statement(ALICE, first.next(), 2));
        Statement third = await(ledger().statement(ALICE, second.next(), 2));

        List<Transfer> all = new ArrayList<>(first.transfers());
        all.addAll(second.transfers());
        all.addAll(third.transfers());
        assertThat(all).extracting(Transfer::amount).containsExactly(4L, 3L, 2L, 1L, 1000L);
        assertThat(third.next()).isNull();
        assertThatThrownBy(() -> ledger().statement(ALICE, null, 1001)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void income_sumsByPayeeCurrencyAndMethodWithinThePeriod() {
        var before = clock.instant();
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));
        clock.advance(Duration.ofSeconds(1));
        await(ledger().capture(hold("c2", 200).ref(), 100, ANSWER));
        refund("c1", 50, "r1");
        var after = clock.instant();

        assertThat(await(ledger().income(before, after.plusMillis(1))))
                .containsExactly(new Income(PAYEE, USD, "wallet", 400, 50, 2));
        assertThat(await(ledger().income(before, after))).containsExactly(new Income(PAYEE, USD, "wallet", 300, 0, 1));
        assertThat(await(ledger().income(after.plusMillis(1), after.plusSeconds(1))))
                .isEmpty();
    }

    // ---- retention

    @Test
    @Requirement({"F-ST-40", "F-ST-41", "F-ST-42", "F-ST-43", "F-ST-44", "F-RE-33"})
    void purge_removesWhatIsPastItsTimeWithAnHoursMargin_andKeepsTransfers() {
        IdempotencyScope key = new IdempotencyScope("scope", "content");
        Reserved.Held captured =
                (Reserved.Held) await(ledger().reserve(Payments.hold(payments.terms("captured", 10), key)));
        await(ledger().capture(captured.ref(), 10, ANSWER));
        await(ledger().release(hold("released", 10).ref(), ReleaseReason.WAIVED, Execution.NO));
        await(ledger().capture(hold("zero", 0).ref(), 0, ANSWER));
        int transfers = kinds().size();

        clock.advance(VALID.plusMinutes(70));
        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(0, 0, 0, false));
        clock.advance(Duration.ofMillis(1));
        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(3, 0, 0, false));

        clock.advance(Duration.ofHours(25).minusMinutes(70));
        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(0, 2, 0, false));
        assertThat(await(ledger().charge("released"))).isEmpty();
        assertThat(await(ledger().charge("zero"))).isEmpty();
        assertThat(await(ledger().charge("captured"))).isPresent();

        clock.advance(Duration.ofDays(90));
        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(0, 1, 0, false));
        assertThat(await(ledger().charge("captured"))).isEmpty();
        assertThat(kinds()).hasSize(transfers);
    }

    @Test
    @Requirement({"F-ST-14", "T1"})
    void reserve_aPurgedChallengeWithTheClockSetBack_isStillExpired() {
        HoldRequest request = payments.hold("c1", 10);
        Reserved.Held held = (Reserved.Held) await(ledger().reserve(request));
        await(ledger().release(held.ref(), ReleaseReason.WAIVED, Execution.NO));
        clock.advance(Duration.ofDays(2));
        await(ledger().purge());
        clock.advance(Duration.ofDays(-2));

        assertThat(await(ledger().charge("c1"))).isEmpty();
        assertThat(await(ledger().reserve(request))).isEqualTo(new Reserved.Expired());
    }

    @Test
    void purge_openHolds_areNotTouched() {
        hold("c1", 10);
        hold("zero", 0);
        upfront("c2", 10);
        clock.advance(Duration.ofDays(400));

        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(0, 0, 0, false));
        assertThat(await(ledger().sweep())).isEqualTo(new SweepReport(2, 1, false));
        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(0, 3, 0, false));
    }

    @Test
    @Requirement({"F-WA-22"})
    void purge_walletsNeverToppedUp_goAfterThirtyDays() {
        await(ledger().register(Payments.registration("w_empty")));
        clock.advance(Duration.ofDays(30).plusHours(1));
        assertThat(await(ledger().purge()).wallets()).isZero();
        clock.advance(Duration.ofMillis(1));

        assertThat(await(ledger().purge()).wallets()).isEqualTo(1);
        assertThat(await(ledger().wallet("w_empty"))).isEmpty();
        assertThat(await(ledger().wallet(ALICE))).isPresent();
    }

    // ---- reopening

    @Test
    @Requirement({"T45"})
    void reopen_everythingIsAsItWas() {
        HoldRef held = hold("held", 100).ref();
        await(ledger().capture(hold("captured", 200).ref(), 150, ANSWER));
        List<Transfer> before = await(ledger().statement(ALICE, null, 100)).transfers();

        reopen();

        assertThat(await(ledger().statement(ALICE, null, 100)).transfers()).isEqualTo(before);
        assertThat(await(ledger().storedOutcome("captured", "hash-captured"))).contains(ANSWER);
        assertThat(account()).isEqualTo(new Account(USD, 750, 100));
        assertThat(await(ledger().capture(held, 100, ANSWER))).isInstanceOf(Transition.Done.class);
    }

    @Test
    void close_thenEveryOperationSaysThatNothingHappened() {
        Ledger closed = ledger();
        reopen();

        assertThatThrownBy(() -> await(closed.reserve(payments.hold("c1", 1))))
                .isInstanceOfSatisfying(
                        LedgerUnavailableException.class,
                        e -> assertThat(e.effect()).isEqualTo(LedgerUnavailableException.Effect.NONE));
        assertThatThrownBy(() -> await(closed.charge("c1"))).isInstanceOf(LedgerUnavailableException.class);
        assertThat(await(ledger().charge("c1"))).isEmpty();
    }

    // ---- races

    @Test
    @Requirement({"F-ST-11", "T1", "T2", "T3"})
    void reserve_fiftyThreadsOneChallenge_oneWins() throws Exception {
        HoldRequest request = payments.hold("c1", 300);

        List<Reserved> all = race(50, i -> ledger().reserve(request));

        assertThat(all).filteredOn(Reserved.Held.class::isInstance).hasSize(1);
        assertThat(all).filteredOn(Reserved.Known.class::isInstance).hasSize(49);
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }

    @Test
    @Requirement({"F-ST-51", "T3", "T29"})
    void reserve_manyThreadsMoreThanTheWalletHas_neverBelowZero() throws Exception {
        List<Reserved> all = race(20, i -> ledger().chargeUpfront(payments.hold("c" + i, 400)));

        assertThat(all).filteredOn(Reserved.Held.class::isInstance).hasSize(2);
        assertThat(account()).isEqualTo(new Account(USD, 200, 0));
    }

    @Test
    @Requirement({"T72"})
    void capture_againstRelease_exactlyOneWins() throws Exception {
        for (int round = 0; round < 3; round++) {
            HoldRef ref = hold("c" + round, 100).ref();

            List<Transition> all = race(
                    16,
                    i -> i % 2 == 0
                            ? ledger().capture(ref, 100, ANSWER)
                            : ledger().release(ref, ReleaseReason.TOO_SLOW, Execution.YES));

            assertThat(all).filteredOn(Transition.Done.class::isInstance).hasSize(1);
        }
    }

    @Test
    @Requirement({"T72"})
    void capture_againstTheSweeper_exactlyOneWins() throws Exception {
        for (int round = 0; round < 3; round++) {
            String id = "c" + round;
            HoldRef ref = hold(id, 100).ref();
            clock.advance(HOLD.plusMillis(1));

            List<Object> all =
                    race(2, i -> i == 0 ? ledger().capture(ref, 100, ANSWER).thenApply(Object.class::cast) : swept());

            boolean captured = all.get(0) instanceof Transition.Done;
            boolean swept = ((SweepReport) all.get(1)).released() == 1;
            assertThat(captured).isNotEqualTo(swept);
            Charge charge = await(ledger().charge(id)).orElseThrow();
            assertThat(charge.state()).isEqualTo(captured ? ChargeState.CAPTURED : ChargeState.RELEASED);
        }
    }

    private CompletionStage<Object> swept() {
        return ledger().sweep().thenApply(Object.class::cast);
    }

    @Test
    @Requirement({"T54"})
    void refund_manyThreads_neverMoreThanCaptured() throws Exception {
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));

        List<RefundResult> all = race(20, i -> ledger().refund(new RefundRequest("c1", 100, "r" + i % 10, "goodwill")));

        assertThat(all).filteredOn(RefundResult.Refunded.class::isInstance).hasSize(3);
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
    }

    @Test
    @Requirement({"T45", "T72"})
    void takeOver_manyThreads_oneWins() throws Exception {
        hold("c1", 300);
        reopen();

        List<TakeOver> all = race(20, i -> ledger().takeOver("c1", "hash-c1", HOLD));

        assertThat(all).filteredOn(TakeOver.Taken.class::isInstance).hasSize(1);
    }

    // ---- helpers

    private Reserved.Held hold(String challengeId, long amount) {
        Reserved reserved = await(ledger().reserve(payments.hold(challengeId, amount)));
        assertThat(reserved).isInstanceOf(Reserved.Held.class);
        return (Reserved.Held) reserved;
    }

    private HoldRef upfront(String challengeId, long amount) {
        return ((Reserved.Held) await(ledger().chargeUpfront(payments.hold(challengeId, amount)))).ref();
    }

    private RefundResult refund(String challengeId, long amount, String key) {
        return await(ledger().refund(new RefundRequest(challengeId, amount, key, "goodwill")));
    }

    private ReRun reRun(String challengeId, String hash) {
        return await(ledger().beginReRun(challengeId, hash, HOLD));
    }
}
