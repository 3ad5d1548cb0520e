package org.farthing.server.jetty;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.wallet.ReleaseNotice;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.farthing.server.jetty.PayeeRegistry.Registered;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.PayerRelease;
import org.farthing.server.ledger.VouchedPayment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a payer asks about a payment it made, and how it frees the money with the payee's release statement (specification:
 * wallet-service.md, F-WS-9, F-WS-31 and F-WS-32). A wallet reaches its own payments only.
 */
final class ServiceInquiry {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceInquiry.class);

    private static final int FORBIDDEN = 403;

    private final Ledger ledger;
    private final WalletCallers callers;
    private final PayeeRegistry payees;
    private final InstantSource clock;

    ServiceInquiry(Ledger ledger, WalletCallers callers, PayeeRegistry payees, InstantSource clock) {
        this.ledger = ledger;
        this.callers = callers;
        this.payees = payees;
        this.clock = clock;
    }

    CompletionStage<JsonReply> state(String challengeId, Request request, byte[] body) {
        return callers.payer(request, body).thenCompose(wallet -> {
            List<String> wanted = recipients(request);
            return ledger.payments().find(wallet.id(), challengeId).thenApply(found -> {
                List<VouchedPayment> fitting = found.stream()
                        .filter(payment -> wanted.isEmpty() || wanted.contains(payment.recipient()))
                        .toList();
                if (fitting.size() > 1) {
                    throw new Refusal(Problem.of(
                            ProblemType.BAD_REQUEST,
                            "Several payees used this challenge id: name one with recipient."));
                }
                return shown(fitting.stream().findFirst().orElseThrow(ServiceInquiry::notFound));
            });
        });
    }

    /** The parameter {@code recipient}, once or not at all. */
    private static List<String> recipients(Request request) {
        Fields.Field field = parameters(request).get("recipient");
        List<String> values = field == null ? List.of() : new ArrayList<>(field.getValues());
        if (values.size() > 1) {
            throw new Refusal(Problem.of(ProblemType.BAD_REQUEST, "recipient may stand once."));
        }
        return values;
    }

    private static Fields parameters(Request request) {
        try {
            return Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            throw new Refusal(Problem.of(ProblemType.BAD_REQUEST, "The query cannot be read."));
        }
    }

    CompletionStage<JsonReply> release(String challengeId, Request request, byte[] body) {
        return callers.payer(request, body).thenCompose(wallet -> {
            ReleaseStatement statement =
                    WalletBodies.read(body, ReleaseNotice::parse).statement();
            return ledger.payments().find(wallet.id(), challengeId).thenCompose(found -> {
                if (found.stream().noneMatch(payment -> payment.recipient().equals(statement.recipient()))) {
                    throw notFound();
                }
                return verified(statement, challengeId)
                        .thenCompose(payee ->
                                ledger.payments().releaseByPayer(wallet.id(), statement.recipient(), challengeId))
                        .thenApply(result -> released(result, request));
            });
        });
    }

    private CompletionStage<Registered> verified(ReleaseStatement statement, String challengeId) {
        return payees.find(statement.recipient()).thenCompose(found -> {
            Registered payee = found.orElseThrow(ServiceInquiry::notVerified);
            return (lists(payee, statement) ? CompletableFuture.completedStage(payee) : payees.again(payee))
                    .thenApply(current -> {
                        try {
                            statement.verify(current.keys(), challengeId, clock.instant());
                            return current;
                        } catch (SignatureRejectedException e) {
                            LOG.debug(
                                    "A release statement of {} does not count: {}", statement.recipient(), e.reason());
                            throw notVerified();
                        }
                    });
        });
    }

    private static boolean lists(Registered payee, ReleaseStatement statement) {
        try {
            String kid = DetachedJws.kid(statement.jws());
            return payee.keys().keys().stream().anyMatch(key -> key.kid().equals(kid));
        } catch (MalformedException e) {
            throw notVerified();
        }
    }

    private static JsonReply released(PayerRelease result, Request request) {
        if (result instanceof PayerRelease.Released released) {
            LOG.info(
                    "Payment {} to {} is back in {}, by the payee's statement, request {}",
                    released.payment().challengeId(),
                    released.payment().recipient(),
                    released.payment().wallet(),
                    RequestId.of(request));
            return shown(released.payment());
        }
        if (result instanceof PayerRelease.Captured) {
            throw new Refusal(Problem.of(
                    ProblemType.ALREADY_FULFILLED, "The payee collected this payment before; ask it for a refund."));
        }
        throw notFound();
    }

    private static JsonReply shown(VouchedPayment payment) {
        return new JsonReply(200, PaymentJson.payment(payment).format());
    }

    private static Refusal notVerified() {
        return new Refusal(Problem.of(
                        ProblemType.VERIFICATION_FAILED,
                        "This is no release statement of the payee for this challenge.")
                .with("reason", "proof")
                .withStatus(FORBIDDEN));
    }

    private static Refusal notFound() {
        return new Refusal(Problem.of(ProblemType.NOT_FOUND, "This wallet has no such payment."));
    }
}
