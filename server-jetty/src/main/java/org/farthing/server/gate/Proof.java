package org.farthing.server.gate;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.ProblemType;
import org.farthing.server.gate.Examined.Plausible;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.farthing.server.ledger.TokenPayment;
import org.farthing.server.ledger.UsedToken;
import org.farthing.server.method.Authorization;
import org.farthing.server.method.Authorization.Movement;
import org.farthing.server.method.Authorization.Payable;
import org.farthing.server.method.Authorization.Refused;
import org.farthing.server.method.Presentation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a payment method about a credential, and trusts its answer only as far as the offer goes. Null, a failure and an
 * exception refuse; only an absent ledger is told apart, because then waiting helps.
 */
final class Proof {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentGate.class);

    private final Course course;
    private final Plausible plausible;
    private volatile @Nullable Payable verified;

    Proof(Course course, Plausible plausible) {
        this.course = course;
        this.plausible = plausible;
    }

    String challengeId() {
        return plausible.challengeId();
    }

    /**
     * What was worth something to whoever saw it. Money has moved, or gone back: a method that fails here must not end that.
     */
    List<String> presented() {
        Payable known = verified;
        if (known != null && known.claim().source() instanceof TokenPayment tokens) {
            return tokens.tokens().stream().map(UsedToken::serial).toList();
        }
        try {
            return plausible.method().serials(presentation());
        } catch (RuntimeException e) {
            LOG.error(
                    "The payment method {} could not name what was presented for {}",
                    plausible.method().id(),
                    plausible.challengeId(),
                    e);
            return List.of();
        }
    }

    private Presentation presentation() {
        return new Presentation(plausible.credential(), plausible.request(), course.facts());
    }

    CompletionStage<Authorization> verify() {
        CompletionStage<Authorization> stage;
        try {
            stage = plausible.method().verify(presentation());
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        if (stage == null) {
            return CompletableFuture.completedFuture(failed(new IllegalStateException("no stage")));
        }
        return stage.handle((authorization, failure) -> {
            if (Failures.cause(failure) instanceof LedgerUnavailableException away) {
                throw away;
            }
            if (failure != null || authorization == null) {
                return failed(failure == null ? new IllegalStateException("no authorization") : failure);
            }
            if (!(authorization instanceof Payable payable)) {
                return authorization;
            }
            if (!isWithinOffer(payable.movement())) {
                return overreach(payable.movement());
            }
            verified = payable;
            return payable;
        });
    }

    private boolean isWithinOffer(Movement movement) {
        PaymentRequest request = plausible.request();
        int compared = movement.amount().compareTo(request.amount());
        return (plausible.offer().upTo() ? compared <= 0 : compared == 0)
                && movement.currency().equals(request.currency())
                && movement.payee().equals(request.recipient());
    }

    private Authorization overreach(Movement movement) {
        LOG.error(
                "The payment method {} authorised {}, which is not what was offered",
                plausible.method().id(),
                movement);
        return internalError();
    }

    private Authorization failed(Throwable failure) {
        LOG.error(
                "The payment method {} failed to verify a credential",
                plausible.method().id(),
                failure);
        return internalError();
    }

    private static Authorization internalError() {
        return new Refused(
                ProblemType.INTERNAL_PAYMENT_ERROR, Answers.internalError().detail());
    }
}
