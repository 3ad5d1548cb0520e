package org.farthing.conformance.privacy;

import java.util.Arrays;

/** A set of numbers: some millions of them without an object each. */
final class Runs {

    private long[] table = new long[1 << 16];
    private boolean zero;
    private int size;

    void add(long run) {
        if (run == 0) {
            zero = true;
            return;
        }
        int at = place(table, run);
        if (table[at] == 0) {
            table[at] = run;
            size++;
            if (size > table.length / 2) {
                grow();
            }
        }
    }

    boolean has(long run) {
        return run == 0 ? zero : table[place(table, run)] == run;
    }

    int size() {
        return size;
    }

    /** All but zero, which nobody can be recognised by. */
    long[] all() {
        return Arrays.stream(table).filter(run -> run != 0).toArray();
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (long run : table) {
            if (run != 0) {
                larger[place(larger, run)] = run;
            }
        }
        table = larger;
    }

    private static int place(long[] table, long run) {
        int at = (int) ((run * 0x9E3779B97F4A7C15L) >>> 32) & (table.length - 1);
        while (table[at] != 0 && table[at] != run) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }
}
