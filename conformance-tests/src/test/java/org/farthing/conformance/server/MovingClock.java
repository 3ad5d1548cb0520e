package org.farthing.conformance.server;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands until somebody waits for a time: then it is that time. Server and suite share it. */
final class MovingClock implements InstantSource, Waiting {

    private final AtomicReference<Instant> time;

    MovingClock(Instant start) {
        this.time = new AtomicReference<>(start);
    }

    @Override
    public Instant instant() {
        return time.get();
    }

    @Override
    public Instant now() {
        return instant();
    }

    @Override
    public void until(Instant later) {
        time.accumulateAndGet(later, (now, then) -> then.isAfter(now) ? then : now);
    }
}
