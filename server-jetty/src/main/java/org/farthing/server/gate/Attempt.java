package org.farthing.server.gate;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.farthing.protocol.ChargeOutcome.State;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.gate.Examined.Plausible;
import org.farthing.server.gate.RunningCharges.Answered;
import org.farthing.server.gate.RunningCharges.Ended;
import org.farthing.server.gate.RunningCharges.Entry;
import org.farthing.server.gate.RunningCharges.LookAgain;
import org.farthing.server.gate.RunningCharges.Owner;
import org.farthing.server.gate.RunningCharges.Run;
import org.farthing.server.gate.RunningCharges.StillRunning;
import org.farthing.server.gate.RunningCharges.Stuck;
import org.farthing.server.gate.RunningCharges.Waiter;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.Reserved.WalletUnusable.Why;
import org.farthing.server.method.Authorization;
import org.farthing.server.method.Authorization.Payable;
import org.farthing.server.method.Authorization.Refused;
import org.farthing.server.offer.CaptureMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One plausible credential on its way to the ledger: verify, claim, and answer what came of it (spec/server.md, F-SV-8 to
 * F-SV-13).
 *
 * <p>The claim itself is the lookup: the ledger says {@link Reserved.Known} in the same step, so a first payment costs one
 * call. A separate lookup is made only for a credential that may not claim: expired, or not verified. The same bytes always
 * get the answer of their charge, whatever became of keys and wallets since (F-RE-3).
 */
final class Attempt {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentGate.class);

    private final Services services;
    private final Course course;
    private final Plausible plausible;
    private final Proof proof;
    private final ClaimTable table;
    private final Unclaimed unclaimed;
    private final String hash;
    private volatile boolean late;
    private volatile @Nullable Run mine;
    private volatile Execution executed = Execution.UNKNOWN;

    Attempt(Services services, Course course, Plausible plausible) {
        this.services = services;
        this.course = course;
        this.plausible = plausible;
        this.proof = new Proof(course, plausible);
        this.table = new ClaimTable(services, course, plausible, proof);
        this.unclaimed = new Unclaimed(services, course, plausible);
        this.hash = plausible.fingerprint();
    }

    CompletionStage<Decision> decide() {
        if (!Objects.equals(plausible.digest(), course.digest())) {
            Problem problem = Problem.of(
                            ProblemType.INVALID_CHALLENGE, "This payment is for another body. Pay a fresh challenge.")
                    .with("reason", "body");
            services.limits().failed(course);
            return done(services.answers().demand(course, problem));
        }
        boolean expired = !services.clock().instant().isBefore(plausible.expires());
        CompletionStage<Decision> decision = expired ? lookUp(this::expired) : verifyAndReserve(true);
        CompletionStage<Decision> answer =
                decision.handle((result, failure) -> failure == null ? result : failed(failure));
        return services.patience().await(answer, this::late, this::tooLate);
    }

    private CompletionStage<Decision> verifyAndReserve(boolean first) {
        return proof.verify().thenCompose(authorization -> {
            if (authorization instanceof Payable payable) {
                if (!services.signer().canSign(services.clock().instant())) {
                    return lookUp(() -> services.answers().unsigned(course, State.PENDING));
                }
                // Once a request: keys that changed meanwhile do not cost the wallet a second time.
                Optional<Decision> limited = first
                        ? services.limits().payment(course, payable.claim().payer())
                        : Optional.empty();
                return limited.isPresent() ? done(limited.get()) : paidOrAgain(payable, first);
            }
            Refused refused = (Refused) authorization;
            // A payload that is no payload cannot be the one of a charge; all else may be a resend.
            return refused.why() == ProblemType.INVALID_PAYLOAD ? done(refuse(refused)) : lookUp(() -> refuse(refused));
        });
    }

    private CompletionStage<Decision> paidOrAgain(Payable payable, boolean first) {
        String charge = plausible.reEntry();
        return charge == null
                ? reserveOrWait(payable, first)
                : services.ledger()
                        .charge(charge)
                        .thenCompose(found ->
                                found.filter(paid -> earned(paid, payable)).isPresent()
                                        ? reserveOrWait(payable, first)
                                        : lookUp(this::noPass));
    }

    /** Who shows a pass is served for nothing only if this very wallet paid, and its money has not gone back (F-PA-11). */
    private static boolean earned(Charge paid, Payable payable) {
        return paid.state() == ChargeState.CAPTURED
                && paid.captured() > 0
                && paid.terms().wallet().equals(payable.claim().payer())
                && paid.terms().payee().equals(payable.movement().payee());
    }

    private Decision noPass() {
        services.limits().failed(course);
        Problem problem = Problem.of(ProblemType.INVALID_CHALLENGE, "This pass does not hold any more.")
                .with("reason", "pass");
        return services.answers().demand(course, problem);
    }

    private Decision refuse(Refused refused) {
        if (refused.why() != ProblemType.LEDGER_UNAVAILABLE) {
            services.limits().failed(course);
        }
        return unclaimed.refuse(refused);
    }

    private Decision expired() {
        services.limits().failed(course);
        return unclaimed.expired();
    }

    // ---- a credential that may not claim -------------------------------------------------------------------------

    private CompletionStage<Decision> lookUp(Supplier<Decision> whenUnknown) {
        return services.ledger().charge(plausible.challengeId()).thenCompose(found -> {
            if (found.isEmpty()) {
                return done(whenUnknown.get());
            }
            Charge charge = found.get();
            return charge.claimedBy(hash) ? sameBytes(charge, true) : otherBytes(charge);
        });
    }

    private CompletionStage<Decision> sameBytes(Charge charge, boolean mayWait) {
        Entry entry = services.running().enter(plausible.challengeId(), hash, mayWait);
        if (entry instanceof Owner owner) {
            return guarded(owner.run(), () -> sameBytes(charge, owner.run()));
        }
        if (entry instanceof Stuck) {
            return done(unclaimed.away());
        }
        return entry instanceof Waiter waiter
                ? waiter.ended().thenCompose(ended -> afterWaiting(ended, () -> done(table.inProgress())))
                : done(table.inProgress());
    }

    private CompletionStage<Decision> sameBytes(Charge charge, Run run) {
        requireInTime();
        return table.sameBytes(charge, run);
    }

    private CompletionStage<Decision> otherBytes(Charge charge) {
        return proof.verify()
                .thenApply(
                        authorization -> isPayerOf(charge, authorization) ? table.samePayer(charge) : table.stranger());
    }

    private static boolean isPayerOf(Charge charge, Authorization authorization) {
        return authorization instanceof Payable payable
                && payable.claim().payer().equals(charge.terms().wallet());
    }

    // ---- the claim -----------------------------------------------------------------------------------------------

    private CompletionStage<Decision> reserveOrWait(Payable payable, boolean first) {
        Entry entry = services.running().enter(plausible.challengeId(), hash, first);
        if (entry instanceof Owner owner) {
            return guarded(owner.run(), () -> reserve(payable, owner.run(), first));
        }
        if (entry instanceof Stuck) {
            return done(unclaimed.away());
        }
        if (entry instanceof Waiter waiter) {
            return waiter.ended().thenCompose(ended -> afterWaiting(ended, () -> reserveOrWait(payable, false)));
        }
        return services.ledger().charge(plausible.challengeId()).thenApply(found -> {
            if (found.isEmpty() || found.get().claimedBy(hash)) {
                return table.inProgress();
            }
            return isPayerOf(found.get(), payable) ? table.samePayer(found.get()) : table.stranger();
        });
    }

    private CompletionStage<Decision> reserve(Payable payable, Run run, boolean first) {
        requireInTime();
        boolean upfront = plausible.offer().capture() == CaptureMode.UPFRONT;
        HoldRequest request = holdRequest(payable);
        Instant asked = services.clock().instant();
        CompletionStage<Reserved> stage = upfront
                ? services.ledger().chargeUpfront(request)
                : services.ledger().reserve(request);
        return stage.thenCompose(reserved -> {
            if (reserved instanceof Reserved.Held held) {
                executed = Execution.NO;
                return done(
                        upfront
                                ? table.serveUpfront(held.ref(), held.charge(), run, asked)
                                : table.serve(held.ref(), held.charge(), run));
            }
            if (reserved instanceof Reserved.Known known && known.charge().claimedBy(hash)) {
                return sameBytes(known.charge(), run);
            }
            run.end(new LookAgain());
            boolean keysChanged =
                    reserved instanceof Reserved.WalletUnusable unusable && unusable.why() == Why.KEY_CHANGED;
            return keysChanged && first
                    ? verifyAndReserve(false)
                    : new NotReserved(services, course, table).answer(reserved, request);
        });
    }

    private HoldRequest holdRequest(Payable payable) {
        ChargeTerms terms = new ChargeTerms(
                plausible.challengeId(),
                hash,
                payable.claim().paymentId(),
                payable.claim().payer(),
                payable.movement().payee(),
                course.route().id(),
                plausible.method().id().text(),
                payable.movement().currency().text(),
                payable.movement().amount().baseUnits(),
                plausible.expires(),
                course.route().isRepeatable(course.inquiry().target().method()));
        return new HoldRequest(
                terms,
                payable.claim().keyThumbprint(),
                payable.claim().payerVersion(),
                HoldKeeper.HOLD,
                IdempotencyKey.scope(
                        course.inquiry(), course.facts(), payable.claim().payer()),
                payable.claim().source());
    }

    private CompletionStage<Decision> afterWaiting(Ended ended, Supplier<CompletionStage<Decision>> whenUnknown) {
        if (ended instanceof Answered answered) {
            return done(table.replay(answered.outcome()));
        }
        if (ended instanceof StillRunning) {
            return done(table.inProgress());
        }
        return services.ledger().charge(plausible.challengeId()).thenCompose(found -> {
            if (found.isEmpty()) {
                return whenUnknown.get();
            }
            return found.get().claimedBy(hash) ? sameBytes(found.get(), false) : otherBytes(found.get());
        });
    }

    // ---- failures ------------------------------------------------------------------------------------------------

    /** A run that fails ends, or whoever comes next would wait for nobody. */
    private CompletionStage<Decision> guarded(Run run, Supplier<CompletionStage<Decision>> action) {
        mine = run;
        try {
            return action.get().whenComplete((decision, failure) -> {
                if (failure != null) {
                    run.end(new LookAgain());
                }
            });
        } catch (RuntimeException e) {
            run.end(new LookAgain());
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Begins nothing for somebody who was sent away. */
    private void requireInTime() {
        if (late) {
            throw new LedgerUnavailableException(Effect.NONE, "The ledger answered too late to go on.", null);
        }
    }

    /** The ledger has not answered in time. It may have done what it was asked, so nothing is denied (F-SV-71). */
    private Decision late() {
        late = true;
        Run run = mine;
        if (run != null) {
            run.stuck();
        }
        LOG.warn(
                "The ledger has not answered within {}: challenge {}",
                services.patience().most(),
                plausible.challengeId());
        return unclaimed.away();
    }

    /** Nobody waits for this decision any more: what it would have begun ends here, and no handler runs (F-SV-71). */
    private void tooLate(Decision decision) {
        if (decision instanceof Decision.Serve serve) {
            serve.reservation().abandon(ReleaseReason.LEDGER_LATE, executed);
        }
    }

    private Decision failed(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof LedgerUnavailableException) {
            LOG.warn("The ledger is unavailable: {}", cause.getMessage());
            return unclaimed.away();
        }
        LOG.error("A payment for {} failed in the payment code", course.route(), cause);
        return services.answers().refuse(course, Answers.internalError(), State.PENDING, null);
    }

    private static CompletionStage<Decision> done(Decision decision) {
        return CompletableFuture.completedFuture(decision);
    }
}
