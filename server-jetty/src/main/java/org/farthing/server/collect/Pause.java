package org.farthing.server.collect;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** For how long somebody who does not answer is left alone: a pause that doubles while calls fail (F-WS-72). Thread-safe. */
final class Pause {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 6;

    private int failures;
    private @Nullable Instant until;

    /** How long it still takes; zero if a call may be made. */
    synchronized Duration remaining(Instant now) {
        Instant end = until;
        return end == null || !now.isBefore(end) ? Duration.ZERO : Duration.between(now, end);
    }

    /** A call had its answer. */
    synchronized void succeeded() {
        failures = 0;
        until = null;
    }

    /** A call had none that counts; returns how long to wait now, or what was asked for if that is longer. */
    synchronized Duration failed(Instant now, Throwable cause) {
        Duration grown = FIRST.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        Duration asked = cause instanceof ServiceCallException call ? call.retryAfter() : null;
        Duration longer = asked == null || asked.compareTo(grown) < 0 ? grown : asked;
        Duration wait = longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
        failures++;
        until = now.plus(wait);
        return wait;
    }
}
