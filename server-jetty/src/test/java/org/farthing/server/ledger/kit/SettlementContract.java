package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.TOO_LARGE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionStage;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SweepReport;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.Transfer;
import org.farthing.server.ledger.Transition;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do about the end of a hold: capture, release, renewal and the sweeper. */
public abstract class SettlementContract extends ChargeKit {

    /** For the store's own test. */
    protected SettlementContract() {}

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
    @Requirement({"F-ST-24", "T16"})
    void now_always_isTheTimeHoldsAreJudgedBy() {
        assertThat(await(ledger().now())).isEqualTo(clock.instant());
        Duration gone = Duration.ofSeconds(7);
        clock.advance(gone);
        assertThat(hold("c1", 300).charge().holdUntil())
                .isEqualTo(await(ledger().now()).plus(HOLD));
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
        HoldRef unknown = new HoldRef("never", Payments.ALICE, 1, clock.instant());

        assertThatThrownBy(() -> await(ledger().capture(unknown, 1, ANSWER)))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("never");
        assertThatThrownBy(() -> await(ledger().renew(unknown, HOLD))).isInstanceOf(NoSuchElementException.class);
    }

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
}
