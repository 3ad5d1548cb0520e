package org.farthing.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What a directory means at one moment, and which prices a server proposes instead of one that tokens do not make. */
class LadderTest {

    private static final long[] VALUES = {500, 1000, 2000, 4000};

    private final TestClock clock = new TestClock();
    private final TestIssuer issuer = TestIssuer.shared(clock);
    private final CurrencyId currency = new CurrencyId("usd.e6");

    private Ladder ladder(long... values) {
        List<PublishedKey> keys = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            keys.add(TestIssuer.published(i, values[i], issuer.start()));
        }
        issuer.publish(keys);
        return Ladder.at(clock.instant(), issuer.directory().orElseThrow(), null);
    }

    /** Compared with a search in both directions. */
    @Test
    @Requirement("F-TK-53")
    void near_ofAnyPriceOffTheGrid_isTheNextOnEitherSide() {
        Ladder ladder = ladder(VALUES);
        Denominations values = ladder.values(currency).orElseThrow();
        int compared = 0;
        for (int maxTokens = 1; maxTokens <= 4; maxTokens++) {
            for (long price = 250; price < 20_000; price += 250) {
                if (!values.fits(Amount.of(price), maxTokens)) {
                    assertThat(ladder.near(Amount.of(price), currency, maxTokens))
                            .as("%d with %d tokens", price, maxTokens)
                            .isEqualTo(searched(values, price, maxTokens));
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    private static List<Amount> searched(Denominations values, long price, int maxTokens) {
        List<Amount> found = new ArrayList<>();
        long units = price;
        while (units > 0 && !values.fits(Amount.of(units), maxTokens)) {
            units -= 250;
        }
        if (units > 0) {
            found.add(Amount.of(units));
        }
        for (units = price; units < 40_000; units += 250) {
            if (values.fits(Amount.of(units), maxTokens)) {
                found.add(Amount.of(units));
                break;
            }
        }
        return found;
    }

    /** However far away: who prices a book at a thousand hears what tokens do make. */
    @Test
    @Requirement("F-TK-53")
    void near_priceFarAboveTheGrid_isTheMostThatTokensMake() {
        Ladder ladder = ladder(VALUES);

        assertThat(ladder.near(Amount.of(1_000_000_000), currency, 4)).containsExactly(Amount.of(16_000));
        assertThat(ladder.near(Amount.MAX, currency, 1)).containsExactly(Amount.of(4000));
        assertThat(ladder.near(Amount.of(1), currency, 1)).containsExactly(Amount.of(500));
        assertThat(ladder.near(Amount.of(1), new CurrencyId("eur"), 1)).isEmpty();
    }

    /** F-TK-50: what does not go with the smaller values is not announced, and is taken all the same. */
    @Test
    @Requirement("F-TK-50")
    void values_thatMakeNoLadder_areTakenFromTheSmallestUp() {
        Ladder ladder = ladder(500, 2500, 1000, 3000);

        assertThat(ladder.values(currency).orElseThrow().text()).isEqualTo("500 1000 3000");
        assertThat(ladder.directory().keyOfValue(2500, clock.instant())).isPresent();
    }

    @Test
    @Requirement("F-TK-20")
    void at_withinTheSameTime_isTheSameLadder() {
        Ladder ladder = ladder(VALUES);
        clock.advance(Duration.ofDays(60).plusMillis(999));
        assertThat(Ladder.at(clock.instant(), ladder.directory(), ladder)).isSameAs(ladder);
        clock.advance(Duration.ofMillis(1));
        assertThat(Ladder.at(clock.instant(), ladder.directory(), ladder).values(currency))
                .isEmpty();
    }
}
