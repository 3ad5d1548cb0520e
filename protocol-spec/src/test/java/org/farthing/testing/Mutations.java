package org.farthing.testing;

import static org.assertj.core.api.Assertions.assertThatCode;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.farthing.protocol.MalformedException;

/**
 * Spoilt input for parser tests: valid texts with a few edits reach branches that random text never finds.
 */
public final class Mutations {

    /** Characters that mean something to one of our grammars, and a few that must mean nothing. */
    private static final String INTERESTING =
            "\"\\,;:= \t\r\n{}[]()<>@*/+-._~%'aAeEtTzZ019\u0000\u001f\u007f\u00e9\u20ac\ud800\udc00\ufeff";

    private Mutations() {}

    /** A parser under test. */
    @FunctionalInterface
    public interface Parser {
        void parse(String text) throws MalformedException;
    }

    /** Shows that a parser ends in success or in {@link MalformedException} and in nothing else. */
    public static void assertOnlyMalformed(Parser parser, String text) {
        assertThatCode(() -> {
                    try {
                        parser.parse(text);
                    } catch (MalformedException e) {
                        // the one legal failure; it names a fault and a place
                        if (e.where().isEmpty()) {
                            throw new AssertionError("a fault without a place", e);
                        }
                    }
                })
                .doesNotThrowAnyException();
    }

    /** Any text: letters, controls, surrogates, everything. */
    public static Arbitrary<String> anyText() {
        return Arbitraries.strings().ofMaxLength(200);
    }

    /** The valid texts with one to four edits: a character replaced, inserted or removed, a part doubled, or the end cut. */
    public static Arbitrary<String> of(String... valid) {
        return of(Arbitraries.of(valid));
    }

    /** The same for texts that are themselves generated. */
    public static Arbitrary<String> of(Arbitrary<String> valid) {
        Arbitrary<Edit> edits = Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.integers().between(0, INTERESTING.length() - 1))
                .as(Edit::new);
        return Combinators.combine(valid, edits.list().ofMinSize(1).ofMaxSize(4))
                .as((text, list) -> {
                    String spoilt = text;
                    for (Edit edit : list) {
                        spoilt = edit.apply(spoilt);
                    }
                    return spoilt;
                });
    }

    private record Edit(int kind, double place, int character) {
        String apply(String text) {
            int at = (int) (place * text.length());
            int after = Math.min(at + 1, text.length());
            char c = INTERESTING.charAt(character);
            return switch (kind) {
                case 0 -> text.substring(0, at) + c + text.substring(after);
                case 1 -> text.substring(0, at) + c + text.substring(at);
                case 2 -> text.substring(0, at) + text.substring(after);
                case 3 ->
                    text.substring(0, at) + text.substring(at, Math.min(at + 20, text.length())) + text.substring(at);
                default -> text.substring(0, at);
            };
        }
    }
}
