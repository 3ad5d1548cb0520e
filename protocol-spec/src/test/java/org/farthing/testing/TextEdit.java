package org.farthing.testing;

import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * One change of a text, as an attacker or a careless intermediary makes it.
 *
 * @param way what is done
 * @param place where, from 0 to 1
 * @param letter with which character
 */
public record TextEdit(Way way, double place, char letter) {

    /** What is done. */
    public enum Way {
        REPLACE,
        INSERT,
        DELETE,
        CUT,
        EMPTY,
        TWICE,
        CASE,
        SPACE_BEFORE,
        SPACE_AFTER,
        APPEND
    }

    private static final String BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /** Every way, with letters of the alphabets that matter and with such as look like them. */
    public static Arbitrary<TextEdit> any() {
        Arbitrary<Character> letters = Arbitraries.oneOf(
                Arbitraries.chars().with(BASE64URL),
                Arbitraries.chars().range(' ', '~'),
                Arbitraries.chars().range('\u0000', '\u001f'),
                Arbitraries.of(
                        '\u007f', '\u00a0', '\u00e9', '\u0430', '\u200b', '\u202e', '\u2028', '\uff10', '\ufeff'));
        return with(letters);
    }

    /** Every way, with letters that a header field can carry. */
    public static Arbitrary<TextEdit> printable() {
        return with(Arbitraries.oneOf(
                Arbitraries.chars().with(BASE64URL), Arbitraries.chars().range(' ', '~')));
    }

    private static Arbitrary<TextEdit> with(Arbitrary<Character> letters) {
        return Combinators.combine(
                        Arbitraries.of(Way.class), Arbitraries.doubles().between(0, 1), letters)
                .as(TextEdit::new);
    }

    /** The text after the change; the same text where the change changes nothing of it. */
    public String apply(String text) {
        int at = Math.min((int) (place * text.length()), Math.max(0, text.length() - 1));
        int after = Math.min(at + 1, text.length());
        return switch (way) {
            case REPLACE -> text.substring(0, at) + letter + text.substring(after);
            case INSERT -> text.substring(0, at) + letter + text.substring(at);
            case DELETE -> text.substring(0, at) + text.substring(after);
            case CUT -> text.substring(0, at);
            case EMPTY -> "";
            case TWICE -> text + text;
            case CASE -> text.substring(0, at) + otherCase(text.substring(at, after)) + text.substring(after);
            case SPACE_BEFORE -> " " + text;
            case SPACE_AFTER -> text + " ";
            case APPEND -> text + letter;
        };
    }

    private static String otherCase(String letter) {
        String upper = letter.toUpperCase(Locale.ROOT);
        return upper.equals(letter) ? letter.toLowerCase(Locale.ROOT) : upper;
    }
}
