package org.farthing.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Waits before a credential is sent again, without keeping a thread. */
@FunctionalInterface
public interface PaymentTimer {

    /** The timer of the Java platform. */
    PaymentTimer SYSTEM = delay -> CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS));

    /**
     * Waits.
     *
     * @param delay how long
     * @return a stage that completes after it
     */
    CompletionStage<Void> after(Duration delay);
}
