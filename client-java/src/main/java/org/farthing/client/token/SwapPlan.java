package org.farthing.client.token;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PublishedKey;

/** Which tokens are given for which in a swap. It decides and asks nobody. */
final class SwapPlan {

    /** Inputs of one swap, so that what they are changed into fits into one as well. */
    static final int MOST_INPUTS = 64;

    private static final int MOST_OUTPUTS = 256;

    private final TokenPurse purse;
    private final InstantSource clock;

    SwapPlan(TokenPurse purse, InstantSource clock) {
        this.purse = purse;
        this.clock = clock;
    }

    /**
     * What others have seen, and what payees will stop taking before {@code soon}, in swaps that one party can do: who has
     * authority over a token changes at its key's {@code redeem-until}, and tokens of two currencies have no sum. A key that the
     * issuer does not list any more is left out, because the issuer would refuse everything that comes with it.
     */
    List<List<Coin>> due(TokenScope scope, IssuerDirectory directory, Instant soon) throws IOException {
        Instant now = clock.instant();
        Map<String, List<Coin>> groups = new LinkedHashMap<>();
        for (Coin coin : purse.coins(coin -> coin.scope().equals(scope)
                && coin.key().swappableAt(now)
                && directory.key(coin.key().key().keyId()).isPresent()
                && isDue(coin, now, soon))) {
            String group =
                    coin.key().issuerAloneAt(now) + " " + coin.key().currency().text();
            groups.computeIfAbsent(group, any -> new ArrayList<>()).add(coin);
        }
        return parts(groups);
    }

    /** What is of keys that the issuer does not list any more although their time is not over: closed ones, as a rule. */
    List<List<Coin>> unlisted(TokenScope scope, IssuerDirectory directory) throws IOException {
        Instant now = clock.instant();
        Map<String, List<Coin>> groups = new LinkedHashMap<>();
        for (Coin coin : purse.coins(coin -> coin.scope().equals(scope)
                && coin.key().swappableAt(now)
                && directory.key(coin.key().key().keyId()).isEmpty()
                && (coin.state() == HeldToken.State.READY || coin.state() == HeldToken.State.EXPOSED))) {
            // By key: a body names at most 32.
            groups.computeIfAbsent(coin.key().key().keyId(), any -> new ArrayList<>())
                    .add(coin);
        }
        return parts(groups);
    }

    private static List<List<Coin>> parts(Map<String, List<Coin>> groups) {
        List<List<Coin>> swaps = new ArrayList<>();
        for (List<Coin> group : groups.values()) {
            for (int from = 0; from < group.size(); from += MOST_INPUTS) {
                swaps.add(List.copyOf(group.subList(from, Math.min(group.size(), from + MOST_INPUTS))));
            }
        }
        return swaps;
    }

    private static boolean isDue(Coin coin, Instant now, Instant soon) {
        return switch (coin.state()) {
            case EXPOSED -> !now.isBefore(coin.from());
            case READY -> !soon.isBefore(coin.key().spendUntil());
            default -> false;
        };
    }

    /**
     * The tokens to change so that a price can be paid from what is there then; empty where there is too little.
     *
     * @param free which tokens may be chosen
     */
    Optional<List<Coin>> forChange(Asked asked, IssuerDirectory directory, Predicate<Coin> free) throws IOException {
        Instant now = clock.instant();
        List<Coin> falling = purse
                .coins(coin -> Choice.isSpendable(coin, now) && asked.takes(coin, directory) && free.test(coin))
                .stream()
                .sorted(Comparator.comparingLong(Coin::value).reversed())
                .toList();
        // The smallest token that is worth more than the price, or else as many of the largest as it takes.
        List<List<Coin>> candidates = new ArrayList<>();
        for (int i = falling.size() - 1; i >= 0; i--) {
            if (falling.get(i).value() > asked.amount().baseUnits()) {
                candidates.add(List.of(falling.get(i)));
                break;
            }
        }
        for (int count = 1; count <= Math.min(falling.size(), MOST_INPUTS); count++) {
            candidates.add(falling.subList(0, count));
        }
        return candidates.stream()
                .filter(inputs -> paysAfter(asked, directory, falling, inputs))
                .findFirst();
    }

    private boolean paysAfter(Asked asked, IssuerDirectory directory, List<Coin> usable, List<Coin> inputs) {
        Map<Long, Integer> there = new TreeMap<>();
        usable.stream()
                .filter(coin -> !inputs.contains(coin))
                .forEach(coin -> there.merge(coin.value(), 1, Integer::sum));
        outputs(directory, inputs)
                .forEach((key, count) -> there.merge(key.value().baseUnits(), count, Integer::sum));
        return Choice.counts(there, asked.amount().baseUnits(), asked.offer().maxTokens())
                .isPresent();
    }

    /** The newest key of each value that is sold now; empty where nothing makes up the value of the inputs. */
    Map<PublishedKey, Integer> outputs(IssuerDirectory directory, Collection<Coin> inputs) {
        Map<Long, PublishedKey> sold =
                SoldKeys.of(directory, inputs.iterator().next().key().currency(), clock.instant());
        long sum = inputs.stream().mapToLong(Coin::value).reduce(0, Math::addExact);
        Map<Long, Integer> spread = Spread.of(List.copyOf(sold.keySet()), sum);
        return Spread.count(spread) > MOST_OUTPUTS ? Map.of() : SoldKeys.wanted(sold, spread);
    }
}
