package org.farthing.protocol;

import java.util.Optional;
import org.farthing.protocol.MalformedException.Fault;

/**
 * What an amount counts. Specification: money.md (F-MO-10 to F-MO-13).
 *
 * <ul>
 *   <li>{@code usd}: the minor unit of an ISO 4217 currency, here a cent (lower case; see the pinned table)
 *   <li>{@code usd.e6}: 10^-6 of the major unit, here a millionth of a dollar; the exponent is 0 to 12
 *   <li>{@code unit:pages}: credits that are not money; the name matches {@code [a-z0-9][a-z0-9-]{0,31}}
 * </ul>
 *
 * <p>Amounts are comparable only under the same id: {@code usd} and {@code usd.e2} mean the same unit and are still two
 * ids. Budgets, which look across ids, go through {@link Money}.
 *
 * @param text the id as it stands on the wire
 */
public record CurrencyId(String text) {

    private static final int MAX_EXPONENT = 12;
    private static final String UNIT = "unit:";
    private static final int MAX_UNIT_NAME = 32;

    /**
     * Refuses what is no currency id.
     *
     * @param text as described at the record
     * @throws IllegalArgumentException if {@link #parse} would refuse the text
     */
    public CurrencyId {
        try {
            check(text, "currency");
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Reads a currency id.
     *
     * @param text the text
     * @param where the place to name in a fault
     * @return the id
     * @throws MalformedException if it is none of the three forms, or an ISO code outside the pinned table
     */
    public static CurrencyId parse(String text, String where) throws MalformedException {
        check(text, where);
        return new CurrencyId(text);
    }

    private static void check(String text, String where) throws MalformedException {
        boolean legal = text.startsWith(UNIT)
                ? isUnitName(text.substring(UNIT.length()))
                : text.length() >= 3
                        && IsoCurrencies.minorUnits(text.substring(0, 3)) != null
                        && (text.length() == 3 || writtenExponent(text) >= 0);
        if (!legal) {
            throw new MalformedException(
                    Fault.VALUE,
                    where,
                    "a currency is an ISO 4217 code such as usd, a fraction such as usd.e6, or unit: and a name");
        }
    }

    private static boolean isUnitName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!alphanumeric && (c != '-' || i == 0)) {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= MAX_UNIT_NAME;
    }

    /** Returns the number after {@code .e}, or -1 if there is no such exponent in its one spelling. */
    private static int writtenExponent(String text) {
        String digits = text.startsWith(".e", 3) ? text.substring(5) : "";
        for (int exponent = 0; exponent <= MAX_EXPONENT; exponent++) {
            if (digits.equals(Integer.toString(exponent))) {
                return exponent;
            }
        }
        return -1;
    }

    /**
     * Returns the ISO code, for money.
     *
     * @return three lower-case letters, or empty for units
     */
    public Optional<String> isoCode() {
        return isUnit() ? Optional.empty() : Optional.of(text.substring(0, 3));
    }

    /**
     * Returns the name of the unit, for what is not money.
     *
     * @return the name after {@code unit:}, or empty for money
     */
    public Optional<String> unitName() {
        return isUnit() ? Optional.of(text.substring(UNIT.length())) : Optional.empty();
    }

    /**
     * Returns how small the base unit is: one base unit is 10^-exponent of the major unit.
     *
     * @return 0 to 12; 0 for units
     */
    public int exponent() {
        if (isUnit()) {
            return 0;
        }
        Integer minorUnits = IsoCurrencies.minorUnits(text.substring(0, 3));
        return text.length() > 3 || minorUnits == null ? writtenExponent(text) : minorUnits;
    }

    /**
     * Returns what budgets are kept by, the same for every exponent of a currency.
     *
     * @return the ISO code in lower case, or {@code unit:NAME}
     */
    public String code() {
        return isUnit() ? text : text.substring(0, 3);
    }

    private boolean isUnit() {
        return text.startsWith(UNIT);
    }

    /** Shows the text of the wire. */
    @Override
    public String toString() {
        return text;
    }
}
