package org.farthing.protocol;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import org.farthing.protocol.MalformedException.Fault;

/**
 * Money as people write it: a decimal number of the major unit and an ISO code, such as {@code 0.02 USD}, or a count of
 * units. Budgets and command lines use it; the wire and the ledger use {@link Amount}. Specification: money.md (F-MO-20 to F-MO-24).
 *
 * <p>Everything is exact: what cannot be scaled without rounding is refused.
 *
 * @param value how much, not negative; two spellings of one number are equal
 * @param code the ISO code in lower case, or {@code unit:NAME}: see {@link CurrencyId#code()}
 */
public record Money(BigDecimal value, String code) implements Comparable<Money> {

    private static final int MAX_WHOLE_DIGITS = 18;
    private static final int MAX_DECIMALS = 12;

    /**
     * Brings the value into its one form.
     *
     * @param value as described at the record
     * @param code as described at the record
     * @throws IllegalArgumentException if the value is negative or a part of a unit, or the code is no currency code
     */
    public Money {
        if (value.signum() < 0) {
            throw new IllegalArgumentException("money is not negative");
        }
        if (!new CurrencyId(code).code().equals(code)) {
            throw new IllegalArgumentException("money has an ISO code or a unit name, without an exponent");
        }
        value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        value = value.scale() < 0 ? value.setScale(0, RoundingMode.UNNECESSARY) : value;
        if (code.startsWith("unit:") && value.scale() > 0) {
            throw new IllegalArgumentException("units are counted whole");
        }
    }

    /**
     * Reads what a person wrote: {@code 0.02usd}, {@code 0.02 USD} or {@code 5 unit:pages}.
     *
     * @param text digits, perhaps a point and up to 12 decimals, perhaps a space, and the code (an ISO code in either
     *     case)
     * @return the money
     * @throws MalformedException if it is anything else, such as a bare number or a comma for the point
     */
    public static Money parse(String text) throws MalformedException {
        int whole = digits(text, 0);
        int end = whole;
        if (end < text.length() && text.charAt(end) == '.') {
            end = digits(text, end + 1);
        }
        int decimals = end - whole - 1;
        if (whole == 0 || whole > MAX_WHOLE_DIGITS || decimals == 0 || decimals > MAX_DECIMALS) {
            throw malformed();
        }
        int start = end < text.length() && text.charAt(end) == ' ' ? end + 1 : end;
        String written = text.substring(start);
        String code = written.length() == 3 ? written.toLowerCase(Locale.ROOT) : written;
        CurrencyId currency = CurrencyId.parse(code, "money");
        if (!currency.code().equals(code) || (currency.unitName().isPresent() && end > whole)) {
            throw malformed();
        }
        return new Money(new BigDecimal(text.substring(0, end)), code);
    }

    private static int digits(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static MalformedException malformed() {
        return new MalformedException(
                Fault.VALUE, "money", "write digits and a currency, such as 0.02usd (a point, no sign, no grouping)");
    }

    /**
     * Returns what an amount of the wire is worth.
     *
     * @param amount the count of base units
     * @param currency what is counted
     * @return the money, exactly
     */
    public static Money of(Amount amount, CurrencyId currency) {
        return new Money(new BigDecimal(BigInteger.valueOf(amount.baseUnits()), currency.exponent()), currency.code());
    }

    /**
     * Returns nothing, in a currency.
     *
     * @param code an ISO code in lower case, or {@code unit:NAME}
     * @return zero
     */
    public static Money zero(String code) {
        return new Money(BigDecimal.ZERO, code);
    }

    /**
     * Converts to base units, exactly.
     *
     * @param currency the currency id to count in
     * @return the amount
     * @throws IllegalArgumentException if the currency is another one
     * @throws ArithmeticException if it is no whole number of base units, or has more than 18 digits
     */
    public Amount toAmount(CurrencyId currency) {
        requireSame(currency.code());
        long baseUnits = value.movePointRight(currency.exponent()).longValueExact();
        if (baseUnits > Amount.MAX.baseUnits()) {
            throw new ArithmeticException("an amount has at most 18 digits");
        }
        return Amount.of(baseUnits);
    }

    /**
     * Writes the money for people: at least the decimals that are usual for the currency, and all that it has.
     *
     * @return such as {@code 0.0025 USD} or {@code 5 unit:pages}; {@link #parse} reads it back
     */
    public String format() {
        CurrencyId currency = new CurrencyId(code);
        BigDecimal shown = value.scale() < currency.exponent()
                ? value.setScale(currency.exponent(), RoundingMode.UNNECESSARY)
                : value;
        String name = currency.isoCode().isPresent() ? code.toUpperCase(Locale.ROOT) : code;
        return shown.toPlainString() + " " + name;
    }

    /**
     * Adds exactly.
     *
     * @param other money of the same currency
     * @return the sum
     * @throws IllegalArgumentException if the currency is another one
     */
    public Money plus(Money other) {
        requireSame(other.code);
        return new Money(value.add(other.value), code);
    }

    /**
     * Subtracts exactly.
     *
     * @param other money of the same currency
     * @return the difference
     * @throws IllegalArgumentException if the currency is another one
     * @throws ArithmeticException if the other is more
     */
    public Money minus(Money other) {
        requireSame(other.code);
        if (value.compareTo(other.value) < 0) {
            throw new ArithmeticException("money is not negative");
        }
        return new Money(value.subtract(other.value), code);
    }

    /**
     * Compares money of one currency.
     *
     * @param other money of the same currency
     * @return negative, zero or positive
     * @throws IllegalArgumentException if the currency is another one: which is more is not known then
     */
    @Override
    public int compareTo(Money other) {
        requireSame(other.code);
        return value.compareTo(other.value);
    }

    private void requireSame(String otherCode) {
        if (!code.equals(otherCode)) {
            throw new IllegalArgumentException("money of two currencies: " + code + " and " + otherCode);
        }
    }

    /** Shows what {@link #format()} writes. */
    @Override
    public String toString() {
        return format();
    }
}
