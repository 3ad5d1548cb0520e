package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.farthing.protocol.Challenge.Parsed;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-CH-23", "F-CH-24", "C17", "C19"})
class ChallengeListTest {

    private static String good(String id) {
        return "Payment id=\"" + id + "\", realm=\"r\", method=\"wallet\", intent=\"charge\", request=\"e30\"";
    }

    private static List<String> ids(Parsed parsed) {
        return parsed.challenges().stream().map(Challenge::id).toList();
    }

    @Test
    void parseAll_oneFieldSeveralFieldsOtherSchemes_allInOrder() {
        Parsed parsed = Challenge.parseAll(List.of(
                "Basic realm=\"a\", " + good("1") + ", Negotiate",
                good("2") + ", " + good("3"),
                "Bearer abc==",
                good("4")));

        assertThat(ids(parsed)).containsExactly("1", "2", "3", "4");
        assertThat(parsed.rejected()).isEmpty();
    }

    @Test
    void parseAll_noField_empty() {
        assertThat(Challenge.parseAll(List.of())).isEqualTo(new Parsed(List.of(), List.of()));
        assertThat(Challenge.parseAll(List.of("", " , ", "Basic realm=\"x\"")).challenges())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Payment id=\"\", realm=\"r\", method=\"wallet\", intent=\"charge\", request=\"e30\"",
                "Payment realm=\"r\", method=\"wallet\", intent=\"charge\", request=\"e30\"",
                "Payment id=\"1\", id=\"2\", realm=\"r\", method=\"wallet\", intent=\"charge\", request=\"e30\"",
                "Payment id=\"1\", realm=\"r\", method=\"WALLET\", intent=\"charge\", request=\"e30\"",
                "Payment id=\"1\", realm=\"r\", method=\"wallet\", intent=\"charge\", request=\"%%%\"",
                "Payment id=\"1\", realm=\"r\", method=\"wallet\", intent=\"charge\", request=\"e30\", expires=\"no\"",
                "Payment id=\"1\", realm=\"r\", method=\"wallet\", intent=\"charge\", request=\"e30\", header=\"X-Wallet\"",
                "Payment",
                "Payment abc",
                "Payment id=a b",
                "Payment\tid=a"
            })
    void parseAll_malformedBesideGood_goodKeptAndFaultReported(String malformed) {
        for (List<String> fields : List.of(
                List.of(malformed + ", " + good("x") + ", " + good("y")),
                List.of(good("x") + ", " + malformed + ", " + good("y")),
                List.of(good("x"), malformed, good("y")))) {
            Parsed parsed = Challenge.parseAll(fields);

            assertThat(ids(parsed)).containsExactly("x", "y");
            assertThat(parsed.rejected()).hasSize(1);
        }
    }

    /** Where a quoted text does not end, nobody can say what follows it; other field lines are not touched. */
    @Test
    void parseAll_unterminatedQuote_onlyTheRestOfItsFieldLost() {
        Parsed parsed = Challenge.parseAll(List.of(good("1") + ", Payment id=\"open, " + "realm=x", good("2")));

        assertThat(ids(parsed)).containsExactly("1", "2");
        assertThat(parsed.rejected()).extracting(MalformedException::fault).containsExactly(Fault.SYNTAX);
    }

    @Test
    void parseAll_malformedChallengeOfAnotherScheme_notOurs() {
        Parsed parsed = Challenge.parseAll(List.of("Basic realm=a b, " + good("1")));

        assertThat(ids(parsed)).containsExactly("1");
        assertThat(parsed.rejected()).isEmpty();
    }

    @Test
    void parseAll_paymentInsideAQuotedValue_noChallenge() {
        Parsed parsed =
                Challenge.parseAll(List.of(good("1") + ", description=\"x, Payment id=\\\"2\\\", realm=\\\"r\\\"\""));

        assertThat(ids(parsed)).containsExactly("1");
        assertThat(parsed.challenges().get(0).description()).isEqualTo("x, Payment id=\"2\", realm=\"r\"");
    }

    @Test
    @Requirement("F-CH-25")
    void parseAll_textAfterAClosingQuote_restOfTheFieldIgnored() {
        Parsed parsed = Challenge.parseAll(List.of(good("1") + " trailing, " + good("2"), good("3")));

        assertThat(ids(parsed)).containsExactly("1", "3");
        assertThat(parsed.rejected()).isEmpty();
    }

    @Test
    @Requirement("T23")
    void parseAll_oversizedField_reportedOthersRead() {
        Parsed parsed = Challenge.parseAll(List.of(good("1") + ", x=\"" + "x".repeat(17_000) + "\"", good("2")));

        assertThat(ids(parsed)).containsExactly("2");
        assertThat(parsed.rejected()).extracting(MalformedException::fault).containsExactly(Fault.TOO_LARGE);
    }

    @Test
    @Requirement("F-CH-26")
    void parseAll_moreThanSixtyFour_restLeft() {
        assertThat(Challenge.parseAll(java.util.Collections.nCopies(70, good("1")))
                        .challenges())
                .hasSize(64);
        assertThat(Challenge.parseAll(List.of("@,".repeat(70))).rejected()).hasSize(64);
    }
}
