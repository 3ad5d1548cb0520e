package org.farthing.conformance.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** The many ways in which one challenge may be written in {@code WWW-Authenticate} (RFC 9110 section 11, challenge.md). */
@Group("Challenge grammar")
final class ChallengeGrammarCases {

    private static final String RFC = "RFC 9110, 11.2 to 11.6.1; challenge.md, F-CH-20";
    private static final Set<String> TOKENS = Set.of("id", "method", "intent", "request", "opaque", "jws");

    private final ClientLab lab;

    ChallengeGrammarCases(ClientLab lab) {
        this.lab = lab;
    }

    private void reads(Trace trace, String what, Script script) throws IOException, InterruptedException {
        Presented paid = lab.visit(trace, what, script).paidOnce();
        Issued answered = paid.answered();
        for (String name : List.of("id", "realm", "request", "opaque")) {
            NotAsExpected.unless(
                    String.valueOf(answered.parameter(name))
                            .equals(String.valueOf(paid.echo().get(name))),
                    name + " in the echo as it was sent, after unquoting",
                    name + " is " + paid.echo().get(name));
        }
    }

    @Case(
            id = "C19-token-values",
            rows = {"C19", "F-CH-20"},
            section = RFC,
            title = "A challenge whose values stand without quotes is read",
            fix = "Read parameter values both as tokens (id=abc) and as quoted strings (id=\"abc\").")
    void tokenValues(Trace trace) throws IOException, InterruptedException {
        reads(trace, "values without quotes", Script.shop(lab.offer().written(ChallengeGrammarCases::bare)));
    }

    private static String bare(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "="
                        + (TOKENS.contains(parameter.getKey())
                                ? parameter.getValue()
                                : Offer.quoted(parameter.getValue())))
                .collect(Collectors.joining(", ", "Payment ", ""));
    }

    @Case(
            id = "C19-letter-case",
            rows = {"C19", "F-CH-20"},
            section = RFC,
            title = "The scheme and the names of parameters are read in any letter case",
            fix = "Compare the scheme Payment and the parameter names without regard to case.")
    void letterCase(Trace trace) throws IOException, InterruptedException {
        reads(
                trace,
                "pAYMENT ID=…, REALM=…",
                Script.shop(lab.offer()
                        .written(parameters -> parameters.entrySet().stream()
                                .map(parameter -> parameter.getKey().toUpperCase(java.util.Locale.ROOT) + "="
                                        + Offer.quoted(parameter.getValue()))
                                .collect(Collectors.joining(", ", "pAYMENT ", "")))));
    }

    @Case(
            id = "C19-white-space",
            rows = {"C19", "F-CH-20"},
            section = RFC,
            title = "White space around equals signs and commas is accepted",
            fix =
                    "Skip spaces and tabs before and after \"=\" and \",\" when you read the field; skip empty list elements too.")
    void whiteSpace(Trace trace) throws IOException, InterruptedException {
        reads(
                trace,
                "id = \"…\" ,\t realm = \"…\"",
                Script.shop(lab.offer()
                        .written(parameters -> parameters.entrySet().stream()
                                .map(parameter -> parameter.getKey() + " = " + Offer.quoted(parameter.getValue()))
                                .collect(Collectors.joining(" ,\t ", "Payment  ", " , ")))));
    }

    @Case(
            id = "C19-quoted-pairs",
            rows = {"C19", "F-CH-20"},
            section = RFC,
            title = "A backslash in a quoted string stands for the character after it",
            fix = "Take \\x in a quoted string as x, whatever x is, and echo the value without the backslash.")
    void quotedPairs(Trace trace) throws IOException, InterruptedException {
        reads(
                trace,
                "id=\"\\a\\bc…\"",
                Script.shop(lab.offer()
                        .written(parameters -> parameters.entrySet().stream()
                                .map(parameter -> parameter.getKey() + "=\"\\" + parameter.getValue() + '"')
                                .collect(Collectors.joining(", ", "Payment ", "")))));
    }

    @Case(
            id = "C19-commas-in-quotes",
            rows = {"C19", "F-CH-23"},
            section = "RFC 9110, 11.6.1; challenge.md, F-CH-23",
            title = "Commas and the word Payment inside a quoted string separate nothing",
            fix = "Do not split the field at commas: read it from left to right, and take a quoted string as a whole.")
    void commasInQuotes(Trace trace) throws IOException, InterruptedException {
        reads(
                trace,
                "a description that looks like a challenge",
                Script.shop(lab.offer().description("One page, Payment id=\"forged\", realm=\"x\", and more")));
    }

    @Case(
            id = "C19-other-schemes",
            rows = {"C19", "F-CH-23"},
            section = "RFC 9110, 11.6.1; challenge.md, F-CH-23",
            title = "A Payment challenge is found between challenges of other schemes in one line",
            fix =
                    "Read every challenge of the field and pass over the schemes you do not know; Payment need not be the first.")
    void otherSchemes(Trace trace) throws IOException, InterruptedException {
        reads(
                trace,
                "Basic …, Negotiate …, Payment …, Digest …",
                Script.shop(lab.offer())
                        .lines(lines -> List.of("Basic realm=\"a, b\", Negotiate YWJj=, " + lines.get(0)
                                + ", Digest realm=\"c\", nonce=\"d\"")));
    }

    @Case(
            id = "C19-several-lines",
            rows = {"C19", "F-CH-23"},
            section = "RFC 9110, 5.3; challenge.md, F-CH-23",
            title = "A Payment challenge is found in a second WWW-Authenticate line",
            fix = "Read all lines of the field, not only the first: most HTTP libraries have a call for all values.")
    void severalLines(Trace trace) throws IOException, InterruptedException {
        reads(
                trace,
                "Payment in the second of three lines",
                Script.shop(lab.offer())
                        .lines(lines -> List.of("Basic realm=\"a\"", lines.get(0), "Bearer error=\"none\"")));
    }

    @Case(
            id = "C19-two-in-one-line",
            rows = {"C19", "F-CH-23", "C17"},
            section = "RFC 9110, 11.6.1; challenge.md, F-CH-23",
            title = "Two Payment challenges in one line are told apart",
            fix = "Begin a new challenge where, after a comma, a name is not followed by \"=\".")
    void twoInOneLine(Trace trace) throws IOException, InterruptedException {
        Offer unknown = lab.offer().parameter("method", "labcoin").unsigned();
        reads(
                trace,
                "an unknown method and a known one in one line",
                Script.shop(unknown, lab.offer()).lines(lines -> List.of(String.join(", ", lines))));
    }

    @Case(
            id = "C19-one-bad-one-good",
            rows = {"C19", "F-CH-24"},
            section = "challenge.md, F-CH-24",
            severity = Severity.SHOULD,
            title = "A malformed challenge does not hide a good one beside it",
            fix = "Skip a Payment challenge that cannot be read and go on with the next; fail only when none is left.")
    void oneBadOneGood(Trace trace) throws IOException, InterruptedException {
        reads(
                trace,
                "a challenge without id before a good one",
                Script.shop(lab.offer()).lines(lines -> {
                    List<String> more = new ArrayList<>(List.of("Payment realm=\"x\", method=\"wallet\""));
                    more.addAll(lines);
                    return more;
                }));
    }

    @Case(
            id = "C19-name-twice",
            rows = {"C19", "F-CH-21"},
            section = "RFC 9110, 11.2; challenge.md, F-CH-21",
            title = "A challenge with a parameter twice is not paid",
            fix =
                    "Refuse a challenge in which a name stands twice, in whatever letter case: two readers would see two ids.")
    void nameTwice(Trace trace) throws IOException, InterruptedException {
        lab.visit(
                        trace,
                        "id twice",
                        Script.shop(lab.offer()).lines(lines -> List.of(lines.get(0) + ", ID=\"another\"")))
                .notPaid("the parameter id stands twice");
    }

    @Case(
            id = "T34-control-characters",
            rows = {"T34", "C19", "F-CH-22"},
            section = "RFC 9110, 5.5; challenge.md, F-CH-22",
            title = "A challenge with a control character in a value is not paid",
            fix = "Refuse challenges with characters below 0x20 (tab aside) or 0x7f in a value; never pass them on.")
    void controlCharacters(Trace trace) throws IOException, InterruptedException {
        lab.visit(trace, "a value with 0x07", Script.shop(lab.offer().description("ring\u0007ring")))
                .notPaid("a value holds a control character");
    }
}
