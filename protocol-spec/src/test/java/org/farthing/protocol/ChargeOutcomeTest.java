package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.farthing.protocol.ChargeOutcome.State;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-OU-2", "F-OU-3"})
class ChargeOutcomeTest {

    private static final String ID = "GtlsJ1VquFmEqY7fMLJC8eLI13DKDbz3Ad5egqR8_fg";

    @ParameterizedTest
    @EnumSource
    void format_everyState_lowerCaseWordAndId(State state) throws MalformedException {
        ChargeOutcome outcome = new ChargeOutcome(state, ID);

        assertThat(outcome.format()).isEqualTo(state.name().toLowerCase(java.util.Locale.ROOT) + ";id=\"" + ID + "\"");
        assertThat(ChargeOutcome.parse(outcome.format())).isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "captured;id=\"a\"",
                "  captured;id=\"a\"",
                "captured; id=\"a\"",
                "captured;  id=\"a\"  ",
                "captured;x;id=\"a\"",
                "captured;id=\"a\";x=1.5",
                "captured;x=\"q;id=b\";id=\"a\"",
                "captured;x=?1;id=\"a\";y=:YQ==:",
                "captured;*=1;id=\"a\"",
                "captured;i-d_.*9=1;id=\"a\""
            })
    @Requirement("F-OU-3")
    void parse_unknownParametersAndSpaces_ignored(String field) throws MalformedException {
        assertThat(ChargeOutcome.parse(field)).isEqualTo(new ChargeOutcome(State.CAPTURED, "a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '!',
            value = {
                "!!|VALUE",
                "Captured;id=\"a\"|VALUE",
                "CAPTURED;id=\"a\"|VALUE",
                "paid;id=\"a\"|VALUE",
                "\"captured\";id=\"a\"|VALUE",
                "captured|MISSING",
                "captured;|SYNTAX",
                "captured;id|MISSING",
                "captured;id=a|MISSING",
                "captured;id=\"|SYNTAX",
                "captured;id=\"\"|MISSING",
                "captured;id=\"a b\"|VALUE",
                "captured;id=\"a\\\"b\"|VALUE",
                "captured;id=\"a\\\\\"|VALUE",
                "captured;id=\"a\\b\"|SYNTAX",
                "captured;id=\"a\\|SYNTAX",
                "captured;id=\"é\"|SYNTAX",
                "captured,id=\"a\"|SYNTAX",
                "captured;id=\"a\", released;id=\"a\"|SYNTAX",
                "captured;id=\"a\"x|SYNTAX",
                "captured;id=\"a\";id=\"b\"|DUPLICATE",
                "captured;id=\"a\";id=b|DUPLICATE",
                "captured;id=\"a\";x;x|DUPLICATE",
                "captured;ID=\"a\"|SYNTAX",
                "captured;id =\"a\"|SYNTAX",
                "captured;id= \"a\"|SYNTAX",
                "captured;id=|SYNTAX",
                "captured ;id=\"a\"|SYNTAX",
                "captured;\tid=\"a\"|SYNTAX",
                "captured;9=1|SYNTAX",
                "captured released;id=\"a\"|SYNTAX"
            })
    @Requirement("F-OU-3")
    void parse_anythingElse_refused(String field, Fault fault) {
        assertFault(fault, () -> ChargeOutcome.parse(field));
    }

    @Test
    void parse_longId_sixtyFourReadOneMoreRefused() throws MalformedException {
        assertThat(ChargeOutcome.parse("refused;id=\"" + "a".repeat(64) + "\"").state())
                .isEqualTo(State.REFUSED);
        assertFault(Fault.VALUE, () -> ChargeOutcome.parse("refused;id=\"" + "a".repeat(65) + "\""));
        assertFault(Fault.TOO_LARGE, () -> ChargeOutcome.parse("refused;id=\"" + "a".repeat(16_384) + "\""));
    }

    @Test
    @Requirement("F-OU-3")
    void find_oneReadableFieldForThisChallenge_state() {
        assertThat(ChargeOutcome.find(List.of("released;id=\"a\""), "a")).contains(State.RELEASED);
    }

    /** Each of these must not be believed: it could make a payer pay twice, or think it paid. */
    @Test
    @Requirement("F-OU-3")
    void find_absentTwiceUnreadableOrOtherChallenge_empty() {
        assertThat(ChargeOutcome.find(List.of(), "a")).isEmpty();
        assertThat(ChargeOutcome.find(List.of("released;id=\"a\"", "released;id=\"a\""), "a"))
                .isEmpty();
        assertThat(ChargeOutcome.find(List.of("released;id=\"a\", captured;id=\"a\""), "a"))
                .isEmpty();
        assertThat(ChargeOutcome.find(List.of("unknown;id=\"a\""), "a")).isEmpty();
        assertThat(ChargeOutcome.find(List.of("released;id=\"b\""), "a")).isEmpty();
        assertThat(ChargeOutcome.find(List.of("released"), "a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A-Z_09", ID})
    @Requirement("F-OU-2")
    void canName_plainId_true(String id) {
        assertThat(ChargeOutcome.canName(id)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a\"b",
                "a;b",
                "a\r\nb",
                "é",
                "a.b",
                "a=b",
                "a/b",
                "a+b",
                "12345678901234567890123456789012345678901234567890123456789012345"
            })
    @Requirement({"F-OU-2", "T34"})
    void canNameAndFormat_textOfTheSender_notWritten(String id) {
        assertThat(ChargeOutcome.canName(id)).isFalse();
        assertThatThrownBy(() -> new ChargeOutcome(State.REFUSED, id).format())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void parse_formatted_sameOutcome(
            @ForAll State state,
            @ForAll @AlphaChars @NumericChars @Chars({'-', '_'}) @StringLength(min = 1, max = 64) String id)
            throws MalformedException {
        ChargeOutcome outcome = new ChargeOutcome(state, id);

        assertThat(ChargeOutcome.parse(outcome.format())).isEqualTo(outcome);
        assertThat(ChargeOutcome.find(List.of(outcome.format()), id)).contains(state);
    }

    @Property(tries = 2000)
    void parse_anything_outcomeOrMalformed(@ForAll("spoilt") String field) {
        Mutations.assertOnlyMalformed(ChargeOutcome::parse, field);
    }

    @Provide
    Arbitrary<String> spoilt() {
        return Mutations.of("captured;id=\"Gtls\"", "released;x=\"\\\"\";id=\"a\";y=:YQ==:");
    }
}
