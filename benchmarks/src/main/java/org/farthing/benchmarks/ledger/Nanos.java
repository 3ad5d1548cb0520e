package org.farthing.benchmarks.ledger;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Durations, as many as a sample has, from several threads. */
final class Nanos {

    private static final int MOST = 1 << 20;

    private final long[] values = new long[MOST];
    private final AtomicInteger next = new AtomicInteger();

    void add(long nanos) {
        int at = next.getAndIncrement();
        if (at < MOST) {
            values[at] = nanos;
        }
    }

    int count() {
        return Math.min(next.get(), MOST);
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
