package org.farthing.client.token;

import java.time.Duration;
import java.time.Instant;
import org.farthing.protocol.Amount;

/**
 * When tokens are bought by themselves: when less than a mark is left, some random time later, always the same round sum, so
 * that a purchase says nothing about the payment before it (F-TK-134, T59).
 *
 * @param scope what is bought, for whom
 * @param lowWater what must at least be there, in the issuer's base units
 * @param bundle the bundle that is bought, by its amount
 * @param shortest the shortest time between running low and buying
 * @param longest the longest
 * @param buysFirst whether it also buys where the purse never had such tokens; otherwise the first purchase is the owner's
 */
public record TopUpRule(
        TokenScope scope, Amount lowWater, Amount bundle, Duration shortest, Duration longest, boolean buysFirst) {

    /** When nothing else is said, a purchase comes up to half an hour later. */
    private static final Duration USUAL = Duration.ofMinutes(30);

    /**
     * Checks the times.
     *
     * @param scope as described at the record
     * @param lowWater as described at the record
     * @param bundle as described at the record
     * @param shortest as described at the record
     * @param longest as described at the record
     * @param buysFirst as described at the record
     * @throws IllegalArgumentException if the longest time is not longer than the shortest
     */
    public TopUpRule {
        if (shortest.isNegative() || longest.compareTo(shortest) <= 0) {
            throw new IllegalArgumentException("a random time lies between a shorter and a longer one");
        }
    }

    /** Whether less than the mark is left, and no purchase that would change that is open. */
    boolean isDue(TokenState purse, Instant now) {
        return isLow(purse, now)
                && purse.open().stream()
                        .noneMatch(operation -> operation.kind() == Operation.Kind.PURCHASE
                                && operation.scope().equals(scope));
    }

    /** Whether less than the mark is left of what can still be spent. A purchase that is open was the owner's, or a rule's. */
    boolean isLow(TokenState purse, Instant now) {
        long left = 0;
        boolean had =
                purse.open().stream().anyMatch(operation -> operation.scope().equals(scope));
        for (Coin coin : purse.coins()) {
            if (coin.scope().equals(scope)) {
                had = true;
                left = Choice.isSpendable(coin, now) ? Math.addExact(left, coin.value()) : left;
            }
        }
        return (buysFirst || had) && left < lowWater.baseUnits();
    }

    /**
     * A rule with the usual delay of up to half an hour, whose first purchase is the owner's.
     *
     * @param scope as described at the record
     * @param lowWater as described at the record
     * @param bundle as described at the record
     */
    public TopUpRule(TokenScope scope, Amount lowWater, Amount bundle) {
        this(scope, lowWater, bundle, Duration.ZERO, USUAL, false);
    }
}
