package org.farthing.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The caller's wish to stop: no further attempt is made, and the one under way is broken off. */
final class Cancellation {

    private final AtomicReference<@Nullable CompletableFuture<?>> underWay = new AtomicReference<>();
    private final BooleanSupplier stopped;
    private volatile boolean cancelled;

    Cancellation() {
        this(() -> false);
    }

    /** Also stops where the caller says so elsewhere than at the future. */
    Cancellation(BooleanSupplier stopped) {
        this.stopped = stopped;
    }

    boolean isCancelled() {
        return cancelled || stopped.getAsBoolean();
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

    /** What the caller gets of a chain of steps: cancelling it stops the chain before its next step. */
    <R> CompletableFuture<R> stopsWith(CompletableFuture<R> chain) {
        CompletableFuture<R> result = new CompletableFuture<>();
        CompletableFuture<Boolean> unusedEnd = chain.handle((done, failure) ->
                failure != null ? result.completeExceptionally(Failures.cause(failure)) : result.complete(done));
        CompletableFuture<Boolean> unusedStop = result.handle((done, failure) -> {
            if (result.isCancelled()) {
                cancel();
            }
            return result.isCancelled();
        });
        return result;
    }

    /** A stage after an exchange; cancelling the stage cancels the exchange, which futures do not do by themselves. */
    static <R> CompletableFuture<R> linked(CompletableFuture<R> stage, CompletableFuture<?> exchange) {
        CompletableFuture<Boolean> unused =
                stage.handle((done, failure) -> stage.isCancelled() && exchange.cancel(true));
        return stage;
    }
}
