package org.farthing.protocol.internal;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;

/** What a value must obey to stand in a header field (T34). Specification: challenge.md (F-CH-22, F-CH-31). */
public final class FieldText {

    private FieldText() {}

    /**
     * Refuses control characters, tabs and line breaks among them, and lone surrogates.
     *
     * @throws MalformedException with {@link Fault#VALUE} or {@link Fault#ENCODING}
     */
    public static void requirePlain(String value, String where) throws MalformedException {
        boolean surrogates = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c == 0x7f) {
                throw new MalformedException(Fault.VALUE, where, "a control character");
            }
            surrogates |= Character.isSurrogate(c);
        }
        if (surrogates && Utf8.loneSurrogate(value) >= 0) {
            throw new MalformedException(Fault.ENCODING, where, "a lone surrogate");
        }
    }

    /**
     * Refuses a field value that is longer than the codecs read.
     *
     * @throws MalformedException with {@link Fault#TOO_LARGE}
     */
    public static void requireLength(String fieldValue, String where) throws MalformedException {
        if (fieldValue.length() > AuthScanner.MAX_FIELD) {
            throw new MalformedException(
                    Fault.TOO_LARGE, where, "more than " + AuthScanner.MAX_FIELD + " characters in one field");
        }
    }

    /**
     * Appends {@code name="value"} with the escapes of a quoted-string (RFC 9110 section 5.6.4).
     *
     * @throws IllegalArgumentException if the value holds anything but printable ASCII: such a value could end the
     *     field early, or arrive as other characters
     */
    public static void appendQuoted(StringBuilder out, String name, String value) {
        out.append(name).append("=\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                throw new IllegalArgumentException(
                        name + " holds a character that a header field cannot carry, at offset " + i
                                + ": only printable ASCII can be sent, other text belongs into the request object");
            }
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        out.append('"');
    }
}
