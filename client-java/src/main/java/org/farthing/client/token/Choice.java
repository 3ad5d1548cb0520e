package org.farthing.client.token;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which tokens pay a price: the exact sum with as few tokens as can be, of each value those whose time ends first, and among
 * equals a random one, so that the order in which they were bought does not show (F-TK-126).
 *
 * <p>Each value divides the next (F-TK-16), so taking the largest that fit finds the fewest, and finds a sum if there is one.
 */
final class Choice {

    private final SecureRandom random;

    Choice(SecureRandom random) {
        this.random = random;
    }

    /** Whether these tokens may be shown at all now. */
    static boolean isSpendable(Coin coin, Instant now) {
        return coin.state() == HeldToken.State.READY && coin.key().spendableAt(now);
    }

    /** The tokens; empty if no sum of so many of them is the price exactly. */
    Optional<List<Coin>> exact(Collection<Coin> ready, long price, int mostTokens) {
        Map<Long, List<Coin>> byValue = new TreeMap<>(Comparator.reverseOrder());
        ready.forEach(coin -> byValue.computeIfAbsent(coin.value(), value -> new ArrayList<>())
                .add(coin));
        Map<Long, Integer> available = new TreeMap<>();
        byValue.forEach((value, coins) -> available.put(value, coins.size()));
        return counts(available, price, mostTokens).map(counts -> {
            List<Coin> picked = new ArrayList<>();
            counts.forEach((value, count) -> {
                List<Coin> coins = new ArrayList<>(byValue.getOrDefault(value, List.of()));
                Collections.shuffle(coins, random);
                coins.sort(Comparator.comparing((Coin coin) -> coin.key().spendUntil()));
                picked.addAll(coins.subList(0, count));
            });
            return picked;
        });
    }

    /** How many of each value, where so many of each are there. */
    static Optional<Map<Long, Integer>> counts(Map<Long, Integer> available, long price, int mostTokens) {
        Map<Long, Integer> counts = new TreeMap<>(Comparator.reverseOrder());
        Map<Long, Integer> falling = new TreeMap<>(Comparator.reverseOrder());
        falling.putAll(available);
        long rest = price;
        int left = mostTokens;
        for (Map.Entry<Long, Integer> there : falling.entrySet()) {
            int take = (int) Math.min(there.getValue(), rest / there.getKey());
            if (take > left) {
                return Optional.empty();
            }
            if (take > 0) {
                counts.put(there.getKey(), take);
            }
            rest -= take * there.getKey();
            left -= take;
        }
        return rest == 0 ? Optional.of(counts) : Optional.empty();
    }
}
