package org.farthing.protocol.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;

/**
 * The values that an issuer's tokens have, such as 1 2 4 8 16: each divides the next, so that paying with the largest that
 * fit is paying with the fewest (F-TK-16). Prices lie on the grid of what few tokens can pay exactly.
 *
 * @param values base units, rising
 */
public record Denominations(List<Long> values) {

    /** Most tokens that one payment, purchase or swap can have. */
    public static final int MAX_TOKENS = 256;

    private static final String WHERE = "denominations";
    private static final int MAX_VALUES = 32;

    /**
     * Checks the ladder.
     *
     * @param values as described at the record
     * @throws IllegalArgumentException if there are none or more than 32, or one is no positive amount that the one
     *     before it divides
     */
    public Denominations {
        values = List.copyOf(values);
        try {
            check(values);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Reads values separated by single spaces.
     *
     * @param text such as {@code 1 2 4 8 16}
     * @return the denominations
     * @throws MalformedException if it is no such list
     */
    public static Denominations parse(String text) throws MalformedException {
        String[] words = text.split(" ", MAX_VALUES + 1);
        List<Long> values = new ArrayList<>(words.length);
        for (String word : words) {
            values.add(Amount.parse(word, WHERE).baseUnits());
        }
        check(values);
        return new Denominations(values);
    }

    private static void check(List<Long> values) throws MalformedException {
        if (values.isEmpty() || values.size() > MAX_VALUES) {
            throw new MalformedException(Fault.VALUE, WHERE, "1 to " + MAX_VALUES + " values are needed");
        }
        long before = 1;
        for (int i = 0; i < values.size(); i++) {
            long value = values.get(i);
            boolean rises = i == 0 ? value > 0 : value > before;
            if (!rises || value % before != 0 || value > Amount.MAX.baseUnits()) {
                throw new MalformedException(
                        Fault.VALUE, WHERE, "positive, rising values are needed of which each divides the next");
            }
            before = value;
        }
    }

    /**
     * Writes the values.
     *
     * @return digits, separated by single spaces
     */
    public String text() {
        return String.join(" ", values.stream().map(String::valueOf).toList());
    }

    /**
     * Finds the fewest tokens that are worth exactly an amount.
     *
     * @param amount the amount
     * @return how many of each value, without zeros; empty if there are no such tokens, or more than 256 were needed
     */
    public Optional<Map<Long, Integer>> fewest(Amount amount) {
        Map<Long, Integer> tokens = new TreeMap<>();
        long rest = amount.baseUnits();
        long count = 0;
        for (int i = values.size() - 1; i >= 0; i--) {
            long value = values.get(i);
            long take = rest / value;
            count += take;
            if (count > MAX_TOKENS) {
                return Optional.empty();
            }
            if (take > 0) {
                tokens.put(value, (int) take);
            }
            rest -= take * value;
        }
        return rest == 0 ? Optional.of(java.util.Collections.unmodifiableMap(tokens)) : Optional.empty();
    }

    /**
     * Tells whether an amount can be paid exactly with few tokens: whether it is on the price grid.
     *
     * @param amount the amount
     * @param maxTokens how many tokens may be used
     * @return true if one to {@code maxTokens} tokens are worth it
     */
    public boolean fits(Amount amount, int maxTokens) {
        return amount.baseUnits() > 0
                && fewest(amount).stream()
                        .anyMatch(tokens -> tokens.values().stream()
                                        .mapToInt(Integer::intValue)
                                        .sum()
                                <= maxTokens);
    }

    /** Shows the values. */
    @Override
    public String toString() {
        return text();
    }
}
