package org.farthing.server.gate;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.farthing.protocol.ChargeOutcome.State;
import org.farthing.server.gate.RunningCharges.LookAgain;
import org.farthing.server.gate.Settled.Deliver;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.ReRun;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.offer.Route;

/** Running a repeatable handler again for an answer that was paid and not stored: no money moves (F-RE-22). */
public final class ReRunReservation implements StreamedReservation {

    private final ChargeRecord record;
    private final ReRun.Granted granted;
    private final RunningCharges.Run run;

    ReRunReservation(ChargeRecord record, ReRun.Granted granted, RunningCharges.Run run) {
        this.record = record;
        this.granted = granted;
        this.run = run;
        record.payment().settle();
    }

    @Override
    public Route route() {
        return record.course().route();
    }

    @Override
    public Payment payment() {
        return record.payment();
    }

    /** A re-run never ends early: there is no money to give back. */
    @Override
    public void onEnded(Consumer<Settled.Withhold> listener) {}

    @Override
    public CompletionStage<Settled> open(int status) {
        return CompletableFuture.completedFuture(answer(status));
    }

    @Override
    public CompletionStage<Settled> close(int status) {
        return end().thenApply(done -> answer(status));
    }

    @Override
    public CompletionStage<Settled> abandon(ReleaseReason reason, Execution executed) {
        return end().thenApply(done -> answer(500));
    }

    /** The money moved long ago, whatever this answer is; the receipt is the first one's, byte for byte. */
    private Settled answer(int status) {
        String receipt = granted.outcome().receipt().orElse(null);
        return new Deliver(record.outcome(State.CAPTURED), ChargeRecord.isReceipted(status) ? receipt : null);
    }

    private CompletionStage<Boolean> end() {
        run.end(new LookAgain());
        CompletionStage<Boolean> noted = record.services()
                .ledger()
                .endReRun(granted)
                .handle((ended, failure) -> {
                    if (failure != null) {
                        // The ledger lets the next one start when this one's time is over.
                        record.unknown("end the re-run of", failure);
                        return false;
                    }
                    return ended;
                });
        return record.services().patience().await(noted, () -> false, late -> {});
    }
}
