package org.farthing.protocol;

import org.farthing.protocol.MalformedException.Fault;

/**
 * A count of a currency's base units, such as 2500 millionths of a dollar. What a base unit is, the {@link CurrencyId}
 * says. Specification: money.md (F-MO-1 to F-MO-3).
 *
 * <p>On the wire it is a decimal string of at most 18 digits without sign, point or leading zero, so it fits a
 * {@code long} and no JSON reader rounds it.
 *
 * @param baseUnits the count, from 0 to 999,999,999,999,999,999
 */
public record Amount(long baseUnits) implements Comparable<Amount> {

    /** Nothing. */
    public static final Amount ZERO = new Amount(0);

    /** The largest amount the wire can carry. */
    public static final Amount MAX = new Amount(999_999_999_999_999_999L);

    private static final int MAX_DIGITS = 18;

    /**
     * Refuses counts the wire cannot carry.
     *
     * @param baseUnits as described at the record
     * @throws IllegalArgumentException if the count is negative or has more than 18 digits
     */
    public Amount {
        if (baseUnits < 0 || baseUnits > 999_999_999_999_999_999L) {
            throw new IllegalArgumentException("an amount is within 0 and 999999999999999999 base units");
        }
    }

    /**
     * Returns an amount.
     *
     * @param baseUnits the count of base units
     * @return the amount
     * @throws IllegalArgumentException if the count is negative or has more than 18 digits
     */
    public static Amount of(long baseUnits) {
        return new Amount(baseUnits);
    }

    /**
     * Reads an amount: {@code ^(0|[1-9][0-9]{0,17})$} with ASCII digits.
     *
     * @param text the text
     * @param where the place to name in a fault
     * @return the amount
     * @throws MalformedException if the text is anything else
     */
    public static Amount parse(String text, String where) throws MalformedException {
        int length = text.length();
        boolean legal = length > 0 && length <= MAX_DIGITS && (length == 1 || text.charAt(0) != '0');
        long value = 0;
        for (int i = 0; legal && i < length; i++) {
            char c = text.charAt(i);
            legal = c >= '0' && c <= '9';
            value = value * 10 + (c - '0');
        }
        if (!legal) {
            throw new MalformedException(
                    Fault.VALUE, where, "an amount is 1 to 18 digits without sign, point or leading zero");
        }
        return new Amount(value);
    }

    /**
     * Writes the amount for the wire.
     *
     * @return decimal digits
     */
    public String format() {
        return Long.toString(baseUnits);
    }

    /**
     * Adds exactly.
     *
     * @param other an amount of the same currency id
     * @return the sum
     * @throws ArithmeticException if the sum has more than 18 digits
     */
    public Amount plus(Amount other) {
        return exact(baseUnits + other.baseUnits);
    }

    /**
     * Subtracts exactly.
     *
     * @param other an amount of the same currency id
     * @return the difference
     * @throws ArithmeticException if the other amount is larger
     */
    public Amount minus(Amount other) {
        return exact(baseUnits - other.baseUnits);
    }

    /** Two amounts of at most 18 digits never overflow a long, so the range is all there is to check. */
    private static Amount exact(long result) {
        if (result < 0 || result > MAX.baseUnits) {
            throw new ArithmeticException("an amount is within 0 and 999999999999999999 base units");
        }
        return new Amount(result);
    }

    @Override
    public int compareTo(Amount other) {
        return Long.compare(baseUnits, other.baseUnits);
    }
}
