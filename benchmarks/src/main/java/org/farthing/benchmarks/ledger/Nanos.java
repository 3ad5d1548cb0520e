package org.farthing.benchmarks.ledger;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Durations, as many as a sample has, from several threads. */
final class Nanos {

    /** Of a sample's operations; more than this are not looked at. */
    private static final int MOST = 1 << 18;

    private final long[] values;
    private final AtomicInteger next = new AtomicInteger();

    /** Of as many as are looked at. */
    Nanos() {
        this(MOST);
    }

    private Nanos(int most) {
        this.values = new long[most];
    }

    /** Of so many, or as many as are looked at. */
    static Nanos of(long count) {
        return new Nanos((int) Math.min(count, MOST));
    }

    void add(long nanos) {
        int at = next.getAndIncrement();
        if (at < values.length) {
            values[at] = nanos;
        }
    }

    int count() {
        return Math.min(next.get(), values.length);
    }

    /** The value below which that part of them lies; 0 if there are none. */
    long quantile(double part) {
        int count = count();
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[Math.min(count - 1, (int) (count * part))];
    }
}
