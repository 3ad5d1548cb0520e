package org.farthing.server.gate;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.ProblemType;
import org.farthing.server.gate.Examined.Plausible;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.farthing.server.method.Authorization;
import org.farthing.server.method.Authorization.Movement;
import org.farthing.server.method.Authorization.Payable;
import org.farthing.server.method.Authorization.Refused;
import org.farthing.server.method.Presentation;
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

    Proof(Course course, Plausible plausible) {
        this.course = course;
        this.plausible = plausible;
    }

    CompletionStage<Authorization> verify() {
        CompletionStage<Authorization> stage;
        try {
            stage = plausible
                    .method()
                    .verify(new Presentation(plausible.credential(), plausible.request(), course.facts()));
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
            return authorization instanceof Payable payable && !isWithinOffer(payable.movement())
                    ? overreach(payable.movement())
                    : authorization;
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
