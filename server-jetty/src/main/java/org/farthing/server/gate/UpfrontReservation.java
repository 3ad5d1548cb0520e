package org.farthing.server.gate;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.farthing.protocol.ChargeOutcome.State;
import org.farthing.server.gate.RunningCharges.LookAgain;
import org.farthing.server.gate.Settled.Deliver;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.StoredOutcome;
import org.farthing.server.ledger.Transition;
import org.farthing.server.offer.Route;
import org.jspecify.annotations.Nullable;

/** A charge captured with its claim, given back if the handler fails (F-ST-35). */
public final class UpfrontReservation implements StreamedReservation {

    private final ChargeRecord record;
    private final HoldRef ref;
    private final RunningCharges.Run run;
    private final HoldKeeper keeper;
    private final @Nullable String receipt;

    UpfrontReservation(ChargeRecord record, HoldRef ref, RunningCharges.Run run) {
        this.record = record;
        this.ref = ref;
        this.run = run;
        this.receipt = record.receipt(record.payment().settle());
        this.keeper = new HoldKeeper(
                record.services(),
                ref,
                record.offer().maxDuration(),
                () -> refund(ReleaseReason.TOO_SLOW, Execution.UNKNOWN).thenApply(this::withhold),
                () -> CompletableFuture.completedFuture(lost()),
                () -> stuck(record.withholdUnknown()));
    }

    /** Starts renewing. */
    UpfrontReservation start(Instant asked) {
        record.captured(record.payment().authorized());
        keeper.start(asked);
        return this;
    }

    @Override
    public Route route() {
        return record.course().route();
    }

    @Override
    public Payment payment() {
        return record.payment();
    }

    @Override
    public void onEnded(Consumer<Settled.Withhold> listener) {
        keeper.onCutShort(listener);
    }

    @Override
    public CompletionStage<Settled> open(int status) {
        if (!record.isCharged(status)) {
            return keeper.end(
                    () -> refund(ReleaseReason.STATUS_NOT_CHARGED, Execution.UNKNOWN),
                    () -> stuck(record.deliverPending()),
                    UnaryOperator.identity());
        }
        CompletableFuture<Settled> ended = keeper.result();
        if (ended.isDone()) {
            return ended.thenApply(this::withhold);
        }
        CompletionStage<Settled> sure = keeper.isOurs()
                .handle((ours, failure) -> failure == null ? opened(ours, status) : notSure("renew", failure))
                .thenCompose(stage -> stage);
        return record.services().patience().await(sure, this::giveUp, late -> {});
    }

    private CompletionStage<Settled> opened(boolean ours, int status) {
        return ours
                ? CompletableFuture.completedFuture(captured(status))
                : keeper.end(() -> CompletableFuture.completedFuture(lost()), record::withholdUnknown, this::withhold);
    }

    private CompletionStage<Settled> notSure(String step, Throwable failure) {
        record.unknown(step, failure);
        return CompletableFuture.completedFuture(giveUp());
    }

    /** Nothing has left yet, and nothing will: the money goes back as soon as the ledger takes it. */
    private Settled giveUp() {
        var unused = abandon(ReleaseReason.UNDELIVERED, Execution.UNKNOWN);
        return stuck(record.withholdUnknown());
    }

    @Override
    public CompletionStage<Settled> close(int status) {
        return keeper.end(() -> delivered(status), () -> stuck(captured(status)), UnaryOperator.identity());
    }

    @Override
    public CompletionStage<Settled> abandon(ReleaseReason reason, Execution executed) {
        return keeper.end(
                () -> refund(reason, executed), () -> stuck(record.deliverPending()), UnaryOperator.identity());
    }

    private Settled captured(int status) {
        return new Deliver(record.outcome(State.CAPTURED), ChargeRecord.isReceipted(status) ? receipt : null);
    }

    private CompletableFuture<Settled> delivered(int status) {
        String kept = ChargeRecord.isReceipted(status) ? receipt : null;
        return record.services()
                .ledger()
                .delivered(ref, StoredOutcome.withoutBody(status, kept))
                .<Settled>handle((transition, failure) -> {
                    run.end(new LookAgain());
                    if (failure != null) {
                        record.unknown("note the delivery of", failure);
                    } else if (transition instanceof Transition.Lost) {
                        record.deliveredForNothing();
                    } else {
                        record.delivered();
                    }
                    return captured(status);
                })
                .toCompletableFuture();
    }

    private CompletableFuture<Settled> refund(ReleaseReason reason, Execution executed) {
        return record.services()
                .ledger()
                .refundUndelivered(ref, reason, executed)
                .<Settled>handle((transition, failure) -> {
                    run.end(new LookAgain());
                    if (failure != null) {
                        record.unknown("refund", failure);
                        return record.deliverPending();
                    }
                    return refunded(transition);
                })
                .toCompletableFuture();
    }

    private Settled refunded(Transition transition) {
        if (transition.charge().state() != ChargeState.REFUNDED) {
            return record.deliverPending();
        }
        record.released();
        return record.deliverReleased();
    }

    /** The ledger has not answered in time and still may: until it does, the same bytes are told so at once. */
    private Settled stuck(Settled instead) {
        run.stuck();
        record.stuck();
        return instead;
    }

    private Settled withhold(Settled settled) {
        if (settled instanceof Settled.Withhold) {
            return settled;
        }
        boolean released =
                settled instanceof Deliver deliver && deliver.outcome().state() == State.RELEASED;
        return released ? record.withholdReleased(Execution.UNKNOWN) : record.withholdUnknown();
    }

    /** The sweeper gave the money back while the answer was being made. */
    private Settled lost() {
        run.end(new LookAgain());
        return record.withholdReleased(Execution.UNKNOWN);
    }
}
