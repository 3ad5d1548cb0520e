package org.farthing.server.jetty;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads a request's whole body into memory without blocking a thread, up to a limit. A body that is too large ends the
 * read at once with status 413; what is left of it is not drained (Jetty then closes the connection).
 */
final class SmallBody implements Invocable.Task {

    private final Request request;
    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();

    private SmallBody(Request request, int limit) {
        this.request = request;
        this.limit = limit;
    }

    /** Reads; the stage fails with {@link HttpException} (413) or with the connection's failure. */
    static CompletionStage<byte[]> read(Request request, int limit) {
        SmallBody body = new SmallBody(request, limit);
        if (request.getLength() > limit) {
            body.tooLarge();
        } else {
            body.run();
        }
        return body.whole;
    }

    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                whole.completeExceptionally(chunk.getFailure());
                return;
            }
            boolean last = chunk.isLast();
            boolean fits = take(chunk);
            if (!fits) {
                tooLarge();
                return;
            }
            if (last) {
                whole.complete(bytes.toByteArray());
                return;
            }
        }
    }

    /** What follows a body here is a signature check and an asynchronous ledger call: nothing blocks. */
    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    private boolean take(Content.Chunk chunk) {
        try {
            int size = chunk.remaining();
            if (size > limit - bytes.size()) {
                return false;
            }
            byte[] copy = new byte[size];
            chunk.getByteBuffer().get(copy);
            bytes.writeBytes(copy);
            return true;
        } finally {
            chunk.release();
        }
    }

    private void tooLarge() {
        whole.completeExceptionally(
                new HttpException.RuntimeException(HttpStatus.PAYLOAD_TOO_LARGE_413, "more than " + limit + " bytes"));
    }
}
