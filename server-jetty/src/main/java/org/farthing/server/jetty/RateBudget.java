package org.farthing.server.jetty;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often a key (an address prefix, a wallet) may do something: so many in a period, refilled evenly (GCRA: one time per
 * key says everything). Memory is bounded: beyond the limit the keys unused longest are forgotten, which errs in their
 * favour (T39, T40). Safe to share between threads; never blocks for long.
 */
final class RateBudget {

    private final InstantSource clock;
    private final Duration period;
    private final Duration interval;
    private final int keys;

    /** For each key, when its budget is whole again; in order of last use. */
    private final Map<String, Instant> wholeAt = new LinkedHashMap<>(16, 0.75f, true);

    RateBudget(int times, Duration period, int keys, InstantSource clock) {
        if (times < 1 || keys < 1 || period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("a budget lets at least one of one key through in a period");
        }
        this.clock = clock;
        this.period = period;
        this.interval = period.dividedBy(times);
        this.keys = keys;
    }

    /** Takes one; returns zero, or how long to wait if there is none left (then nothing was taken). */
    synchronized Duration take(String key) {
        Instant now = clock.instant();
        Instant after = whole(key, now).plus(interval);
        Duration wait = Duration.between(now.plus(period), after);
        if (!wait.isNegative() && !wait.isZero()) {
            return wait;
        }
        wholeAt.put(key, after);
        forgetOldest();
        return Duration.ZERO;
    }

    /** Returns zero if there is one to take, or how long until there is; takes nothing. */
    synchronized Duration look(String key) {
        Instant now = clock.instant();
        Duration wait = Duration.between(now.plus(period), whole(key, now).plus(interval));
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /** Further ahead than a period means that the clock went back: nobody waits for that. */
    private Instant whole(String key, Instant now) {
        Instant whole = wholeAt.get(key);
        return whole == null || whole.isBefore(now) || whole.isAfter(now.plus(period)) ? now : whole;
    }

    /** Gives one back that was taken for nothing. */
    synchronized void giveBack(String key) {
        wholeAt.computeIfPresent(key, (k, whole) -> whole.minus(interval));
    }

    /** Returns how many keys are remembered. */
    synchronized int size() {
        return wholeAt.size();
    }

    private void forgetOldest() {
        Iterator<Instant> oldest = wholeAt.values().iterator();
        while (wholeAt.size() > keys) {
            oldest.next();
            oldest.remove();
        }
    }
}
