package org.farthing.server.token;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PublishedKey;
import org.jspecify.annotations.Nullable;

/** What a directory means at one moment: the values whose keys can be spent. Good until the next key begins or ends. */
final class Ladder {

    /** As many as a request can list. */
    private static final int MOST_VALUES = 32;

    private final IssuerDirectory directory;
    private final Instant from;
    private final Instant until;
    private final Map<CurrencyId, Denominations> values = new HashMap<>();

    private Ladder(IssuerDirectory directory, Instant now) {
        this.directory = directory;
        this.from = now;
        this.until = directory.keys().stream()
                .flatMap(key -> Stream.of(key.notBefore(), key.spendUntil().plusSeconds(1)))
                .filter(time -> time.isAfter(now))
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
        Map<CurrencyId, TreeSet<Long>> sorted = new HashMap<>();
        for (PublishedKey key : directory.keys()) {
            if (key.spendableAt(now)) {
                sorted.computeIfAbsent(key.currency(), currency -> new TreeSet<>())
                        .add(key.value().baseUnits());
            }
        }
        sorted.forEach((currency, some) -> values.put(currency, ladder(some)));
    }

    /** Values of two epochs may not go together; then the small ones that do count. */
    private static Denominations ladder(SortedSet<Long> sorted) {
        List<Long> rungs = new ArrayList<>();
        for (long value : sorted) {
            boolean fits = rungs.isEmpty() || value % rungs.get(rungs.size() - 1) == 0;
            if (fits && rungs.size() < MOST_VALUES) {
                rungs.add(value);
            }
        }
        return new Denominations(rungs);
    }

    /** The one that is known already if it still holds, or a new one. */
    static Ladder at(Instant now, IssuerDirectory directory, @Nullable Ladder known) {
        if (known != null
                && known.directory.equals(directory)
                && !now.isBefore(known.from)
                && now.isBefore(known.until)) {
            return known;
        }
        return new Ladder(directory, now);
    }

    IssuerDirectory directory() {
        return directory;
    }

    Optional<Denominations> values(CurrencyId currency) {
        return Optional.ofNullable(values.get(currency));
    }

    /** The prices on the grid next to one that is not, the lower one first; none lies between. */
    List<Amount> near(Amount price, CurrencyId currency, int maxTokens) {
        Denominations of = values.get(currency);
        if (of == null) {
            return List.of();
        }
        List<Amount> found = new ArrayList<>();
        long below = below(of.values(), price.baseUnits(), maxTokens);
        if (below > 0) {
            found.add(Amount.of(below));
        }
        above(of, price.baseUnits(), maxTokens).ifPresent(found::add);
        return found;
    }

    /** The most that so many tokens make of a sum: the largest that fit, as long as there are tokens. */
    private static long below(List<Long> rising, long units, int maxTokens) {
        long rest = units;
        int left = maxTokens;
        for (int i = rising.size() - 1; i >= 0 && left > 0; i--) {
            long value = rising.get(i);
            int taken = (int) Math.min(rest / value, left);
            rest -= taken * value;
            left -= taken;
        }
        return units - rest;
    }

    /** The next sum above is one rounded up to a multiple of a value, of the smallest for which tokens suffice. */
    private static Optional<Amount> above(Denominations of, long units, int maxTokens) {
        for (long value : of.values()) {
            long rounded = (units / value + 1) * value;
            if (rounded <= Amount.MAX.baseUnits() && of.fits(Amount.of(rounded), maxTokens)) {
                return Optional.of(Amount.of(rounded));
            }
        }
        return Optional.empty();
    }
}
