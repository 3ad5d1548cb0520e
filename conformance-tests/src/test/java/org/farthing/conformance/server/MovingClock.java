package org.farthing.conformance.server;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands until somebody waits for a time: then it is that time. Server and suite share it. */
final class MovingClock implements InstantSource, Waiting {

    private Instant time;

    MovingClock(Instant start) {
        this.time = start;
    }

    @Override
    public synchronized Instant instant() {
        return time;
    }

    @Override
    public Instant now() {
        return instant();
    }

    @Override
    public synchronized void until(Instant later) {
        if (later.isAfter(time)) {
            time = later;
        }
    }
}
