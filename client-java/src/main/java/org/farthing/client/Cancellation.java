package org.farthing.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The caller's wish to stop: no further attempt is made, and the one under way is broken off. */
final class Cancellation {

    private final AtomicReference<@Nullable CompletableFuture<?>> underWay = new AtomicReference<>();
    private volatile boolean cancelled;

    boolean isCancelled() {
        return cancelled;
    }

    /** Remembers an exchange, to break it off if the wish comes while it runs. */
    void during(CompletableFuture<?> exchange) {
        underWay.set(exchange);
        if (cancelled) {
            exchange.cancel(true);
        }
    }

    void cancel() {
        cancelled = true;
        CompletableFuture<?> exchange = underWay.get();
        if (exchange != null) {
            exchange.cancel(true);
        }
    }
}
