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
import java.util.List;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.PaymentHold;
import org.farthing.server.ledger.PaymentRefund;
import org.farthing.server.ledger.PaymentSlice;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SettleResult.Outcome;
import org.farthing.server.ledger.Transfer;
import org.farthing.server.ledger.VouchedPayment;
import org.farthing.server.ledger.VouchedPayment.State;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do with payments of a wallet service that ended: refunds, lists, retention. */
public abstract class ServicePaymentContract extends ServiceKit {

    /** For the store's own test. */
    protected ServicePaymentContract() {}

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
}
