package org.farthing.client.testing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.farthing.client.PaymentTimer;

/** Waits by setting the clock forward. */
public final class ImmediateTimer implements PaymentTimer {

    private final SettableClock clock;
    private final List<Duration> waited = new CopyOnWriteArrayList<>();

    public ImmediateTimer(SettableClock clock) {
        this.clock = clock;
    }

    @Override
    public CompletionStage<Void> after(Duration delay) {
        waited.add(delay);
        clock.advance(delay);
        return CompletableFuture.completedFuture(null);
    }

    /** The waits so far. */
    public List<Duration> waited() {
        return List.copyOf(waited);
    }
}
