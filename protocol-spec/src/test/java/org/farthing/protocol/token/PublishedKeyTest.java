package org.farthing.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;

/** What may be done with a key's tokens until when. */
@Requirement({"F-TK-19", "F-TK-20"})
class PublishedKeyTest {

    private static final Instant T0 = Instant.ofEpochSecond(1_795_305_600L);
    private static final List<Instant> TIMES =
            List.of(T0, T0.plusSeconds(10), T0.plusSeconds(20), T0.plusSeconds(30), T0.plusSeconds(40));

    static PublishedKey key(int index, long value, Instant from) {
        return new PublishedKey(
                TestTokenKeys.publicKey(index),
                Amount.of(value),
                new CurrencyId("usd.e4"),
                from,
                from.plusSeconds(10),
                from.plusSeconds(20),
                from.plusSeconds(30),
                from.plusSeconds(40));
    }

    private static PublishedKey of(List<Instant> times) {
        return new PublishedKey(
                TestTokenKeys.publicKey(0),
                Amount.of(1),
                new CurrencyId("usd.e4"),
                times.get(0),
                times.get(1),
                times.get(2),
                times.get(3),
                times.get(4));
    }

    @Test
    @Requirement("T69")
    void key_anyTwoDeadlinesSwappedOrEqual_isRefused() {
        for (int i = 0; i < TIMES.size(); i++) {
            for (int j = i + 1; j < TIMES.size(); j++) {
                List<Instant> swapped = new ArrayList<>(TIMES);
                Collections.swap(swapped, i, j);
                assertThatThrownBy(() -> of(swapped)).isInstanceOf(IllegalArgumentException.class);
                List<Instant> equal = new ArrayList<>(TIMES);
                equal.set(i, TIMES.get(j));
                assertThatThrownBy(() -> of(equal)).isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThat(of(TIMES).swapUntil()).isEqualTo(TIMES.get(4));
    }

    @Test
    void key_timesOrValueOutOfRange_isRefused() {
        for (Instant bad : List.of(T0.plusMillis(1), Instant.ofEpochSecond(-1))) {
            List<Instant> times = new ArrayList<>(TIMES);
            times.set(0, bad);
            assertThatThrownBy(() -> of(times)).isInstanceOf(IllegalArgumentException.class);
        }
        List<Instant> late = new ArrayList<>(TIMES);
        late.set(4, Instant.ofEpochSecond(253_402_300_800L));
        assertThatThrownBy(() -> of(late)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> key(0, 0, T0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Around every deadline: all of its second still counts, as in the ledger, and the next one does not. */
    @Test
    @Requirement("T69")
    void deadlines_aroundEach_allowWhatTheySay() {
        PublishedKey key = of(TIMES);
        String[] allowed = {"", "sell spend redeem swap", "spend redeem swap", "redeem swap", "swap alone", ""};
        assertThat(allowed(key, T0.minusNanos(1))).isEqualTo(allowed[0]);
        assertThat(allowed(key, T0)).isEqualTo(allowed[1]);
        for (int i = 1; i < TIMES.size(); i++) {
            assertThat(allowed(key, TIMES.get(i))).isEqualTo(allowed[i]);
            assertThat(allowed(key, TIMES.get(i).plusMillis(999))).isEqualTo(allowed[i]);
            assertThat(allowed(key, TIMES.get(i).plusSeconds(1))).isEqualTo(allowed[i + 1]);
        }
    }

    private static String allowed(PublishedKey key, Instant now) {
        List<String> allowed = new ArrayList<>();
        if (key.sellableAt(now)) {
            allowed.add("sell");
        }
        if (key.spendableAt(now)) {
            allowed.add("spend");
        }
        if (key.redeemableAt(now)) {
            allowed.add("redeem");
        }
        if (key.swappableAt(now)) {
            allowed.add("swap");
        }
        if (key.issuerAloneAt(now)) {
            allowed.add("alone");
        }
        return String.join(" ", allowed);
    }
}
