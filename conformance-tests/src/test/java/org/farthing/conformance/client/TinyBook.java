package org.farthing.conformance.client;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.farthing.protocol.Money;

/** What a payer spent, and what is left. */
final class TinyBook {

    private final Set<Flaw> flaws;
    private final Money budget;
    private final Map<String, BigDecimal> spent = new HashMap<>();

    TinyBook(Set<Flaw> flaws, Money budget) {
        this.flaws = flaws;
        this.budget = budget;
    }

    private String key(TinyChecks.Price price) {
        return flaws.contains(Flaw.BUDGET_PER_SPELLING) ? price.currency() : price.code();
    }

    /** Counts a price before it is signed; false where it does not fit any more. */
    boolean count(TinyChecks.Price price) {
        BigDecimal sum = spent.getOrDefault(key(price), BigDecimal.ZERO).add(price.value());
        boolean fits = sum.compareTo(budget.value()) <= 0 || flaws.contains(Flaw.NO_LIMIT);
        if (fits) {
            spent.put(key(price), sum);
        }
        return fits;
    }

    /** Somebody says that it was not charged. */
    void released(TinyChecks.Price price) {
        if (flaws.contains(Flaw.BELIEVES_RELEASED)) {
            spent.merge(key(price), price.value().negate(), BigDecimal::add);
        }
    }
}
