package org.farthing.server.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** Time that moves when a test says so. */
public final class TestClock implements InstantSource {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));

    /** Starts at a fixed time. */
    public TestClock() {}

    @Override
    public Instant instant() {
        return now.get();
    }

    /** Moves the time. */
    public void advance(Duration by) {
        now.updateAndGet(time -> time.plus(by));
    }
}
