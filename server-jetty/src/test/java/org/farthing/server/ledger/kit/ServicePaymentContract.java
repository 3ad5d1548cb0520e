package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.COLLECT;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.Payee;
import org.farthing.server.ledger.Payees;
import org.farthing.server.ledger.PayerRelease;
import org.farthing.server.ledger.PaymentHold;
import org.farthing.server.ledger.PaymentRefund;
import org.farthing.server.ledger.PaymentSlice;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.ServicePayments;
import org.farthing.server.ledger.SettleItem;
import org.farthing.server.ledger.SettleResult;
import org.farthing.server.ledger.SettleResult.Outcome;
import org.farthing.server.ledger.SweepReport;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.Transfer;
import org.farthing.server.ledger.Vouched;
import org.farthing.server.ledger.VouchedPayment;
import org.farthing.server.ledger.VouchedPayment.State;
import org.farthing.server.ledger.Wallet;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Ledger} must do for a wallet service: its {@link ServicePayments} and its {@link Payees}. Long, because it
 * is the contract in one place.
 */
public abstract class ServicePaymentContract extends LedgerKit {

    private static final String SHOP = "https://shop.example";
    private static final String BOB = "w_bob";

    /** For the store's own test. */
    protected ServicePaymentContract() {}

    @Override
    protected LedgerOptions.Builder with(LedgerOptions.Builder options) {
        return super.with(options).maxHolds(20).releasesPerMinute(100);
    }

    // ---- hold

    @Test
    @Requirement({"F-ST-80", "F-ST-81"})
    void hold_firstTime_setsMoneyAsideAndKeepsTheToken() {
        PaymentHold request = payments.vouched("c1", 300);

        Vouched.Held held = (Vouched.Held) await(ledger().payments().hold(request));

        assertThat(held.token()).isEqualTo(request.token());
        VouchedPayment payment = held.payment();
        assertThat(payment)
                .isEqualTo(new VouchedPayment(
                        ALICE,
                        PAYEE,
                        "c1",
                        request.tokenId(),
                        USD,
                        300,
                        0,
                        0,
                        State.HELD,
                        clock.instant(),
                        request.expires(),
                        request.holdExpires()));
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
        assertThat(find("c1")).isEqualTo(payment);
        Transfer hold = await(ledger().statement(ALICE, null, 1)).transfers().get(0);
        assertThat(hold.kind()).isEqualTo(Transfer.Kind.HOLD);
        assertThat(hold.challengeId()).isEqualTo("c1");
        assertThat(await(ledger().charge("c1"))).isEmpty();
    }

    @Test
    @Requirement({"F-ST-81", "T71"})
    void hold_sameOrderAgain_givesTheFirstToken() {
        PaymentHold request = payments.vouched("c1", 300);
        Vouched.Held held = (Vouched.Held) await(ledger().payments().hold(request));
        clock.advance(Duration.ofSeconds(10));
        reopen();

        Vouched again = await(ledger().payments().hold(another(request, ALICE, request.orderHash(), "t-new")));

        assertThat(again).isEqualTo(new Vouched.Known(held.payment(), request.token()));
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }

    @Test
    @Requirement({"F-ST-81"})
    void hold_otherOrderOrWallet_learnsNothing() {
        await(ledger().register(Payments.registration(BOB)));
        PaymentHold request = payments.vouched("c1", 300);
        await(ledger().payments().hold(request));

        assertThat(await(ledger().payments().hold(another(request, ALICE, "other order", "t-new"))))
                .isEqualTo(new Vouched.OtherOrder());
        assertThat(await(ledger().payments().hold(another(request, BOB, request.orderHash(), "t-new"))))
                .isEqualTo(new Vouched.OtherOrder());
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
        assertThat(await(ledger().payments().find(BOB, "c1"))).isEmpty();
    }

    @Test
    @Requirement({"F-ST-81", "T5"})
    void hold_sameChallengeIdOfAnotherPayee_isAnotherPayment() {
        hold("c1", 300);

        assertThat(await(ledger().payments().hold(payments.vouched(ALICE, SHOP, "c1", 100))))
                .isInstanceOf(Vouched.Held.class);
        assertThat(await(ledger().payments().find(ALICE, "c1")))
                .extracting(VouchedPayment::recipient)
                .containsExactly(PAYEE, SHOP);
        assertThat(await(ledger().statement(ALICE, null, 2)).transfers())
                .extracting(Transfer::challengeId)
                .containsExactly("c1", "c1");
    }

    @Test
    @Requirement({"F-ST-81"})
    void hold_tokenIdUsedBefore_isRefused() {
        PaymentHold first = hold("c1", 300);
        PaymentHold request = payments.vouched(ALICE, PAYEE, "c2", first.tokenId(), USD, 100);

        assertThat(await(ledger().payments().hold(request)))
                .isInstanceOfSatisfying(
                        Vouched.Refused.class,
                        refused -> assertThat(refused.why()).isInstanceOf(Reserved.PaymentUsed.class));
        assertThat(await(ledger().payments().find(ALICE, "c2"))).isEmpty();
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }

    @Test
    @Requirement({"F-ST-80", "F-ST-13"})
    void hold_refused_writesNothing() {
        assertThat(refusal(payments.vouched("c1", 1001))).isEqualTo(new Reserved.InsufficientFunds(1000));
        assertThat(refusal(payments.vouched("w_nobody", PAYEE, "c1", 1)))
                .isEqualTo(new Reserved.WalletUnusable(Reserved.WalletUnusable.Why.UNKNOWN));
        PaymentHold late = payments.vouched("c1", 1);
        clock.advance(VALID);
        assertThat(refusal(late)).isEqualTo(new Reserved.Expired());
        await(ledger().setFrozen(ALICE, true));
        assertThat(refusal(payments.vouched("c1", 1)))
                .isEqualTo(new Reserved.WalletUnusable(Reserved.WalletUnusable.Why.FROZEN));
        await(ledger().setFrozen(ALICE, false));
        assertThat(refusal(payments.vouched("c1", 1)))
                .isEqualTo(new Reserved.WalletUnusable(Reserved.WalletUnusable.Why.KEY_CHANGED));

        assertThat(await(ledger().payments().find(ALICE, "c1"))).isEmpty();
        assertThat(kinds()).containsExactly(Transfer.Kind.TOP_UP);
    }

    @Test
    @Requirement({"F-ST-60", "F-ST-86", "T68"})
    void hold_moreThanAllowed_waitsUntilOneIsCollected() {
        PaymentHold first = hold("c0", 1);
        for (int i = 1; i < 20; i++) {
            hold("c" + i, 1);
        }

        assertThat(refusal(payments.vouched("c20", 1))).isInstanceOf(Reserved.TooManyHolds.class);
        settle(capture(first, 1));
        assertThat(await(ledger().payments().hold(payments.vouched("c20", 1)))).isInstanceOf(Vouched.Held.class);
    }

    // ---- collecting

    @Test
    @Requirement({"F-ST-82"})
    void settle_capture_paysThePayeeOnce() {
        PaymentHold request = hold("c1", 300);

        assertThat(settle(capture(request, 120))).isEqualTo(result(request, Outcome.CAPTURED, 120L));
        assertThat(settle(capture(request, 120))).isEqualTo(result(request, Outcome.ALREADY_CAPTURED, 120L));
        assertThat(settle(capture(request, 119))).isEqualTo(result(request, Outcome.CONFLICT, 120L));
        assertThat(settle(release(request))).isEqualTo(result(request, Outcome.CONFLICT, 120L));

        assertThat(account()).isEqualTo(new Account(USD, 880, 0));
        assertThat(totals()).isEqualTo(new Totals(USD, -1000, 880, 0, 120));
        assertThat(find("c1").state()).isEqualTo(State.CAPTURED);
        assertThat(find("c1").captured()).isEqualTo(120);
    }

    @Test
    @Requirement({"F-ST-82"})
    void settle_captureOfNothing_isACapture() {
        PaymentHold request = hold("c1", 300);
        PaymentHold free = hold("c2", 0);

        assertThat(settle(capture(request, 0))).isEqualTo(result(request, Outcome.CAPTURED, 0L));
        assertThat(settle(capture(free, 0))).isEqualTo(result(free, Outcome.CAPTURED, 0L));
        assertThat(settle(capture(free, 0))).isEqualTo(result(free, Outcome.ALREADY_CAPTURED, 0L));
        assertThat(settle(capture(request, 300))).isEqualTo(result(request, Outcome.CONFLICT, 0L));
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
    }

    @Test
    @Requirement({"F-ST-82"})
    void settle_release_givesBackOnceAndTheCaptureLoses() {
        PaymentHold request = hold("c1", 300);

        assertThat(settle(release(request))).isEqualTo(result(request, Outcome.RELEASED, null));
        assertThat(settle(release(request))).isEqualTo(result(request, Outcome.RELEASED, null));
        assertThat(settle(capture(request, 300))).isEqualTo(result(request, Outcome.CONFLICT, null));
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
        assertThat(find("c1").state()).isEqualTo(State.RELEASED);
    }

    @Test
    @Requirement({"F-ST-82", "T29"})
    void settle_whatDoesNotFit_isAConflictOrUnknown() {
        PaymentHold request = hold("c1", 300);

        assertThat(settle(capture(request, 301)).outcome()).isEqualTo(Outcome.CONFLICT);
        assertThat(settle(new SettleItem(request.tokenId(), 300L, "rb of another request"))
                        .outcome())
                .isEqualTo(Outcome.CONFLICT);
        assertThat(settle(new SettleItem("t-never", 1L, null)))
                .isEqualTo(new SettleResult("t-never", Outcome.UNKNOWN, null));
        assertThat(await(ledger().payments().settle(SHOP, List.of(capture(request, 300)))))
                .containsExactly(new SettleResult(request.tokenId(), Outcome.UNKNOWN, null));
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
        assertThat(settle(new SettleItem(request.tokenId(), 300L, null)).outcome())
                .isEqualTo(Outcome.CAPTURED);
    }

    @Test
    @Requirement({"F-ST-82", "F-ST-83"})
    void settle_afterTheHold_isExpiredEvenBeforeTheSweeper() {
        PaymentHold request = hold("c1", 300);
        PaymentHold second = hold("c2", 100);
        clock.advance(VALID.plus(COLLECT).minusMillis(1));
        assertThat(settle(capture(second, 100)).outcome()).isEqualTo(Outcome.CAPTURED);
        clock.advance(Duration.ofMillis(1));

        assertThat(settle(capture(request, 300))).isEqualTo(result(request, Outcome.EXPIRED, null));
        assertThat(settle(release(request))).isEqualTo(result(request, Outcome.EXPIRED, null));
        assertThat(settle(capture(second, 100)).outcome()).isEqualTo(Outcome.ALREADY_CAPTURED);
        assertThat(find("c1").state()).isEqualTo(State.EXPIRED);
        assertThat(account()).isEqualTo(new Account(USD, 600, 300));
        clock.advance(Duration.ofMillis(1));
        assertThat(await(ledger().sweep())).isEqualTo(new SweepReport(1, 0, false));
        assertThat(settle(capture(request, 300))).isEqualTo(result(request, Outcome.EXPIRED, null));
        assertThat(find("c1").state()).isEqualTo(State.EXPIRED);
        assertThat(account()).isEqualTo(new Account(USD, 900, 0));
    }

    @Test
    @Requirement({"F-ST-82"})
    void settle_batch_answersInItsOrderAndDoesItemsOfOnePaymentInTheirs() {
        PaymentHold one = hold("c1", 100);
        PaymentHold two = hold("c2", 100);
        PaymentHold three = hold("c3", 100);

        List<SettleResult> results = await(ledger().payments()
                .settle(
                        PAYEE,
                        List.of(
                                release(three),
                                new SettleItem("t-never", null, null),
                                capture(two, 60),
                                capture(three, 100),
                                capture(two, 60),
                                capture(one, 100))));

        assertThat(results)
                .containsExactly(
                        result(three, Outcome.RELEASED, null),
                        new SettleResult("t-never", Outcome.UNKNOWN, null),
                        result(two, Outcome.CAPTURED, 60L),
                        result(three, Outcome.CONFLICT, null),
                        result(two, Outcome.ALREADY_CAPTURED, 60L),
                        result(one, Outcome.CAPTURED, 100L));
        assertThat(account()).isEqualTo(new Account(USD, 840, 0));
        assertThat(await(ledger().payments().settle(PAYEE, List.of()))).isEmpty();
        List<SettleItem> tooMany = new ArrayList<>();
        for (int i = 0; i <= 1000; i++) {
            tooMany.add(release(one));
        }
        assertThatThrownBy(() -> ledger().payments().settle(PAYEE, tooMany))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-ST-86", "F-WA-23"})
    void settle_walletFrozenOrSuspendedMeanwhile_settlesAllTheSame() {
        PaymentHold one = hold("c1", 100);
        PaymentHold two = hold("c2", 100);
        await(ledger().setFrozen(ALICE, true));
        await(ledger().setStatus(ALICE, Wallet.Status.SUSPENDED));

        assertThat(settle(capture(one, 100)).outcome()).isEqualTo(Outcome.CAPTURED);
        assertThat(settle(release(two)).outcome()).isEqualTo(Outcome.RELEASED);
    }

    // ---- the payer's release

    @Test
    @Requirement({"F-ST-84"})
    void releaseByPayer_freesTheHoldAndTheCaptureLoses() {
        PaymentHold request = hold("c1", 300);

        PayerRelease released = await(ledger().payments().releaseByPayer(ALICE, PAYEE, "c1"));

        assertThat(released).isEqualTo(new PayerRelease.Released(find("c1")));
        assertThat(find("c1").state()).isEqualTo(State.RELEASED);
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
        assertThat(await(ledger().payments().releaseByPayer(ALICE, PAYEE, "c1")))
                .isEqualTo(released);
        assertThat(settle(capture(request, 300)).outcome()).isEqualTo(Outcome.CONFLICT);
        assertThat(settle(release(request)).outcome()).isEqualTo(Outcome.RELEASED);
        Vouched again = await(ledger().payments().hold(request));
        assertThat(again)
                .isInstanceOfSatisfying(
                        Vouched.Known.class,
                        known -> assertThat(known.payment().state()).isEqualTo(State.RELEASED));
    }

    @Test
    @Requirement({"F-ST-84"})
    void releaseByPayer_ofWhatWasCapturedOrBelongsToOthers_movesNothing() {
        await(ledger().register(Payments.registration(BOB)));
        settle(capture(hold("c1", 300), 200));

        assertThat(await(ledger().payments().releaseByPayer(ALICE, PAYEE, "c1")))
                .isEqualTo(new PayerRelease.Captured(find("c1")));
        assertThat(await(ledger().payments().releaseByPayer(BOB, PAYEE, "c1"))).isEqualTo(new PayerRelease.Unknown());
        assertThat(await(ledger().payments().releaseByPayer(ALICE, SHOP, "c1"))).isEqualTo(new PayerRelease.Unknown());
        assertThat(account()).isEqualTo(new Account(USD, 800, 0));
    }

    @Test
    @Requirement({"F-ST-83", "F-ST-84"})
    void releaseByPayer_afterTheHold_getsTheMoneyBackAsExpired() {
        hold("c1", 300);
        clock.advance(VALID.plus(COLLECT));

        PayerRelease released = await(ledger().payments().releaseByPayer(ALICE, PAYEE, "c1"));

        assertThat(((PayerRelease.Released) released).payment().state()).isEqualTo(State.EXPIRED);
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
    }

    // ---- refunds

    @Test
    @Requirement({"F-ST-85", "T54"})
    void refund_inParts_neverMoreThanCapturedAndOnceAKey() {
        PaymentHold request = hold("c1", 300);
        settle(capture(request, 200));

        assertThat(refund(request, 150, "r1"))
                .isInstanceOfSatisfying(
                        PaymentRefund.Refunded.class,
                        done -> assertThat(done.payment()).isEqualTo(find("c1")));
        assertThat(find("c1").refunded()).isEqualTo(150);
        assertThat(refund(request, 150, "r1")).isInstanceOf(PaymentRefund.Repeated.class);
        assertThat(refund(request, 149, "r1")).isInstanceOf(PaymentRefund.KeyConflict.class);
        assertThat(refund(request, 51, "r2")).isEqualTo(new PaymentRefund.TooMuch(find("c1")));
        assertThat(refund(request, 50, "r2")).isInstanceOf(PaymentRefund.Refunded.class);
        assertThat(refund(request, 1, "r3")).isInstanceOf(PaymentRefund.TooMuch.class);
        assertThat(refund(request, 50, "r2")).isInstanceOf(PaymentRefund.Repeated.class);

        assertThat(find("c1").state()).isEqualTo(State.CAPTURED);
        assertThat(settle(capture(request, 200)).outcome()).isEqualTo(Outcome.ALREADY_CAPTURED);
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
        assertThat(await(ledger().statement(ALICE, null, 1)).transfers().get(0).note())
                .isEqualTo("goodwill");
    }

    @Test
    @Requirement({"F-ST-85", "T54"})
    void refund_ofWhatWasNotCapturedOrBelongsToAnotherPayee_movesNothing() {
        PaymentHold held = hold("c1", 100);
        PaymentHold released = hold("c2", 100);
        PaymentHold captured = hold("c3", 100);
        settle(release(released));
        settle(capture(captured, 100));

        assertThat(refund(held, 1, "r1")).isEqualTo(new PaymentRefund.NotCaptured(find("c1")));
        assertThat(refund(released, 1, "r1")).isEqualTo(new PaymentRefund.NotCaptured(find("c2")));
        assertThat(await(ledger().payments().refund(SHOP, captured.tokenId(), 1, "r1", "theft")))
                .isEqualTo(new PaymentRefund.Unknown());
        assertThatThrownBy(() -> ledger().payments().refund(PAYEE, captured.tokenId(), 0, "r1", "nothing"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(account()).isEqualTo(new Account(USD, 800, 100));
    }

    // ---- lists and retention

    @Test
    @Requirement({"F-ST-85"})
    void list_inPages_oldestFirst_ofThisPayeeOnly() {
        for (int i = 0; i < 3; i++) {
            hold("c" + i, 10);
            clock.advance(Duration.ofSeconds(1));
        }
        await(ledger().payments().hold(payments.vouched(ALICE, SHOP, "c9", 10)));

        PaymentSlice first = await(ledger().payments().list(PAYEE, null, 2));
        PaymentSlice second = await(ledger().payments().list(PAYEE, first.next(), 2));

        assertThat(first.payments()).extracting(VouchedPayment::challengeId).containsExactly("c0", "c1");
        assertThat(second.payments()).extracting(VouchedPayment::challengeId).containsExactly("c2");
        assertThat(second.next()).isNull();
        assertThatThrownBy(() -> ledger().payments().list(PAYEE, null, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-ST-83", "F-ST-45"})
    void purge_paymentsAreKeptADayAfterTheirHold_capturedOnesLonger_heldOnesAlways() {
        PaymentHold expired = hold("c1", 10);
        PaymentHold captured = hold("c2", 10);
        settle(capture(captured, 10));
        clock.advance(VALID.plus(COLLECT).plusHours(24));
        assertThat(await(ledger().purge()).charges()).isZero();
        clock.advance(Duration.ofDays(400));
        assertThat(await(ledger().purge()).charges()).isEqualTo(1);
        assertThat(settle(capture(expired, 10)).outcome()).isEqualTo(Outcome.EXPIRED);
        assertThat(settle(capture(captured, 10)).outcome()).isEqualTo(Outcome.UNKNOWN);

        await(ledger().sweep());
        assertThat(await(ledger().purge()).charges()).isEqualTo(1);

        assertThat(settle(capture(expired, 10)).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(await(ledger().payments().find(ALICE, "c1"))).isEmpty();
        assertThat(await(ledger().statement(ALICE, null, 10)).transfers())
                .extracting(Transfer::challengeId)
                .containsExactly("c1", "c2", "c2", "c1", null);
        assertThat(account()).isEqualTo(new Account(USD, 990, 0));
    }

    @Test
    @Requirement({"F-ST-14", "F-ST-81"})
    void hold_purgedPaymentWithTheClockSetBack_isStillExpired() {
        PaymentHold request = hold("c1", 10);
        settle(release(request));
        clock.advance(Duration.ofDays(2));
        assertThat(await(ledger().purge()).charges()).isEqualTo(1);
        clock.advance(Duration.ofDays(-2));

        assertThat(refusal(request)).isEqualTo(new Reserved.Expired());
    }

    // ---- payees

    @Test
    @Requirement({"F-ST-87"})
    void payees_putFindKeysList() {
        Payees payees = ledger().payees();
        assertThat(await(payees.find(PAYEE))).isEmpty();
        assertThat(await(payees.keys(PAYEE, "{}"))).isEmpty();

        Payees.Put put = await(payees.put(PAYEE, false, Payee.Status.ACTIVE, null));
        Payee fresh = new Payee(PAYEE, Payee.Status.ACTIVE, false, null, null, clock.instant());
        assertThat(put).isEqualTo(new Payees.Put(fresh, true));

        clock.advance(Duration.ofMinutes(1));
        Payee fetched = await(payees.keys(PAYEE, "{\n\"keys\":[]}")).orElseThrow();
        assertThat(fetched.keyDocument()).isEqualTo("{\n\"keys\":[]}");
        assertThat(fetched.fetchedAt()).isEqualTo(clock.instant());
        Payees.Put frozen = await(payees.put(PAYEE, true, Payee.Status.FROZEN, null));
        assertThat(frozen)
                .isEqualTo(new Payees.Put(
                        new Payee(
                                PAYEE,
                                Payee.Status.FROZEN,
                                true,
                                fetched.keyDocument(),
                                fetched.fetchedAt(),
                                fresh.addedAt()),
                        false));
        await(payees.put(SHOP, false, Payee.Status.ACTIVE, "{}"));
        reopen();
        assertThat(await(ledger().payees().list(null, 1))).containsExactly(frozen.payee());
        assertThat(await(ledger().payees().list(PAYEE, 5)))
                .extracting(Payee::origin)
                .containsExactly(SHOP);
        assertThatThrownBy(() -> ledger().payees().keys(PAYEE, "x".repeat(65_537)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- races

    @Test
    @Requirement({"F-ST-81", "T1"})
    void hold_manyThreadsOneOrder_oneIsHeldAndAllGetItsToken() throws Exception {
        PaymentHold request = payments.vouched("c1", 300);

        List<Vouched> all = race(
                20,
                i -> ledger().payments()
                        .hold(another(request, ALICE, i % 4 == 0 ? "another order" : request.orderHash(), "t" + i)));

        Vouched.Held held = (Vouched.Held)
                all.stream().filter(Vouched.Held.class::isInstance).findFirst().orElseThrow();
        assertThat(all).filteredOn(Vouched.Held.class::isInstance).hasSize(1);
        assertThat(all)
                .filteredOn(Vouched.Known.class::isInstance)
                .allSatisfy(one -> assertThat(((Vouched.Known) one).token()).isEqualTo(held.token()));
        assertThat(all).filteredOn(Vouched.Refused.class::isInstance).isEmpty();
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }

    @Test
    @Requirement({"F-ST-82", "F-ST-84", "T72"})
    void captureReleaseAndSweep_ofOnePaymentAtOnce_exactlyOneWins() throws Exception {
        for (int round = 0; round < 6; round++) {
            boolean late = round % 2 == 1;
            PaymentHold request = hold("c" + round, 100);
            clock.advance(late ? VALID.plus(COLLECT).plusMillis(1) : Duration.ofSeconds(1));
            long before = account().available();

            List<Object> all = race(12, i -> endIn(i, request));

            VouchedPayment payment = find("c" + round);
            assertThat(payment.state()).isIn(late ? List.of(State.EXPIRED) : List.of(State.CAPTURED, State.RELEASED));
            boolean captured = payment.state() == State.CAPTURED;
            assertThat(account()).isEqualTo(new Account(USD, before + (captured ? 30 : 100), 0));
            assertThat(all)
                    .filteredOn(result(request, Outcome.CAPTURED, 70L)::equals)
                    .hasSize(captured ? 1 : 0);
        }
    }

    /** Capture or release by the payee, release by the payer, and the sweeper. */
    private CompletionStage<Object> endIn(int way, PaymentHold request) {
        return switch (way % 4) {
            case 0 ->
                ledger().payments().settle(PAYEE, List.of(capture(request, 70))).thenApply(all -> all.get(0));
            case 1 ->
                ledger().payments().settle(PAYEE, List.of(release(request))).thenApply(all -> all.get(0));
            case 2 ->
                ledger().payments()
                        .releaseByPayer(ALICE, PAYEE, request.challengeId())
                        .thenApply(Object.class::cast);
            default -> ledger().sweep().thenApply(Object.class::cast);
        };
    }

    @Test
    @Requirement({"F-ST-82", "T72"})
    void settle_overlappingBatchesAtOnce_moveEachPaymentOnce() throws Exception {
        List<SettleItem> items = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            items.add(capture(hold("c" + i, 10), 10));
        }
        List<SettleItem> backwards = new ArrayList<>(items);
        Collections.reverse(backwards);

        List<List<SettleResult>> all = race(8, i -> ledger().payments().settle(PAYEE, i % 2 == 0 ? items : backwards));

        List<SettleResult> captured = new ArrayList<>();
        all.forEach(results -> results.stream()
                .filter(one -> one.outcome() == Outcome.CAPTURED)
                .forEach(captured::add));
        assertThat(captured).hasSize(10);
        assertThat(account()).isEqualTo(new Account(USD, 900, 0));
    }

    @Test
    @Requirement({"F-ST-85", "T54"})
    void refund_manyThreads_neverMoreThanCaptured() throws Exception {
        PaymentHold request = hold("c1", 300);
        settle(capture(request, 300));

        List<PaymentRefund> all =
                race(20, i -> ledger().payments().refund(PAYEE, request.tokenId(), 100, "r" + i % 10, "goodwill"));

        assertThat(all).filteredOn(PaymentRefund.Refunded.class::isInstance).hasSize(3);
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
    }

    // ---- helpers

    private PaymentHold hold(String challengeId, long amount) {
        PaymentHold request = payments.vouched(ALICE, PAYEE, challengeId, amount);
        assertThat(await(ledger().payments().hold(request))).isInstanceOf(Vouched.Held.class);
        return request;
    }

    /** The same payment, asked for by another wallet, order or token. */
    private static PaymentHold another(PaymentHold request, String wallet, String orderHash, String tokenId) {
        return new PaymentHold(
                wallet,
                "key-of-" + wallet,
                1,
                request.recipient(),
                request.challengeId(),
                orderHash,
                tokenId,
                "the token " + tokenId,
                request.currency(),
                request.amount(),
                request.expires(),
                request.holdExpires(),
                request.rb());
    }

    private Reserved refusal(PaymentHold request) {
        return ((Vouched.Refused) await(ledger().payments().hold(request))).why();
    }

    private VouchedPayment find(String challengeId) {
        List<VouchedPayment> found = await(ledger().payments().find(ALICE, challengeId));
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private SettleResult settle(SettleItem item) {
        return await(ledger().payments().settle(PAYEE, List.of(item))).get(0);
    }

    private static SettleItem capture(PaymentHold request, long amount) {
        return new SettleItem(request.tokenId(), amount, request.rb());
    }

    private static SettleItem release(PaymentHold request) {
        return new SettleItem(request.tokenId(), null, request.rb());
    }

    private static SettleResult result(PaymentHold request, Outcome outcome, @Nullable Long captured) {
        return new SettleResult(request.tokenId(), outcome, captured);
    }

    private PaymentRefund refund(PaymentHold request, long amount, String key) {
        return await(ledger().payments().refund(PAYEE, request.tokenId(), amount, key, "goodwill"));
    }
}
