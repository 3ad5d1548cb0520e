package org.farthing.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** The ladder of values and the grid of prices on it. */
@Requirement("F-TK-16")
class DenominationsTest {

    private static final Denominations BINARY = new Denominations(List.of(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L));

    @Test
    void parse_ofText_readsBack() throws Exception {
        assertThat(Denominations.parse("1 2 4 8 16 32 64 128 256")).isEqualTo(BINARY);
        assertThat(BINARY.text()).isEqualTo("1 2 4 8 16 32 64 128 256");
        assertThat(Denominations.parse("5 10 50").values()).containsExactly(5L, 10L, 50L);
    }

    @Test
    void parse_noLadder_malformed() {
        for (String text : new String[] {
            "",
            " ",
            "0",
            "0 1",
            "1 1",
            "2 1",
            "2 3",
            "1 2 4 ",
            " 1",
            "1  2",
            "1,2",
            "-1",
            "01",
            "1 x",
            "1\t2",
            "9999999999999999999",
            "1 2 4 8 16 32 64 128 256 512 1024 2048 4096 8192 16384 32768 65536 131072 262144 "
                    + "524288 1048576 2097152 4194304 8388608 16777216 33554432 67108864 134217728 268435456 536870912 "
                    + "1073741824 2147483648 4294967296"
        }) {
            assertFault(Fault.VALUE, "denominations", () -> Denominations.parse(text));
        }
        assertThatThrownBy(() -> new Denominations(List.of(4L, 2L))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fewest_ofSomePrices_areTheirBits() {
        assertThat(BINARY.fewest(Amount.of(100))).contains(Map.of(64L, 1, 32L, 1, 4L, 1));
        assertThat(BINARY.fewest(Amount.of(768))).contains(Map.of(256L, 3));
        assertThat(BINARY.fewest(Amount.ZERO)).contains(Map.of());
        assertThat(new Denominations(List.of(5L, 10L)).fewest(Amount.of(12))).isEmpty();
    }

    @Test
    @Requirement("T29")
    void fewest_ofTheLargestAmounts_isNoneAndNotWrapped() {
        assertThat(BINARY.fewest(Amount.MAX)).isEmpty();
        assertThat(BINARY.fewest(Amount.of(256L * 256))).contains(Map.of(256L, 256));
        assertThat(BINARY.fewest(Amount.of(256L * 256 + 1))).isEmpty();
        assertThat(BINARY.fits(Amount.of(1L << 40), 16)).isFalse();
    }

    @Test
    void fits_grid_isWhatFewTokensPay() {
        for (long price : new long[] {1, 2, 3, 5, 10, 16, 100}) {
            assertThat(BINARY.fits(Amount.of(price), 3)).as("%d", price).isTrue();
        }
        assertThat(BINARY.fits(Amount.of(7), 2)).isFalse();
        assertThat(BINARY.fits(Amount.of(255), 7)).isFalse();
        assertThat(BINARY.fits(Amount.ZERO, 16)).isFalse();
    }

    /** No other choice of tokens is smaller: compared with a search over all of them. */
    @Property(tries = 60)
    void fewest_ofAnyAmount_isTheSmallestChoice(@ForAll @IntRange(min = 1, max = 200) int amount) {
        for (List<Long> ladder : List.of(List.of(1L, 2L, 4L, 8L), List.of(1L, 5L, 10L, 50L), List.of(3L, 6L, 60L))) {
            int[] best = new int[amount + 1];
            for (int a = 1; a <= amount; a++) {
                best[a] = Integer.MAX_VALUE;
                for (long value : ladder) {
                    if (value <= a && best[a - (int) value] != Integer.MAX_VALUE) {
                        best[a] = Math.min(best[a], best[a - (int) value] + 1);
                    }
                }
            }
            int found = new Denominations(ladder)
                    .fewest(Amount.of(amount))
                    .map(tokens ->
                            tokens.values().stream().mapToInt(Integer::intValue).sum())
                    .orElse(Integer.MAX_VALUE);
            assertThat(found).isEqualTo(best[amount]);
        }
    }
}
