package org.farthing.server.jetty;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.server.gate.Decision;
import org.farthing.server.gate.Examined;
import org.farthing.server.gate.HeldReservation;
import org.farthing.server.gate.PaymentGate;
import org.farthing.server.gate.Reservation;
import org.farthing.server.gate.Settled;
import org.farthing.server.gate.StreamedReservation;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.ReleaseReason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on a priced path: reads its body as far as the gate demands, asks the gate, and does what it says. Everything
 * after a wait goes on without a container thread having been blocked; a paid handler that may block then runs on a thread of
 * the server, one that never does where the wait ended.
 */
final class PaidExchange {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentHandler.class);
    private static final String CONTENT_DIGEST = "Content-Digest";

    /** How much of an unpaid body is read (F-BI-43). */
    private static final int UNPAID_BODY_LIMIT = 65_536;

    private final PaymentGate gate;
    private final Handler paid;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Examined examined;
    private final GateReply reply;
    private final int bodyLimit;
    private @Nullable Thread handling;

    /** The request as error pages may see it: without the credential as soon as it has done its work (T38). */
    private volatile Request shown;

    PaidExchange(
            PaymentGate gate,
            Handler paid,
            Examined examined,
            int bodyLimit,
            GateReply reply,
            Request request,
            Response response,
            Callback callback) {
        this.gate = gate;
        this.paid = paid;
        this.examined = examined;
        this.bodyLimit = bodyLimit;
        this.reply = reply;
        this.request = request;
        this.shown = request;
        this.response = response;
        this.callback = callback;
    }

    GateReply reply() {
        return reply;
    }

    /** Handles the request on the thread of the caller as far as that goes without waiting. */
    void handle() {
        handling = Thread.currentThread();
        try {
            if (isRefusedWithoutPrice()) {
                decide(null, null);
            } else if (request.getLength() > bodyLimit) {
                // Whoever sends it with a payment gets the same, so nobody pays first.
                reply.refuse(gate.bodyTooLarge(examined, bodyLimit), callback);
            } else if (examined.verifiesBody()) {
                readBody(bodyLimit);
            } else {
                unpaidBody();
            }
        } finally {
            handling = null;
        }
    }

    // ---- the body ------------------------------------------------------------------------------------------------

    private boolean isRefusedWithoutPrice() {
        return examined instanceof Examined.Limited
                || (examined instanceof Examined.Rejected rejected
                        && rejected.type().defaultStatus() != 402);
    }

    private void unpaidBody() {
        List<String> digest = request.getHeaders().getValuesList(CONTENT_DIGEST);
        if (digest.isEmpty()) {
            readBody(UNPAID_BODY_LIMIT);
            return;
        }
        try {
            Optional<ContentDigest> stated = ContentDigest.parseField(digest);
            if (stated.isPresent()) {
                decide(stated.get(), null);
            } else {
                readBody(UNPAID_BODY_LIMIT);
            }
        } catch (MalformedException e) {
            reply.refuse(gate.badDigest(examined), callback);
        }
    }

    private void readBody(int limit) {
        if (hasNoBody()) {
            decide(digestOf(new byte[0]), null);
            return;
        }
        SmallBody.read(request, limit).whenComplete((body, failure) -> {
            if (failure == null) {
                decide(digestOf(body), body);
            } else if (failure instanceof HttpException http && http.getCode() == HttpStatus.PAYLOAD_TOO_LARGE_413) {
                reply.refuse(gate.bodyTooLarge(examined, limit), callback);
            } else {
                LOG.debug(
                        "The body of a request on {} cannot be read",
                        examined.inquiry().route(),
                        failure);
                reply.refuse(gate.brokenBody(examined), callback);
            }
        });
    }

    /** HTTP/1 says so in its fields; other versions say so when the body is read. */
    private boolean hasNoBody() {
        return request.getLength() == 0
                || (request.getConnectionMetaData().getHttpVersion().getVersion() <= 11
                        && !request.getHeaders().contains(HttpHeader.CONTENT_LENGTH)
                        && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
    }

    /** No body and an empty one are the same, unless the client names the digest of the empty one. */
    private @Nullable ContentDigest digestOf(byte[] body) {
        return body.length == 0 && !request.getHeaders().contains(CONTENT_DIGEST) ? null : ContentDigest.of(body);
    }

    // ---- the decision --------------------------------------------------------------------------------------------

    private void decide(@Nullable ContentDigest digest, byte @Nullable [] body) {
        then(gate.decide(examined, digest), decision -> act(decision, body));
    }

    private void act(Decision decision, byte @Nullable [] body) {
        if (decision instanceof Decision.Demand demand) {
            reply.demand(demand, callback);
        } else if (decision instanceof Decision.Refuse refuse) {
            reply.refuse(refuse, callback);
        } else if (decision instanceof Decision.Replay replay) {
            reply.replay(replay, callback);
        } else if (handling == Thread.currentThread()) {
            serve(((Decision.Serve) decision).reservation(), body);
        } else {
            serveAfterWaiting(((Decision.Serve) decision).reservation(), body);
        }
    }

    /** A handler that says it never blocks needs no thread to itself: waking one costs more than most of them do. */
    private void serveAfterWaiting(Reservation reservation, byte @Nullable [] body) {
        try {
            Runnable serving = () -> serve(reservation, body);
            if (paid.getInvocationType() == InvocationType.NON_BLOCKING) {
                request.getContext().run(serving, request);
            } else {
                request.getContext().execute(serving);
            }
        } catch (RuntimeException e) {
            // The thread pool refuses work, so the handler never starts.
            failed(reservation.abandon(ReleaseReason.HANDLER_FAILED, Execution.NO), e);
        }
    }

    private void serve(Reservation reservation, byte @Nullable [] body) {
        PaidRequest paidRequest;
        try {
            paidRequest = new PaidRequest(request, body, examined instanceof Examined.Other);
            shown = paidRequest;
            request.setAttribute(PaymentHandler.PAYMENT_ATTRIBUTE, reservation.payment());
        } catch (RuntimeException e) {
            // Outer handlers wrap requests. On a thread of the pool nobody else would answer for one that fails here.
            failed(reservation.abandon(ReleaseReason.HANDLER_FAILED, Execution.NO), e);
            return;
        }
        if (reservation instanceof HeldReservation held) {
            HeldResponse answer = new HeldResponse(this, held, paidRequest, response, callback);
            run(reservation, paidRequest, answer, answer);
        } else {
            StreamedResponse answer =
                    new StreamedResponse(this, (StreamedReservation) reservation, paidRequest, response, callback);
            run(reservation, paidRequest, answer, answer);
        }
    }

    private void run(Reservation reservation, Request paidRequest, Response answer, Callback done) {
        try {
            if (!paid.handle(paidRequest, answer, done)) {
                notFound(reservation.abandon(ReleaseReason.STATUS_NOT_CHARGED, Execution.YES));
            }
        } catch (Throwable failure) {
            done.failed(failure);
        }
    }

    // ---- what goes out in place of the handler's answer ----------------------------------------------------------

    /** The handler failed: its error goes out as the host shows errors, and what became of the money with it. */
    void failed(CompletionStage<Settled> settled, Throwable failure) {
        then(settled, result -> {
            if (prepare(result)) {
                int status =
                        failure instanceof HttpException http ? http.getCode() : HttpStatus.INTERNAL_SERVER_ERROR_500;
                // Without a message of its own, or the failure's text would stand in the answer.
                Response.writeError(shown, response, callback, status, null, failure);
            }
        });
    }

    private void notFound(CompletionStage<Settled> settled) {
        then(settled, result -> {
            if (prepare(result)) {
                Response.writeError(shown, response, callback, HttpStatus.NOT_FOUND_404);
            }
        });
    }

    /** Goes on with a stage. A fault of ours on the way ends the request instead of leaving it hanging. */
    <T> void then(CompletionStage<T> stage, Consumer<? super T> next) {
        stage.whenComplete((result, failure) -> {
            try {
                if (failure != null) {
                    throw failure;
                }
                next.accept(result);
            } catch (Throwable fault) {
                LOG.error(
                        "A request on {} failed in the payment code",
                        examined.inquiry().route(),
                        fault);
                callback.failed(fault);
            }
        });
    }

    private boolean prepare(Settled result) {
        if (result instanceof Settled.Withhold withhold) {
            withhold(withhold, callback);
            return false;
        }
        reply.paid((Settled.Deliver) result, HttpStatus.INTERNAL_SERVER_ERROR_500, response.getHeaders());
        return true;
    }

    void withhold(Settled.Withhold withhold, Callback done) {
        reply.refuse(withhold.refuse(), done);
    }

    void unholdable(Settled settled) {
        reply.refuse(gate.unholdable(settled, examined), callback);
    }

    /** Lets outer handlers know what was paid. */
    void receipt(Settled.Deliver deliver) {
        String receipt = deliver.receipt();
        if (receipt != null) {
            request.setAttribute(PaymentHandler.RECEIPT_ATTRIBUTE, receipt);
        }
    }
}
