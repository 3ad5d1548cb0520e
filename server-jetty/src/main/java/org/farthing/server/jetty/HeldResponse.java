package org.farthing.server.jetty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.server.gate.HeldReservation;
import org.farthing.server.gate.Settled;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.StoredOutcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds an answer back until its money moved (F-ST-30, F-ST-34): the response and the callback that the paid handler gets.
 *
 * <p>Nothing reaches the real response before the ledger has answered. The handler's fields are collected on a copy, so what
 * is discarded leaves no trace, and a handler that is still running after its time is up touches nothing that is sent.
 */
final class HeldResponse extends Response.Wrapper implements Callback {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentHandler.class);

    private final PaidExchange exchange;
    private final HeldReservation reservation;
    private final Callback callback;
    private final HttpFields before;
    private final HttpFields.Mutable headers;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private final int limit;
    private final boolean head;
    private long length;
    private int status;
    private boolean settling;
    private boolean handlerDone;
    private boolean sent;
    private @Nullable Supplier<HttpFields> trailers;

    HeldResponse(
            PaidExchange exchange, HeldReservation reservation, Request request, Response response, Callback callback) {
        super(request, response);
        this.exchange = exchange;
        this.reservation = reservation;
        this.callback = callback;
        this.before = HttpFields.build(response.getHeaders()).asImmutable();
        this.headers = HttpFields.build(before);
        this.limit = reservation.holdLimit();
        this.head = HttpMethod.HEAD.is(request.getMethod());
        this.status = response.getStatus();
        reservation.onEnded(this::cutShort);
    }

    // ---- what the handler sees -----------------------------------------------------------------------------------

    @Override
    public int getStatus() {
        return status;
    }

    @Override
    public void setStatus(int code) {
        if (!isCommitted()) {
            status = code;
        }
    }

    @Override
    public HttpFields.Mutable getHeaders() {
        return headers;
    }

    @Override
    public @Nullable Supplier<HttpFields> getTrailersSupplier() {
        return trailers;
    }

    @Override
    public void setTrailersSupplier(Supplier<HttpFields> supplier) {
        trailers = supplier;
    }

    /** Hints at what is sold are not for free: nothing but "go on" and "still working" leaves before the money moved (F-ST-39). */
    @Override
    public CompletableFuture<Void> writeInterim(int code, HttpFields fields) {
        boolean silent = code == HttpStatus.CONTINUE_100 || code == HttpStatus.PROCESSING_102;
        return silent && !isCommitted()
                ? getWrapped().writeInterim(code, HttpFields.EMPTY)
                : CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized boolean isCommitted() {
        return settling;
    }

    @Override
    public synchronized boolean hasLastWrite() {
        return settling;
    }

    @Override
    public synchronized void reset() {
        if (settling) {
            throw new IllegalStateException("Committed");
        }
        held.reset();
        length = 0;
        status = 0;
        trailers = null;
        headers.clear().add(before);
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback written) {
        boolean fits;
        synchronized (this) {
            if (settling) {
                boolean nothing = content == null || !content.hasRemaining();
                complete(written, nothing ? null : new IOException("the answer has ended"));
                return;
            }
            fits = hold(content) && (last || !isEventStream());
            settling = last || !fits;
        }
        if (!fits) {
            refuseToHold(written);
        } else if (last) {
            settle(written);
        } else {
            written.succeeded();
        }
    }

    @Override
    public void succeeded() {
        synchronized (this) {
            handlerDone = true;
            if (settling) {
                if (sent) {
                    callback.succeeded();
                }
                return;
            }
            settling = true;
        }
        settle(Callback.NOOP);
    }

    @Override
    public void failed(Throwable failure) {
        synchronized (this) {
            handlerDone = true;
            if (settling) {
                LOG.debug("A paid handler failed after its answer was complete", failure);
                if (sent) {
                    callback.succeeded();
                }
                return;
            }
            settling = true;
        }
        exchange.failed(reservation.abandon(ReleaseReason.HANDLER_FAILED, Execution.UNKNOWN), failure);
    }

    @Override
    public InvocationType getInvocationType() {
        return callback.getInvocationType();
    }

    // ---- what becomes of it --------------------------------------------------------------------------------------

    /** Copies, because the caller may use the buffer again. The body of an answer to HEAD is only counted. */
    private boolean hold(@Nullable ByteBuffer content) {
        if (content == null) {
            return true;
        }
        int more = content.remaining();
        length += more;
        if (head) {
            content.position(content.limit());
            return true;
        }
        if (length > limit) {
            return false;
        }
        byte[] copy = new byte[more];
        content.get(copy);
        held.writeBytes(copy);
        return true;
    }

    /** Events that are held back until all have happened are of no use to anybody. */
    private boolean isEventStream() {
        String type = headers.get(HttpHeader.CONTENT_TYPE);
        return type != null && type.regionMatches(true, 0, "text/event-stream", 0, 17);
    }

    private void settle(Callback written) {
        if (status == 0) {
            status = HttpStatus.OK_200;
        }
        if (HttpStatus.isInformational(status)) {
            refuseToSwitch(written);
            return;
        }
        if (head && length > 0 && !headers.contains(HttpHeader.CONTENT_LENGTH)) {
            headers.put(HttpHeader.CONTENT_LENGTH, length);
        }
        if (!isWhole()) {
            // The real response would refuse it after the money moved.
            failAnswer(written, new IOException("the answer has another length than its Content-Length says"));
            return;
        }
        HttpFields after;
        try {
            after = AnswerFields.trailers(trailers == null || head ? null : trailers.get());
        } catch (RuntimeException e) {
            failAnswer(written, new IOException("the trailers of the answer cannot be made", e));
            return;
        }
        byte[] body = held.toByteArray();
        List<StoredOutcome.Field> fields = new ArrayList<>(AnswerFields.stored(headers, before));
        fields.addAll(AnswerFields.storedTrailers(after));
        CompletionStage<Settled> settled = reservation.settle(status, fields, body);
        exchange.then(settled, result -> {
            if (result instanceof Settled.Deliver deliver) {
                deliver(deliver, body, after, written);
            } else {
                exchange.withhold((Settled.Withhold) result, finish(written));
            }
        });
    }

    private boolean isWhole() {
        long declared = headers.getLongField(HttpHeader.CONTENT_LENGTH);
        return head || HttpStatus.hasNoBody(status) || declared < 0 || declared == length;
    }

    private void failAnswer(Callback written, IOException failure) {
        exchange.failed(reservation.abandon(ReleaseReason.HANDLER_FAILED, Execution.YES), failure);
        complete(written, failure);
    }

    private void deliver(Settled.Deliver deliver, byte[] body, HttpFields after, Callback written) {
        exchange.reply().paid(deliver, status, headers);
        AnswerFields.transfer(headers, before, getWrapped().getHeaders());
        getWrapped().setStatus(status);
        if (after.size() > 0) {
            getWrapped().setTrailersSupplier(() -> after);
        }
        exchange.receipt(deliver);
        getWrapped().write(true, ByteBuffer.wrap(body), finish(written));
    }

    /** The answer is out: tells the handler, and completes the request when the handler is done, too. */
    private Callback finish(Callback written) {
        return Callback.from(
                callback.getInvocationType(),
                () -> {
                    boolean done;
                    synchronized (this) {
                        sent = true;
                        done = handlerDone;
                    }
                    written.succeeded();
                    if (done) {
                        callback.succeeded();
                    }
                },
                failure -> {
                    // The client is gone. Its answer is stored, and a resend of the same bytes gets it (F-ST-33).
                    complete(written, failure);
                    callback.failed(failure);
                });
    }

    private void refuseToHold(Callback written) {
        LOG.warn(
                "An answer of {} is streamed or larger than the {} bytes that are held back until it is paid, so it is not "
                        + "charged and not sent. Raise holdLimit, or build the offer with upfront().",
                reservation.route(),
                limit);
        CompletionStage<Settled> released = reservation.abandon(ReleaseReason.ANSWER_TOO_LARGE, Execution.UNKNOWN);
        exchange.then(released, exchange::unholdable);
        complete(written, new IOException("the answer is larger than what may be held back until it is paid"));
    }

    /** After a 101 the connection is the application's, so it would have been opened for nothing (F-ST-38). */
    private void refuseToSwitch(Callback written) {
        LOG.warn(
                "{} answered {}, which is not charged on a route that holds answers back, so it is not sent. Build the "
                        + "offer with upfront(): then a connection is opened for its price.",
                reservation.route(),
                status);
        getRequest().removeAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE);
        CompletionStage<Settled> released = reservation.abandon(ReleaseReason.STATUS_NOT_CHARGED, Execution.YES);
        exchange.then(released, exchange::unholdable);
        complete(written, new IOException("the connection is not switched before it is paid"));
    }

    /** The right to answer ended while the handler runs: somebody else answers, and the handler writes into the void. */
    private void cutShort(Settled.Withhold withhold) {
        synchronized (this) {
            if (settling) {
                // Whoever settles gets the same result and sends it.
                return;
            }
            settling = true;
        }
        exchange.withhold(withhold, callback);
    }

    private static void complete(Callback callback, @Nullable Throwable failure) {
        if (failure == null) {
            callback.succeeded();
        } else {
            callback.failed(failure);
        }
    }
}
