package org.farthing.server.app;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Money;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.Denominations;

/**
 * What a mint's tokens are worth, and what it sells them in. Each value is twice the one before, so that few tokens make any
 * amount; bundles have several of the small ones, because prices are small.
 *
 * @param currency what values are counted in
 * @param denominations the values
 * @param bundles what is sold: an amount, and how many tokens of each value
 */
record TokenValues(CurrencyId currency, Denominations denominations, List<Map<Long, Integer>> bundles) {

    private static final int VALUES = 9;
    private static final int OF_EACH = 4;
    private static final List<Integer> USUAL_BUNDLES = List.of(100, 500, 2000);

    TokenValues {
        bundles = List.copyOf(bundles);
    }

    /** The smallest token that suits prices in a currency: a hundredth of a cent, or one unit. */
    static Money usualSmallest(String code) {
        return new Money(code.startsWith("unit:") ? BigDecimal.ONE : new BigDecimal("0.0001"), code);
    }

    /**
     * Doubles from the smallest value on.
     *
     * @param smallest the smallest value
     * @param sold the bundles; empty for 100, 500 and 2000 times the smallest value
     */
    static TokenValues of(Money smallest, List<Money> sold) {
        CurrencyId currency = Shown.usualCurrency(smallest);
        List<Long> values = new ArrayList<>();
        long value = units(smallest, currency, "--smallest-token");
        for (int i = 0; i < VALUES; i++) {
            values.add(value);
            value = Math.multiplyExact(value, 2L);
        }
        Denominations denominations = new Denominations(values);
        List<Map<Long, Integer>> bundles = new ArrayList<>();
        for (Money bundle : sold) {
            bundles.add(composed(units(bundle, currency, "--bundle"), denominations, bundle.format()));
        }
        if (sold.isEmpty()) {
            for (int times : USUAL_BUNDLES) {
                bundles.add(composed(Math.multiplyExact(values.get(0), (long) times), denominations, ""));
            }
        }
        return new TokenValues(currency, denominations, bundles);
    }

    /** What the bundles cost, for people: {@code 0.01 USD, 0.05 USD}. */
    String sums() {
        return bundles.stream()
                .map(bundle -> Money.of(Bundle.of(bundle).amount(), currency).format())
                .collect(Collectors.joining(", "));
    }

    private static long units(Money money, CurrencyId currency, String option) {
        try {
            long units = money.toAmount(currency).baseUnits();
            if (units > 0) {
                return units;
            }
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new CommandFailedException(
                    option + " " + money.format() + " cannot be counted in " + currency.text()
                            + ". Name an amount of the same currency with fewer decimals.",
                    e);
        }
        throw new CommandFailedException(option + " is more than nothing.");
    }

    /** Four of each value, the small ones first, as long as that leaves half; then as few as make the rest. */
    private static Map<Long, Integer> composed(long amount, Denominations denominations, String shown) {
        Map<Long, Integer> tokens = new TreeMap<>();
        long rest = amount;
        for (long value : denominations.values()) {
            int number = (int) Math.min(OF_EACH, rest / (2 * value));
            if (number > 0) {
                tokens.put(value, number);
                rest -= number * value;
            }
        }
        if (amount % denominations.values().get(0) != 0) {
            throw new CommandFailedException("--bundle " + shown + " is no multiple of the smallest token.");
        }
        denominations
                .fewest(Amount.of(rest))
                .orElseThrow(() -> tooMany(shown))
                .forEach((value, number) -> tokens.merge(value, number, Integer::sum));
        if (tokens.values().stream().mapToInt(Integer::intValue).sum() > Denominations.MAX_TOKENS) {
            throw tooMany(shown);
        }
        return tokens;
    }

    private static CommandFailedException tooMany(String shown) {
        return new CommandFailedException("--bundle " + shown + " is more than " + Denominations.MAX_TOKENS
                + " tokens. Sell less at once, or name a larger --smallest-token.");
    }
}
