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
import org.farthing.server.ledger.PayerRelease;
import org.farthing.server.ledger.PaymentHold;
import org.farthing.server.ledger.SettleItem;
import org.farthing.server.ledger.SettleResult;
import org.farthing.server.ledger.SettleResult.Outcome;
import org.farthing.server.ledger.SweepReport;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.Vouched;
import org.farthing.server.ledger.VouchedPayment;
import org.farthing.server.ledger.VouchedPayment.State;
import org.farthing.server.ledger.Wallet;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do when payees collect from a wallet service, and payers take back. */
public abstract class ServiceSettlementContract extends ServiceKit {

    /** For the store's own test. */
    protected ServiceSettlementContract() {}

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
}
