package org.farthing.server.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.server.gate.Settled;
import org.farthing.server.gate.StreamedReservation;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.ReleaseReason;
import org.jspecify.annotations.Nullable;

/**
 * Passes an answer on whose money moved before (F-ST-35): only its first write waits, for what to say about the money. The
 * response and the callback that the paid handler gets.
 */
final class StreamedResponse extends Response.Wrapper implements Callback {

    /** How far the answer is. */
    private enum Phase {
        /** Nothing was written. */
        CLOSED,
        /** The first write waits for the gate. */
        OPENING,
        /** The head is out. */
        OPEN,
        /** Another answer went out, or none can any more. */
        ENDED
    }

    private final PaidExchange exchange;
    private final StreamedReservation reservation;
    private final Callback callback;
    private final HttpFields before;
    private final HttpFields.Mutable headers;
    private int status;
    private Phase phase = Phase.CLOSED;
    private boolean clientGone;
    private @Nullable Supplier<HttpFields> trailers;

    StreamedResponse(
            PaidExchange exchange,
            StreamedReservation reservation,
            Request request,
            Response response,
            Callback callback) {
        super(request, response);
        this.exchange = exchange;
        this.reservation = reservation;
        this.callback = callback;
        this.before = HttpFields.build(response.getHeaders()).asImmutable();
        this.headers = HttpFields.build(before);
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

    /** The money has moved, so hints may leave; what became of it is said in the final answer only (F-ST-39). */
    @Override
    public CompletableFuture<Void> writeInterim(int code, HttpFields fields) {
        return isCommitted()
                ? CompletableFuture.completedFuture(null)
                : getWrapped().writeInterim(code, AnswerFields.interim(fields));
    }

    @Override
    public @Nullable Supplier<HttpFields> getTrailersSupplier() {
        return trailers;
    }

    @Override
    public void setTrailersSupplier(@Nullable Supplier<HttpFields> supplier) {
        trailers = supplier;
        getWrapped().setTrailersSupplier(supplier == null ? null : () -> AnswerFields.trailers(supplier.get()));
    }

    @Override
    public synchronized boolean isCommitted() {
        return phase != Phase.CLOSED;
    }

    @Override
    public void reset() {
        if (isCommitted()) {
            throw new IllegalStateException("Committed");
        }
        status = 0;
        headers.clear().add(before);
        trailers = null;
        getWrapped().reset();
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback written) {
        Phase at = enter();
        if (at == Phase.OPEN) {
            getWrapped().write(last, content, watched(written));
        } else if (at == Phase.CLOSED) {
            open(last, content, written);
        } else {
            written.failed(new IOException("the answer has ended"));
        }
    }

    @Override
    public void succeeded() {
        Phase at = enter();
        if (at == Phase.CLOSED) {
            open(true, null, Callback.from(this::close, this::failed));
        } else if (at == Phase.OPEN) {
            close();
        }
    }

    @Override
    public void failed(Throwable failure) {
        Phase at = enter();
        if (at == Phase.CLOSED) {
            exchange.failed(reservation.abandon(ReleaseReason.HANDLER_FAILED, Execution.UNKNOWN), failure);
        } else if (at == Phase.OPEN) {
            // What a client that went away had paid for was used; a handler that breaks off has not served.
            if (clientGone) {
                reservation.close(status);
            } else {
                reservation.abandon(ReleaseReason.HANDLER_FAILED, Execution.UNKNOWN);
            }
            callback.failed(failure);
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return callback.getInvocationType();
    }

    // ---- what becomes of it --------------------------------------------------------------------------------------

    /** Where we are; the first to enter opens. */
    private synchronized Phase enter() {
        Phase at = phase;
        if (at == Phase.CLOSED) {
            phase = Phase.OPENING;
        }
        return at;
    }

    private void open(boolean last, @Nullable ByteBuffer content, Callback written) {
        if (status == 0) {
            status = HttpStatus.OK_200;
        }
        if (HttpStatus.isInformational(status) && status != HttpStatus.SWITCHING_PROTOCOLS_101) {
            IOException noAnswer = new IOException("an interim status is no answer: " + status);
            set(Phase.ENDED);
            exchange.failed(reservation.abandon(ReleaseReason.HANDLER_FAILED, Execution.YES), noAnswer);
            written.failed(noAnswer);
            return;
        }
        exchange.then(reservation.open(status), settled -> {
            if (settled instanceof Settled.Withhold withhold) {
                set(Phase.ENDED);
                exchange.withhold(withhold, callback);
                written.failed(new IOException("the payment for this answer was given back"));
                return;
            }
            Settled.Deliver deliver = (Settled.Deliver) settled;
            exchange.reply().paid(deliver, status, headers);
            AnswerFields.transfer(headers, before, getWrapped().getHeaders());
            getWrapped().setStatus(status);
            exchange.receipt(deliver);
            set(Phase.OPEN);
            getWrapped().write(last, content, watched(written));
        });
    }

    private Callback watched(Callback written) {
        return Callback.from(written.getInvocationType(), written::succeeded, failure -> {
            clientGone = true;
            written.failed(failure);
        });
    }

    private void close() {
        reservation.close(status);
        callback.succeeded();
    }

    private synchronized void set(Phase next) {
        phase = next;
    }

    /** The right to answer ended while the handler runs. */
    private void cutShort(Settled.Withhold withhold) {
        Phase at;
        synchronized (this) {
            at = phase;
            phase = Phase.ENDED;
        }
        if (at == Phase.CLOSED) {
            exchange.withhold(withhold, callback);
        } else if (at == Phase.OPEN) {
            callback.failed(new IOException("the payment for this answer was given back"));
        }
    }
}
