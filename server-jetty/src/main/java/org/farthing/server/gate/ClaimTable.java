package org.farthing.server.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.Amount;
import org.farthing.protocol.ChargeOutcome.State;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.gate.PaymentEvent.Kind;
import org.farthing.server.gate.RunningCharges.Answered;
import org.farthing.server.gate.RunningCharges.LookAgain;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.Delivery;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.ReRun;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.StoredOutcome;
import org.farthing.server.ledger.TakeOver;
import org.farthing.server.ledger.Transition;

/** What a challenge id that is known already gets: the table of spec/retry.md (F-RE-10 to F-RE-22). */
final class ClaimTable {

    /** When asking again makes sense while something is under way. */
    static final Duration SOON = Duration.ofSeconds(1);

    /** When asking again makes sense while a wallet service cannot be reached, or is behind with what it owes. */
    static final Duration LATER = Duration.ofSeconds(5);

    private final Services services;
    private final Course course;
    private final Examined.Plausible plausible;
    private final Proof proof;

    ClaimTable(Services services, Course course, Examined.Plausible plausible, Proof proof) {
        this.services = services;
        this.course = course;
        this.plausible = plausible;
        this.proof = proof;
    }

    /** The same bytes again; the run is ours until we end it. */
    CompletionStage<Decision> sameBytes(Charge charge, RunningCharges.Run run) {
        return switch (charge.state()) {
            case HELD -> charge.ownerAlive() ? end(run, inProgress()) : takeOver(charge, run);
            case CAPTURED -> captured(charge, run);
            case RELEASED -> end(run, released(charge));
            case REFUNDED -> end(run, refunded(charge));
        };
    }

    /** Other bytes, whose proof verifies for the wallet that pays. */
    Decision samePayer(Charge charge) {
        return switch (charge.state()) {
            case HELD -> inProgress();
            case CAPTURED -> fulfilled(charge);
            case RELEASED -> released(charge);
            case REFUNDED -> refunded(charge);
        };
    }

    /** Other bytes of somebody else: the state of the charge is none of their business (F-RE-6). */
    Decision stranger() {
        Problem problem = Problem.of(
                        ProblemType.INVALID_CHALLENGE, "This payment is for another offer. Pay a fresh challenge.")
                .with("reason", "used");
        return services.answers().demand(course, problem);
    }

    Decision inProgress() {
        Problem problem = Problem.of(
                ProblemType.REQUEST_IN_PROGRESS, "This payment is being processed. Send the same credential again.");
        return services.answers().refuse(course, problem, State.PENDING, SOON);
    }

    Decision replay(StoredOutcome outcome) {
        services.events()
                .record(PaymentEvent.answered(Kind.REPLAYED, course.route().id(), null));
        String id = plausible.challengeId();
        return new Decision.Replay(outcome, new org.farthing.protocol.ChargeOutcome(State.CAPTURED, id));
    }

    Decision fulfilled(Charge charge) {
        Problem problem = Problem.of(
                        ProblemType.ALREADY_FULFILLED, "This payment was charged and its request answered before.")
                .with("reference", ReceiptSigner.reference(charge.challengeId()));
        return services.answers().refuse(course, problem, State.CAPTURED, null);
    }

    Decision refunded(Charge charge) {
        Problem problem = Problem.of(ProblemType.PAYMENT_REFUNDED, "This payment was charged and given back.")
                .with("reference", ReceiptSigner.reference(charge.challengeId()));
        return services.answers().refuse(course, problem, State.RELEASED, null);
    }

    private Decision released(Charge charge) {
        return released(charge.executed());
    }

    private Decision released(Execution executed) {
        Problem problem = ChargeRecord.released(services, course, proof, executed);
        return executed == Execution.NO
                ? services.answers().demand(course, problem, State.RELEASED)
                : services.answers().refuse(course, problem.withStatus(503), State.RELEASED, SOON);
    }

    private CompletionStage<Decision> takeOver(Charge charge, RunningCharges.Run run) {
        return services.ledger()
                .takeOver(charge.challengeId(), hash(), HoldKeeper.HOLD)
                .thenCompose(taken -> {
                    if (!(taken instanceof TakeOver.Taken right)) {
                        return end(run, inProgress());
                    }
                    return charge.terms().repeatable()
                            ? CompletableFuture.completedFuture(serve(right.ref(), right.charge(), run))
                            : giveUp(right.ref(), run);
                });
    }

    /** Its node died while an unsafe handler ran: nobody may run it again, so nothing is charged (F-RE-20). */
    private CompletionStage<Decision> giveUp(HoldRef ref, RunningCharges.Run run) {
        return services.ledger()
                .release(ref, ReleaseReason.OWNER_GONE, Execution.UNKNOWN)
                .thenCompose(transition -> end(
                        run,
                        transition instanceof Transition.Done
                                        || transition.charge().state() == ChargeState.RELEASED
                                ? released(Execution.UNKNOWN)
                                : inProgress()));
    }

    /** The handler may run under this hold. */
    Decision serve(HoldRef ref, Charge charge, RunningCharges.Run run) {
        HeldReservation reservation = new HeldReservation(recordOf(charge), ref, run);
        run.serving(reservation);
        return new Decision.Serve(reservation.start());
    }

    /** The handler may run, its money moved in a step that was asked for at this time. */
    Decision serveUpfront(HoldRef ref, Charge charge, RunningCharges.Run run, Instant asked) {
        UpfrontReservation reservation = new UpfrontReservation(recordOf(charge), ref, run);
        run.serving(reservation);
        return new Decision.Serve(reservation.start(asked));
    }

    private CompletionStage<Decision> captured(Charge charge, RunningCharges.Run run) {
        if (charge.delivery() == Delivery.PENDING) {
            // Its answer is on its way; if that node is gone, the sweeper gives the money back.
            return end(run, inProgress());
        }
        if (charge.answerStored()) {
            return services.ledger()
                    .storedOutcome(charge.challengeId(), hash())
                    .thenApply(stored -> stored(charge, stored, run));
        }
        return charge.terms().repeatable() ? reRun(charge, run) : end(run, fulfilled(charge));
    }

    /** Whoever waits for this look-up gets what it found, instead of looking in turn. */
    private Decision stored(Charge charge, Optional<StoredOutcome> stored, RunningCharges.Run run) {
        Optional<StoredOutcome> whole = stored.filter(outcome -> outcome.body().isPresent());
        run.end(whole.<RunningCharges.Ended>map(Answered::new).orElseGet(LookAgain::new));
        return whole.map(this::replay).orElseGet(() -> fulfilled(charge));
    }

    private CompletionStage<Decision> reRun(Charge charge, RunningCharges.Run run) {
        Duration atMost = plausible.offer().maxDuration();
        return services.ledger()
                .beginReRun(charge.challengeId(), hash(), atMost)
                .thenCompose(answer -> {
                    if (answer instanceof ReRun.Granted granted) {
                        ReRunReservation reservation = new ReRunReservation(recordOf(charge), granted, run);
                        run.serving(reservation);
                        return CompletableFuture.completedFuture(new Decision.Serve(reservation));
                    }
                    return end(run, answer instanceof ReRun.Busy ? inProgress() : fulfilled(charge));
                });
    }

    private ChargeRecord recordOf(Charge charge) {
        Payment payment = new Payment(
                charge.challengeId(),
                charge.terms().wallet(),
                Amount.of(charge.terms().amount()),
                plausible.request().currency(),
                plausible.offer().upTo());
        return new ChargeRecord(services, course, plausible, proof, payment);
    }

    private String hash() {
        return plausible.fingerprint();
    }

    private static CompletionStage<Decision> end(RunningCharges.Run run, Decision decision) {
        run.end(new LookAgain());
        return CompletableFuture.completedFuture(decision);
    }
}
