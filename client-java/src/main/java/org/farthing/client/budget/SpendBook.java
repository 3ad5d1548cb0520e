package org.farthing.client.budget;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sums of a journal: per budget key in all, per origin, per recipient and per period. Not safe between threads; its
 * journal calls it under its lock.
 *
 * <p>Each sum has two sides: what counts as spent now, and what was ever given back on a payee's word, because the second
 * is limited too (protocol: release statements).
 */
final class SpendBook {

    /** Everything of one budget key. */
    private static final String ALL = "";

    private final Instant anchor;
    private final List<Spend> spends = new ArrayList<>();
    private final Map<Key, Sum> sums = new HashMap<>();
    private final Map<Duration, Map<Key, Sum>> periods = new HashMap<>();

    /** Creates an empty book whose periods count from {@code anchor}. */
    SpendBook(Instant anchor) {
        this.anchor = anchor;
    }

    /**
     * Money that was set aside at one time.
     *
     * @param at when; decides the period
     * @param budget the budget key
     * @param spent what counts as spent
     * @param returned what was given back on a payee's word
     */
    record Spend(Instant at, String budget, String origin, String recipient, BigDecimal spent, BigDecimal returned) {

        /** What undoes this. */
        Spend negated() {
            return new Spend(at, budget, origin, recipient, spent.negate(), returned.negate());
        }
    }

    /** What counts as spent, and what was given back on a payee's word. */
    record Sum(BigDecimal spent, BigDecimal returned) {
        static final Sum ZERO = new Sum(BigDecimal.ZERO, BigDecimal.ZERO);

        Sum plus(Spend spend) {
            return new Sum(spent.add(spend.spent()), returned.add(spend.returned()));
        }
    }

    private record Key(String scope, String budget) {}

    void add(Spend spend) {
        spends.add(spend);
        count(sums, new Key(ALL, spend.budget()), spend);
        count(sums, new Key("origin " + spend.origin(), spend.budget()), spend);
        count(sums, new Key("recipient " + spend.recipient(), spend.budget()), spend);
        periods.forEach((period, counted) -> count(counted, periodKey(period, spend), spend));
    }

    Sum total(String budget) {
        return sums.getOrDefault(new Key(ALL, budget), Sum.ZERO);
    }

    Sum ofOrigin(String origin, String budget) {
        return sums.getOrDefault(new Key("origin " + origin, budget), Sum.ZERO);
    }

    Sum ofRecipient(String recipient, String budget) {
        return sums.getOrDefault(new Key("recipient " + recipient, budget), Sum.ZERO);
    }

    Sum ofPeriod(Duration period, Instant at, String budget) {
        Map<Key, Sum> counted = periods.computeIfAbsent(period, this::countAll);
        return counted.getOrDefault(new Key(index(period, at), budget), Sum.ZERO);
    }

    /** When the period that {@code at} lies in ends. */
    Instant endOfPeriod(Duration period, Instant at) {
        return anchor.plus(period.multipliedBy(1 + number(period, at)));
    }

    private Map<Key, Sum> countAll(Duration period) {
        Map<Key, Sum> counted = new HashMap<>();
        spends.forEach(spend -> count(counted, periodKey(period, spend), spend));
        return counted;
    }

    private Key periodKey(Duration period, Spend spend) {
        return new Key(index(period, spend.at()), spend.budget());
    }

    private String index(Duration period, Instant at) {
        return Long.toString(number(period, at));
    }

    private long number(Duration period, Instant at) {
        return Math.floorDiv(Duration.between(anchor, at).toSeconds(), period.toSeconds());
    }

    private static void count(Map<Key, Sum> into, Key key, Spend spend) {
        into.merge(key, Sum.ZERO.plus(spend), (sum, ignored) -> sum.plus(spend));
    }
}
