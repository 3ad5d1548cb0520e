package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.TOO_LARGE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.Delivery;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.SweepReport;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.Transition;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do about charges captured before their answer leaves. */
public abstract class UpfrontContract extends ChargeKit {

    /** For the store's own test. */
    protected UpfrontContract() {}

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
}
