package org.farthing.server.method;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;

/**
 * How much a payee trusts one wallet service with: what was sold against its receipts and is not collected yet (T61;
 * spec/wallet-service.md, F-WS-66). Counted for each service and each currency id.
 *
 * @param limits limits by currency code; a currency without one has a thousand of its minor units, such as 10.00 USD, or a
 *     thousand units, and at least the price of one request
 */
public record ExposureLimits(Map<String, Money> limits) {

    /** A thousand of the minor unit, for every currency. */
    public static final ExposureLimits DEFAULT = new ExposureLimits(Map.of());

    private static final long MINOR_UNITS = 1000;

    /** The largest amount there is. */
    private static final BigDecimal MOST = new BigDecimal("999999999999999999");

    /**
     * Copies the limits.
     *
     * @param limits as the record says
     * @throws IllegalArgumentException if a limit is zero, or stands under another code than its own
     */
    public ExposureLimits {
        limits = Map.copyOf(limits);
        limits.forEach((code, money) -> {
            if (!code.equals(money.code()) || money.value().signum() == 0) {
                throw new IllegalArgumentException("the limit for " + code + " must be more than zero, in " + code);
            }
        });
    }

    /**
     * Adds a limit, or replaces the one for its currency.
     *
     * @param limit how much, more than zero
     * @return all limits
     * @throws IllegalArgumentException if it is zero
     */
    public ExposureLimits with(Money limit) {
        Map<String, Money> more = new TreeMap<>(limits);
        more.put(limit.code(), limit);
        return new ExposureLimits(more);
    }

    /**
     * Adds a limit as people write it.
     *
     * @param limit for example {@code 5usd}
     * @return all limits
     * @throws IllegalArgumentException if it cannot be read or is zero
     */
    public ExposureLimits with(String limit) {
        try {
            return with(Money.parse(limit));
        } catch (MalformedException e) {
            throw new IllegalArgumentException("\"" + limit + "\" is no amount of money, write one like 5usd", e);
        }
    }

    /**
     * Returns the limit for one currency.
     *
     * @param currency the currency
     * @return the limit, in people's money
     */
    public Money limit(CurrencyId currency) {
        Money set = limits.get(currency.code());
        return set == null ? Money.of(Amount.of(MINOR_UNITS), new CurrencyId(currency.code())) : set;
    }

    /**
     * Tells whether a price can be paid at all under a limit that was set. Without one, a single payment always can.
     *
     * @param amount the price
     * @param currency its currency
     * @return false if the limit for the currency is below the price
     */
    public boolean allows(Amount amount, CurrencyId currency) {
        return baseUnits(currency, amount) >= amount.baseUnits();
    }

    /**
     * Returns the limit for one currency in its base units, rounded down; where none was set it leaves room for one payment of
     * this amount.
     *
     * @param currency the currency
     * @param amount what a payment is worth
     * @return the limit
     */
    public long baseUnits(CurrencyId currency, Amount amount) {
        BigDecimal scaled = limit(currency).value().scaleByPowerOfTen(currency.exponent());
        long units = scaled.setScale(0, RoundingMode.DOWN).min(MOST).longValueExact();
        return limits.containsKey(currency.code()) ? units : Math.max(units, amount.baseUnits());
    }
}
