package org.farthing.benchmarks.ledger;

import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What the samples of a run say together.
 *
 * @param median the middle one
 * @param least the smallest
 * @param most the largest
 */
public record Spread(double median, double least, double most) {

    /**
     * Of at least one value.
     *
     * @param values what was measured
     * @return their spread
     */
    public static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return new Spread(sorted.get(sorted.size() / 2), Collections.min(values), Collections.max(values));
    }

    @Override
    public String toString() {
        String number = median < 0.1 ? "%.4f" : median < 100 ? "%.2f" : "%.0f";
        return String.format(Locale.ROOT, number + " [" + number + ", " + number + "]", median, least, most);
    }
}
