package org.farthing.conformance.suite;

import java.time.Duration;

/** Where lengths of time come from. */
@FunctionalInterface
public interface Stopwatch {

    /** Nanoseconds since some moment. */
    long nanos();

    /** The machine's. */
    static Stopwatch system() {
        return System::nanoTime;
    }

    /** The time since a reading. */
    default Duration since(long reading) {
        return Duration.ofNanos(nanos() - reading);
    }
}
