package org.farthing.client.budget;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.client.budget.Refusal.Rule;
import org.jspecify.annotations.Nullable;

/** The amounts of a policy, by currency code, and the windows of money that one payment must fit through. */
final class SpendingLimits {

    final Map<String, BigDecimal> perRequest = new LinkedHashMap<>();
    final Map<String, BigDecimal> total = new LinkedHashMap<>();
    final Map<String, BigDecimal> approveAbove = new LinkedHashMap<>();
    final Map<String, Map<Duration, BigDecimal>> perPeriod = new LinkedHashMap<>();
    final Map<String, BigDecimal> anyOrigin = new LinkedHashMap<>();
    final Map<String, BigDecimal> anyRecipient = new LinkedHashMap<>();
    final Map<String, Map<String, BigDecimal>> perOrigin = new LinkedHashMap<>();
    final Map<String, Map<String, BigDecimal>> perRecipient = new LinkedHashMap<>();

    /**
     * One limit and what counts against it now.
     *
     * @param words completes "… left"
     */
    record Window(Rule rule, BigDecimal most, SpendBook.Sum sum, String words) {}

    /** Every limit on sums that applies to a payment, the narrowest kind first. */
    List<Window> windows(Proposal proposal, SpendBook book, Instant at) {
        String code = proposal.money().code();
        String budget = proposal.budget();
        String origin = proposal.origin().text();
        List<Window> windows = new ArrayList<>();
        BigDecimal most = named(perOrigin, origin, anyOrigin, code);
        if (most != null) {
            windows.add(new Window(Rule.PER_ORIGIN, most, book.ofOrigin(origin, budget), "for " + origin));
        }
        most = named(perRecipient, proposal.recipient(), anyRecipient, code);
        if (most != null) {
            SpendBook.Sum sum = book.ofRecipient(proposal.recipient(), budget);
            windows.add(new Window(Rule.PER_RECIPIENT, most, sum, "for this recipient"));
        }
        perPeriod.getOrDefault(code, Map.of()).forEach((period, limit) -> {
            SpendBook.Sum sum = book.ofPeriod(period, at, budget);
            windows.add(new Window(Rule.PER_PERIOD, limit, sum, "until " + book.endOfPeriod(period, at)));
        });
        most = total.get(code);
        if (most != null) {
            windows.add(new Window(Rule.TOTAL, most, book.total(budget), "in all"));
        }
        return windows;
    }

    SpendingLimits copy() {
        SpendingLimits copy = new SpendingLimits();
        copy.perRequest.putAll(perRequest);
        copy.total.putAll(total);
        copy.approveAbove.putAll(approveAbove);
        perPeriod.forEach((code, periods) -> copy.perPeriod.put(code, Map.copyOf(periods)));
        copy.anyOrigin.putAll(anyOrigin);
        copy.anyRecipient.putAll(anyRecipient);
        perOrigin.forEach((origin, sums) -> copy.perOrigin.put(origin, Map.copyOf(sums)));
        perRecipient.forEach((recipient, sums) -> copy.perRecipient.put(recipient, Map.copyOf(sums)));
        return copy;
    }

    private static @Nullable BigDecimal named(
            Map<String, Map<String, BigDecimal>> named, String name, Map<String, BigDecimal> any, String code) {
        BigDecimal own = named.getOrDefault(name, Map.of()).get(code);
        return own != null ? own : any.get(code);
    }
}
