package org.farthing.server.jetty;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.server.gate.PaymentGate;
import org.farthing.server.offer.CredentialField;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that carries a credential and costs nothing (now): the price was taken off the list meanwhile, or it is
 * a HEAD or OPTIONS that is free (F-SV-91). The application serves as ever, without seeing the credential, and the payer reads
 * what became of its money. The response and the callback that the application gets.
 */
final class FreeAnswer extends Response.Wrapper implements Callback {

    private final Callback callback;
    private final @Nullable CompletionStage<ChargeOutcome> outcome;
    private final List<String> credentialFields;

    private FreeAnswer(
            Request request, Response response, Callback callback, @Nullable CompletionStage<ChargeOutcome> outcome) {
        super(request, response);
        this.callback = callback;
        this.outcome = outcome;
        this.credentialFields = Arrays.stream(CredentialField.values())
                .map(CredentialField::fieldName)
                .filter(response.getRequest().getHeaders()::contains)
                .toList();
    }

    /**
     * Makes one where the request needs it. A credential of somebody else's challenge is not ours to judge: the application
     * may be a payee, too. Only caches are kept away from an answer to it, if it came in the field they do not know (F-CR-8).
     */
    static Optional<FreeAnswer> to(PaymentGate gate, Request request, Response response, Callback callback) {
        HttpFields fields = request.getHeaders();
        boolean unknownToCaches = fields.contains(CredentialField.PAYMENT_AUTHORIZATION.fieldName());
        var outcome = gate.unneeded(fields::getValuesList);
        if (outcome.isPresent()) {
            return Optional.of(new FreeAnswer(new PaidRequest(request, null), response, callback, outcome.get()));
        }
        return unknownToCaches ? Optional.of(new FreeAnswer(request, response, callback, null)) : Optional.empty();
    }

    /** Lets the application answer. */
    boolean from(Handler application) {
        try {
            return application.handle(getRequest(), this, this) || notFound();
        } catch (Throwable failure) {
            failed(failure);
            return true;
        }
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback written) {
        afterFields(() -> getWrapped().write(last, content, written));
    }

    @Override
    public void succeeded() {
        afterFields(callback::succeeded);
    }

    @Override
    public void failed(Throwable failure) {
        if (isCommitted()) {
            callback.failed(failure);
        } else {
            afterFields(() -> Response.writeError(getRequest(), getWrapped(), callback, failure));
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return callback.getInvocationType();
    }

    /** Nobody here serves it. Somebody beside this handler may, unless the ledger has still to be waited for. */
    private boolean notFound() {
        if (outcome == null || outcome.toCompletableFuture().isDone()) {
            afterFields(() -> {});
            return false;
        }
        afterFields(() -> Response.writeError(getRequest(), getWrapped(), callback, HttpStatus.NOT_FOUND_404));
        return true;
    }

    private void afterFields(Runnable next) {
        if (isCommitted()) {
            next.run();
        } else if (outcome == null) {
            put(null);
            next.run();
        } else {
            outcome.whenComplete((known, failure) -> {
                put(known);
                next.run();
            });
        }
    }

    private void put(@Nullable ChargeOutcome known) {
        HttpFields.Mutable fields = getWrapped().getHeaders();
        if (outcome == null) {
            AnswerFields.keepPrivate(fields);
        } else {
            AnswerFields.paid(fields, known, null, getWrapped().getStatus());
            fields.put(RequestId.FIELD, RequestId.of(getRequest()));
        }
        AnswerFields.vary(fields, credentialFields);
    }
}
