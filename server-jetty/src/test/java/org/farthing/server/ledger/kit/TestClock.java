package org.farthing.server.ledger.kit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that moves when a test says so. */
public final class TestClock implements InstantSource {

    /** When it begins. */
    public static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private Instant now = START;

    /** Starts at a fixed time. */
    public TestClock() {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** Moves the time. */
    public synchronized void advance(Duration by) {
        now = now.plus(by);
    }
}
