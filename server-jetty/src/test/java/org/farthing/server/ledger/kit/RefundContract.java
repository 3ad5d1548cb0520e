package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.util.List;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.RefundResult;
import org.farthing.server.ledger.Totals;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do about refunds. */
public abstract class RefundContract extends ChargeKit {

    /** For the store's own test. */
    protected RefundContract() {}

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

    @Test
    @Requirement({"T54"})
    void refund_manyThreads_neverMoreThanCaptured() throws Exception {
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));

        List<RefundResult> all = race(20, i -> ledger().refund(new RefundRequest("c1", 100, "r" + i % 10, "goodwill")));

        assertThat(all).filteredOn(RefundResult.Refunded.class::isInstance).hasSize(3);
        assertThat(account()).isEqualTo(new Account(USD, 1000, 0));
    }
}
