package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.util.List;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.TakeOver;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.Transfer;
import org.farthing.server.ledger.Transition;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do about charges whose owner is gone, and a ledger that was closed. */
public abstract class TakeOverContract extends ChargeKit {

    /** For the store's own test. */
    protected TakeOverContract() {}

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

    @Test
    @Requirement({"T45", "T72"})
    void takeOver_manyThreads_oneWins() throws Exception {
        hold("c1", 300);
        reopen();

        List<TakeOver> all = race(20, i -> ledger().takeOver("c1", "hash-c1", HOLD));

        assertThat(all).filteredOn(TakeOver.Taken.class::isInstance).hasSize(1);
    }
}
