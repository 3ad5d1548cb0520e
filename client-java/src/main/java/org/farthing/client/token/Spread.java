package org.farthing.client.token;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which tokens an amount is changed into: one of each value from the smallest up as far as that goes, and the rest in the
 * largest. It depends on the amount alone and not on what is to be paid, so it shows no price, and every smaller price can be
 * paid from it (F-TK-128).
 */
final class Spread {

    private Spread() {}

    /**
     * The tokens.
     *
     * @param values the values there are, rising, each dividing the next
     * @param amount what they are worth together
     * @return how many of each, without zeros; empty if nothing makes up the amount
     */
    static Map<Long, Integer> of(List<Long> values, long amount) {
        Map<Long, Integer> tokens = new TreeMap<>();
        long rest = amount;
        for (long value : values) {
            if (value <= rest) {
                tokens.merge(value, 1, Integer::sum);
                rest -= value;
            }
        }
        for (int i = values.size() - 1; i >= 0; i--) {
            long take = rest / values.get(i);
            if (take > 0) {
                tokens.merge(values.get(i), (int) Math.min(take, Integer.MAX_VALUE), Integer::sum);
                rest -= take * values.get(i);
            }
        }
        return rest == 0 ? Collections.unmodifiableMap(tokens) : Map.of();
    }

    static long count(Map<Long, Integer> tokens) {
        return tokens.values().stream().mapToLong(Integer::longValue).sum();
    }
}
