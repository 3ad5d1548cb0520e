package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-MO-1", "F-MO-2", "T28", "T29"})
class AmountTest {

    private static final Pattern GRAMMAR = Pattern.compile("(0|[1-9][0-9]{0,17})");

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "9", "10", "2500", "999999999999999999", "100000000000000000"})
    void parse_legal_sameText(String text) throws MalformedException {
        assertThat(Amount.parse(text, "x").format()).isEqualTo(text);
        assertThat(Amount.parse(text, "x").baseUnits()).isEqualTo(Long.parseLong(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+5",
                "-0",
                "00",
                "01",
                "007",
                "1.0",
                "1.",
                ".5",
                "1e2",
                "1E2",
                " 1",
                "1 ",
                "1\n",
                "1_000",
                "1,000",
                "0x1",
                "1000000000000000000",
                "9223372036854775808",
                "99999999999999999999999",
                "٥",
                "１",
                "1\u0660",
                "abc",
                "NaN"
            })
    void parse_illegal_valueFault(String text) {
        assertFault(Fault.VALUE, "request.amount", () -> Amount.parse(text, "request.amount"));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 1_000_000_000_000_000_000L, Long.MAX_VALUE})
    void of_outOfRange_refused(long value) {
        assertThatThrownBy(() -> Amount.of(value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void plusMinus_atTheEdges_exactOrRefused() {
        assertThat(Amount.MAX.minus(Amount.MAX)).isEqualTo(Amount.ZERO);
        assertThat(Amount.MAX.plus(Amount.ZERO)).isEqualTo(Amount.MAX);
        assertThatThrownBy(() -> Amount.MAX.plus(Amount.of(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Amount.MAX.plus(Amount.MAX)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Amount.ZERO.minus(Amount.of(1))).isInstanceOf(ArithmeticException.class);
    }

    @Property
    void plusThenMinus_anyAmounts_sameAmount(
            @ForAll @LongRange(max = 400_000_000_000_000_000L) long a,
            @ForAll @LongRange(max = 400_000_000_000_000_000L) long b) {
        assertThat(Amount.of(a).plus(Amount.of(b)).minus(Amount.of(b))).isEqualTo(Amount.of(a));
        assertThat(Amount.of(a).compareTo(Amount.of(b))).isEqualTo(Long.compare(a, b));
    }

    @Property
    void parse_formatted_sameAmount(@ForAll @LongRange(max = 999_999_999_999_999_999L) long value)
            throws MalformedException {
        assertThat(Amount.parse(Amount.of(value).format(), "x")).isEqualTo(Amount.of(value));
    }

    @Property(tries = 3000)
    void parse_anything_followsTheGrammar(@ForAll("texts") String text) {
        Mutations.assertOnlyMalformed(
                t -> {
                    boolean legal = GRAMMAR.matcher(t).matches();
                    try {
                        Amount.parse(t, "x");
                        assertThat(legal).as(t).isTrue();
                    } catch (MalformedException e) {
                        assertThat(legal).as(t).isFalse();
                        throw e;
                    }
                },
                text);
    }

    @Provide
    Arbitrary<String> texts() {
        return Mutations.of("0", "7", "2500", "999999999999999999");
    }
}
