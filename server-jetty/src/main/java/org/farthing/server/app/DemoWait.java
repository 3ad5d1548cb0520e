package org.farthing.server.app;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what happens beside the story. */
final class DemoWait {

    private static final int EVERY_MS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private DemoWait() {}

    /** Asks again and again until it is so; fails with a sentence if it does not come to be. */
    static void until(String whatIsNot, BooleanSupplier isSo) {
        for (long waited = 0; !isSo.getAsBoolean(); waited += EVERY_MS) {
            Demo.require(waited < PATIENCE.toMillis(), whatIsNot);
            CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(EVERY_MS, TimeUnit.MILLISECONDS))
                    .join();
        }
    }
}
