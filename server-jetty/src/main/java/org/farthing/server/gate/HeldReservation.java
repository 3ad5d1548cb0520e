package org.farthing.server.gate;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.farthing.protocol.Amount;
import org.farthing.protocol.ChargeOutcome.State;
import org.farthing.server.gate.RunningCharges.Answered;
import org.farthing.server.gate.RunningCharges.LookAgain;
import org.farthing.server.gate.Settled.Deliver;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.Issuance;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.StoredOutcome;
import org.farthing.server.ledger.StoredOutcome.Field;
import org.farthing.server.ledger.Transition;
import org.farthing.server.offer.Route;
import org.jspecify.annotations.Nullable;

/** A reservation whose answer is held back whole until the money moved (F-ST-30): the default. */
public final class HeldReservation implements Reservation {

    private final ChargeRecord record;
    private final HoldRef ref;
    private final RunningCharges.Run run;
    private final HoldKeeper keeper;

    HeldReservation(ChargeRecord record, HoldRef ref, RunningCharges.Run run) {
        this.record = record;
        this.ref = ref;
        this.run = run;
        Services services = record.services();
        this.keeper = new HoldKeeper(
                services,
                ref,
                record.offer().maxDuration(),
                () -> release(ReleaseReason.TOO_SLOW, Execution.UNKNOWN)
                        .thenApply(settled -> withhold(settled, Execution.UNKNOWN)),
                () -> lost(Execution.UNKNOWN),
                () -> stuck(record.withholdUnknown()));
    }

    /** Starts renewing. */
    HeldReservation start() {
        keeper.start(record.services().clock().instant());
        return this;
    }

    @Override
    public Route route() {
        return record.course().route();
    }

    /**
     * Returns how much of the answer is held back at most.
     *
     * @return in bytes
     */
    public int holdLimit() {
        return record.offer().holdLimit();
    }

    @Override
    public Payment payment() {
        return record.payment();
    }

    @Override
    public void onEnded(Consumer<Settled.Withhold> listener) {
        keeper.onCutShort(listener);
    }

    /**
     * Takes the handler's whole answer and moves the money, or gives it back if an answer with this status is not charged.
     * Nothing of the answer may have left yet.
     *
     * @param status the answer's status
     * @param fields the header fields to store for a replay
     * @param body the whole body, may be empty
     * @return what to send, after the money moved durably
     */
    public CompletionStage<Settled> settle(int status, List<Field> fields, byte[] body) {
        return keeper.end(
                () -> settleNow(status, fields, body),
                () -> stuck(isFree(status) ? record.deliverPending() : record.withholdUnknown()),
                settled -> withhold(settled, Execution.YES));
    }

    @Override
    public CompletionStage<Settled> abandon(ReleaseReason reason, Execution executed) {
        return keeper.end(
                () -> release(reason, executed), () -> stuck(record.deliverPending()), UnaryOperator.identity());
    }

    private CompletionStage<Settled> settleNow(int status, List<Field> fields, byte[] body) {
        Amount amount = record.payment().settle();
        if (isFree(status)) {
            boolean waived = record.isCharged(status);
            return release(waived ? ReleaseReason.WAIVED : ReleaseReason.STATUS_NOT_CHARGED, Execution.YES);
        }
        String receipt = ChargeRecord.isReceipted(status) ? record.receipt(amount) : null;
        return capture(amount, StoredOutcome.whole(status, fields, body, receipt));
    }

    private boolean isFree(int status) {
        return !record.isCharged(status) || record.payment().isWaived();
    }

    private CompletableFuture<Settled> capture(Amount amount, StoredOutcome outcome) {
        return moved(amount, outcome)
                .<CompletionStage<Settled>>handle((transition, failure) -> {
                    if (failure != null) {
                        return captureFailed(failure);
                    }
                    boolean done = transition instanceof Transition.Done || isOurs(transition.charge());
                    return CompletableFuture.completedFuture(
                            done ? captured(amount, outcome) : lost(transition.charge(), Execution.YES));
                })
                .thenCompose(stage -> stage)
                .toCompletableFuture();
    }

    private CompletionStage<Transition> moved(Amount amount, StoredOutcome outcome) {
        Ledger ledger = record.services().ledger();
        Issuance issuance = record.payment().issuance();
        return issuance == null
                ? ledger.capture(ref, amount.baseUnits(), outcome)
                : ledger.capture(ref, amount.baseUnits(), outcome, issuance);
    }

    private Settled captured(Amount amount, StoredOutcome outcome) {
        record.captured(amount);
        run.end(new Answered(outcome));
        return new Deliver(record.outcome(State.CAPTURED), outcome.receipt().orElse(null));
    }

    /** A repeated call of our own lands here: the first one had done it. */
    private boolean isOurs(Charge charge) {
        return charge.state() == ChargeState.CAPTURED && charge.fence() == ref.fence();
    }

    private CompletionStage<Settled> captureFailed(Throwable failure) {
        if (effect(failure) == Effect.NONE) {
            return release(ReleaseReason.CAPTURE_FAILED, Execution.YES)
                    .thenApply(settled -> withhold(settled, Execution.YES));
        }
        unknown("capture", failure);
        return CompletableFuture.completedFuture(record.withholdUnknown());
    }

    private CompletableFuture<Settled> release(ReleaseReason reason, Execution executed) {
        return record.services()
                .ledger()
                .release(ref, reason, executed)
                .<Settled>handle((transition, failure) -> {
                    if (failure != null) {
                        unknown("release", failure);
                        return record.deliverPending();
                    }
                    if (transition.charge().state() != ChargeState.RELEASED) {
                        return lost(transition.charge(), executed);
                    }
                    record.released();
                    run.end(new LookAgain());
                    return record.deliverReleased();
                })
                .toCompletableFuture();
    }

    /** In place of the handler's answer: what the outcome says, as a problem. */
    private Settled withhold(Settled settled, Execution executed) {
        if (!(settled instanceof Deliver deliver)) {
            return settled;
        }
        boolean released = deliver.outcome().state() == State.RELEASED;
        return released ? record.withholdReleased(executed) : record.withholdUnknown();
    }

    private CompletableFuture<Settled> lost(Execution executed) {
        return record.services()
                .ledger()
                .charge(ref.challengeId())
                .<Settled>handle((charge, failure) -> {
                    if (failure == null && charge.isPresent()) {
                        return lost(charge.get(), executed);
                    }
                    unknown("find", failure == null ? new IllegalStateException("no such charge") : failure);
                    return record.withholdUnknown();
                })
                .toCompletableFuture();
    }

    /** Somebody else ended the charge: discard the answer (F-ST-21). */
    private Settled lost(Charge charge, Execution executed) {
        run.end(new LookAgain());
        boolean released = charge.state() == ChargeState.RELEASED || charge.state() == ChargeState.REFUNDED;
        return released ? record.withholdReleased(executed) : record.withholdUnknown();
    }

    /** The ledger has not answered in time and still may: until it does, the same bytes are told so at once. */
    private Settled stuck(Settled instead) {
        run.stuck();
        record.stuck();
        return instead;
    }

    private void unknown(String step, Throwable failure) {
        record.unknown(step, failure);
        run.end(new LookAgain());
    }

    private static Effect effect(@Nullable Throwable failure) {
        return Failures.cause(failure) instanceof LedgerUnavailableException unavailable
                ? unavailable.effect()
                : Effect.UNKNOWN;
    }
}
