package org.farthing.protocol.token;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Members;

/**
 * A set of tokens that is sold together. An issuer sells bundles only, so that what is bought says nothing about what it
 * is bought for (T59; F-TK-21).
 *
 * @param amount what all of it costs, and is worth
 * @param tokens how many of each value
 */
public record Bundle(Amount amount, Map<Long, Integer> tokens) {

    /**
     * Checks the sum.
     *
     * @param amount as described at the record
     * @param tokens as described at the record
     * @throws IllegalArgumentException if there are no tokens, more than 256, a value or a number is not positive, or the
     *     values do not add up to the amount
     */
    public Bundle {
        tokens = Collections.unmodifiableMap(new TreeMap<>(tokens));
        Amount sum = Amount.ZERO;
        int count = 0;
        for (Map.Entry<Long, Integer> entry : tokens.entrySet()) {
            int number = entry.getValue();
            if (number < 1 || number > Denominations.MAX_TOKENS || entry.getKey() < 1) {
                throw new IllegalArgumentException("values and numbers of a bundle are positive, numbers at most 256");
            }
            sum = times(sum, entry.getKey(), number);
            count += number;
        }
        if (count == 0 || count > Denominations.MAX_TOKENS) {
            throw new IllegalArgumentException("a bundle has 1 to " + Denominations.MAX_TOKENS + " tokens");
        }
        if (!sum.equals(amount)) {
            throw new IllegalArgumentException(
                    "the tokens of a bundle add up to " + sum.format() + ", not to its " + amount.format());
        }
    }

    /**
     * A bundle of so many of each value.
     *
     * @param tokens how many of each value
     * @return the bundle that costs their sum
     * @throws IllegalArgumentException as the constructor
     */
    public static Bundle of(Map<Long, Integer> tokens) {
        Amount sum = Amount.ZERO;
        for (Map.Entry<Long, Integer> entry : tokens.entrySet()) {
            sum = times(sum, entry.getKey(), entry.getValue());
        }
        return new Bundle(sum, tokens);
    }

    private static Amount times(Amount sum, long value, int number) {
        try {
            return sum.plus(Amount.of(Math.multiplyExact(value, number)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("the tokens of a bundle are worth more than an amount can be", e);
        }
    }

    /**
     * Returns how many tokens it has.
     *
     * @return 1 to 256
     */
    public int count() {
        return tokens.values().stream().mapToInt(Integer::intValue).sum();
    }

    static Bundle parse(Members members) throws MalformedException {
        String where = members.where();
        Map<Long, Integer> tokens = new TreeMap<>();
        Members counts = new Members(members.object("tokens"), where + ".tokens");
        for (String value : counts.map().keySet()) {
            Amount number = Amount.parse(counts.text(value), where + ".tokens");
            if (number.baseUnits() > Denominations.MAX_TOKENS) {
                throw new MalformedException(Fault.TOO_LARGE, where + ".tokens", "more than 256 tokens");
            }
            tokens.put(Amount.parse(value, where + ".tokens").baseUnits(), (int) number.baseUnits());
        }
        Amount amount = Amount.parse(members.text("amount"), where + ".amount");
        return TokenForms.build(where, () -> new Bundle(amount, tokens));
    }

    Map<String, Object> toMap() {
        Map<String, Object> counts = new TreeMap<>();
        tokens.forEach((value, number) -> counts.put(Long.toString(value), Integer.toString(number)));
        return Map.of("amount", amount.format(), "tokens", counts);
    }
}
