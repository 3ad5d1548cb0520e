package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.math.BigDecimal;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-MO-20", "F-MO-21", "F-MO-22", "F-MO-23", "T78"})
class MoneyTest {

    @ParameterizedTest
    @CsvSource({
        "0.02usd, 0.02 USD",
        "0.02 USD, 0.02 USD",
        "0.02Usd, 0.02 USD",
        "2usd, 2.00 USD",
        "2.5 eur, 2.50 EUR",
        "0usd, 0.00 USD",
        "0.0025usd, 0.0025 USD",
        "0.002500usd, 0.0025 USD",
        "100jpy, 100 JPY",
        "0.5 jpy, 0.5 JPY",
        "1kwd, 1.000 KWD",
        "007usd, 7.00 USD",
        "5 unit:pages, 5 unit:pages",
        "5unit:pages, 5 unit:pages",
        "1000000usd, 1000000.00 USD",
        "0.000000000001usd, 0.000000000001 USD",
        "999999999999999999usd, 999999999999999999.00 USD"
    })
    void parse_whatPeopleWrite_formatted(String text, String formatted) throws MalformedException {
        assertThat(Money.parse(text).format()).isEqualTo(formatted);
        assertThat(Money.parse(text)).hasToString(formatted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "usd",
                "0.02",
                "$0.02",
                "usd 0.02",
                "usd0.02",
                "-1usd",
                "+1usd",
                "1e2usd",
                ".5usd",
                "5.usd",
                "1,50usd",
                "1 000usd",
                "1_000usd",
                "0.02  usd",
                "0.02\tusd",
                " 0.02usd",
                "0.02usd ",
                "1.2.3usd",
                "0.02usd.e6",
                "0.02xyz",
                "0.02xau",
                "٥usd",
                "0.5 unit:pages",
                "5.0 unit:pages",
                "5 pages",
                "5 UNIT:pages",
                "5 unit:Pages",
                "1000000000000000000usd",
                "0.0000000000001usd",
                "0x1usd",
                "NaN usd"
            })
    void parse_anythingElse_valueFault(String text) {
        assertFault(Fault.VALUE, "money", () -> Money.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "2500, usd.e6, 0.0025 USD",
        "25, usd, 0.25 USD",
        "25, usd.e0, 25.00 USD",
        "25, jpy, 25 JPY",
        "25, jpy.e2, 0.25 JPY",
        "25, kwd, 0.025 KWD",
        "25, unit:pages, 25 unit:pages",
        "0, usd.e12, 0.00 USD",
        "1000000, usd.e6, 1.00 USD",
        "999999999999999999, usd.e12, 999999.999999999999 USD",
        "25, clf, 0.0025 CLF"
    })
    void of_amount_exactMoney(long baseUnits, String currency, String formatted) {
        Money money = Money.of(Amount.of(baseUnits), new CurrencyId(currency));

        assertThat(money.format()).isEqualTo(formatted);
        assertThat(money.toAmount(new CurrencyId(currency))).isEqualTo(Amount.of(baseUnits));
    }

    /** One budget per currency, whatever the spelling of its ids. */
    @Test
    @Requirement("T78")
    void of_sameWorthUnderSeveralIds_equalMoney() {
        Money cents = Money.of(Amount.of(2), new CurrencyId("usd"));

        assertThat(Money.of(Amount.of(200), new CurrencyId("usd.e4")))
                .isEqualTo(cents)
                .hasSameHashCodeAs(cents);
        assertThat(Money.of(Amount.of(20_000), new CurrencyId("usd.e6"))).isEqualTo(cents);
        assertThat(Money.of(Amount.of(2), new CurrencyId("usd.e2"))).isEqualTo(cents);
        assertThat(Money.of(Amount.of(2), new CurrencyId("eur"))).isNotEqualTo(cents);
    }

    @Test
    void toAmount_notExactOrTooLarge_refused() throws MalformedException {
        Money fraction = Money.parse("0.0025usd");
        Money huge = Money.parse("999999999999999999usd");

        assertThatThrownBy(() -> fraction.toAmount(new CurrencyId("usd"))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> huge.toAmount(new CurrencyId("usd"))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> huge.toAmount(new CurrencyId("usd.e12"))).isInstanceOf(ArithmeticException.class);
        Money nineteenDigits = Money.parse("50000000000000000usd");
        assertThatThrownBy(() -> nineteenDigits.toAmount(new CurrencyId("usd")))
                .isInstanceOf(ArithmeticException.class);
        assertThat(huge.toAmount(new CurrencyId("usd.e0"))).isEqualTo(Amount.MAX);
        assertThatThrownBy(() -> fraction.toAmount(new CurrencyId("eur.e6")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void arithmetic_oneCurrency_exact() throws MalformedException {
        Money three = Money.parse("0.3usd");
        Money one = Money.parse("0.1usd");

        assertThat(three.minus(one).minus(one).minus(one)).isEqualTo(Money.zero("usd"));
        assertThat(one.plus(one)).isEqualTo(Money.parse("0.20usd"));
        assertThat(one).isLessThan(three);
        assertThat(one.compareTo(Money.parse("0.10usd"))).isZero();
        assertThatThrownBy(() -> one.minus(three)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void arithmetic_twoCurrencies_refused() {
        Money dollar = Money.zero("usd");
        Money euro = Money.zero("eur");

        assertThatThrownBy(() -> dollar.plus(euro)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dollar.minus(euro)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dollar.compareTo(euro)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void constructor_noMoney_refused() {
        assertThatThrownBy(() -> new Money(new BigDecimal("-1"), "usd")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Money(BigDecimal.ONE, "usd.e6")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Money(BigDecimal.ONE, "USD")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Money(new BigDecimal("0.5"), "unit:pages"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Money(new BigDecimal("1E+3"), "usd").format()).isEqualTo("1000.00 USD");
    }

    @Property
    void toAmount_ofAnyAmount_sameAmount(
            @ForAll @LongRange(max = 999_999_999_999_999_999L) long baseUnits,
            @ForAll @IntRange(max = 12) int exponent) {
        CurrencyId currency = new CurrencyId("usd.e" + exponent);

        assertThat(Money.of(Amount.of(baseUnits), currency).toAmount(currency)).isEqualTo(Amount.of(baseUnits));
    }

    @Property
    void parse_formatted_sameMoney(
            @ForAll @LongRange(max = 999_999_999_999_999_999L) long baseUnits, @ForAll @IntRange(max = 12) int exponent)
            throws MalformedException {
        Money money = Money.of(Amount.of(baseUnits), new CurrencyId("usd.e" + exponent));

        assertThat(Money.parse(money.format())).isEqualTo(money);
    }

    @Property(tries = 3000)
    void parse_anything_moneyOrMalformed(@ForAll("texts") String text) {
        Mutations.assertOnlyMalformed(t -> Money.parse(t).format(), text);
    }

    @Provide
    Arbitrary<String> texts() {
        return Mutations.of("0.02usd", "12.50 EUR", "5 unit:pages");
    }
}
