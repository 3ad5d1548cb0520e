package org.farthing.conformance.server;

import java.time.Instant;
import java.time.InstantSource;

/** The time of {@link TinyPayee}: it goes on when somebody waits. */
final class TinyClock implements InstantSource {

    private volatile Instant now = Instant.parse("2026-11-22T10:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    /** Waits until a moment, at once. */
    synchronized void until(Instant moment) {
        if (moment.isAfter(now)) {
            now = moment;
        }
    }
}
