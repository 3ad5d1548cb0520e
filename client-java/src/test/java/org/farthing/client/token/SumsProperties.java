package org.farthing.client.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.farthing.testing.Requirement;

/** Sums of tokens: exact, the fewest, and found if there are any. */
class SumsProperties {

    @Provide
    Arbitrary<List<Long>> ladders() {
        return Arbitraries.integers()
                .between(1, 5)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(factors -> {
                    List<Long> values = new ArrayList<>();
                    long value = 1;
                    for (int factor : factors) {
                        value *= factor;
                        if (values.isEmpty() || value > values.get(values.size() - 1)) {
                            values.add(value);
                        }
                    }
                    return values;
                });
    }

    @Property(tries = 300)
    @Requirement({"F-TK-126", "F-TK-133"})
    void counts_ofAnyPurse_areTheFewestOfTheExactSum(
            @ForAll("ladders") List<Long> ladder,
            @ForAll @IntRange(min = 0, max = 3) int each,
            @ForAll @IntRange(min = 1, max = 60) int price,
            @ForAll @IntRange(min = 1, max = 6) int most) {
        Map<Long, Integer> there = new TreeMap<>();
        for (int i = 0; i < ladder.size(); i++) {
            there.put(ladder.get(i), (each + i) % 4);
        }
        Optional<Map<Long, Integer>> found = Choice.counts(there, price, most);
        int fewest = fewest(ladder, there, price, 0);
        assertThat(found.isPresent()).isEqualTo(fewest <= most);
        found.ifPresent(counts -> {
            assertThat(counts.entrySet().stream()
                            .mapToLong(count -> count.getKey() * count.getValue())
                            .sum())
                    .isEqualTo(price);
            assertThat(Spread.count(counts)).isEqualTo(fewest);
            counts.forEach((value, count) -> assertThat(count).isLessThanOrEqualTo(there.get(value)));
        });
    }

    /** By trying everything; far more than any limit where there is none. */
    private static int fewest(List<Long> ladder, Map<Long, Integer> there, long rest, int at) {
        if (rest == 0) {
            return 0;
        }
        if (rest < 0 || at == ladder.size()) {
            return 1_000;
        }
        int best = 1_000;
        for (int count = 0; count <= there.getOrDefault(ladder.get(at), 0); count++) {
            best = Math.min(best, count + fewest(ladder, there, rest - count * ladder.get(at), at + 1));
        }
        return best;
    }

    @Property(tries = 300)
    @Requirement({"F-TK-128"})
    void spread_ofAnyAmount_isWorthItAndPaysEverySmallerPrice(
            @ForAll @IntRange(min = 1, max = 600) int amount, @ForAll @IntRange(min = 1, max = 600) int price) {
        List<Long> ladder = List.of(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L);
        Map<Long, Integer> spread = Spread.of(ladder, amount);
        assertThat(spread.entrySet().stream()
                        .mapToLong(count -> count.getKey() * count.getValue())
                        .sum())
                .isEqualTo(amount);
        assertThat(Choice.counts(spread, price, 1_000).isPresent()).isEqualTo(price <= amount);
    }
}
