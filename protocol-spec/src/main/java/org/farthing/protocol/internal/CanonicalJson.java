package org.farthing.protocol.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Writes the one canonical text of a JSON value (RFC 8785): no white space, members in the order of their names' UTF-16
 * code units, the shortest escapes, numbers as ECMAScript prints them. Everything that is signed or hashed goes through
 * here. Specification: encoding.md (F-EN-20 to F-EN-24).
 *
 * <p>Accepts {@code Map} with {@code String} names, {@code List}, {@code String}, {@code Boolean}, {@code Double},
 * {@code Integer} and {@code Long} within 2^53 of zero, and {@code null}. Anything else, a
 * number that is not finite and a lone surrogate are errors of the caller.
 */
public final class CanonicalJson {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out = new StringBuilder(256);
    private final boolean sorted;

    private CanonicalJson(boolean sorted) {
        this.sorted = sorted;
    }

    /**
     * Returns the canonical text.
     *
     * @throws IllegalArgumentException if the value cannot be written as canonical JSON
     */
    public static String write(@Nullable Object value) {
        CanonicalJson writer = new CanonicalJson(true);
        writer.value(value);
        return writer.out.toString();
    }

    /**
     * Returns the same text as {@link #write}, but with members in the order of their maps: for what people read, such
     * as problem bodies, and nobody signs.
     *
     * @throws IllegalArgumentException if the value cannot be written as JSON
     */
    public static String writeInOrder(@Nullable Object value) {
        CanonicalJson writer = new CanonicalJson(false);
        writer.value(value);
        return writer.out.toString();
    }

    /**
     * Refuses an object whose text is not its canonical text, or which holds anything but strings, objects and arrays
     * (T25).
     *
     * @param text what was received
     * @param object what {@link StrictJson} read from it
     * @throws MalformedException with {@link Fault#TYPE} or {@link Fault#NOT_CANONICAL}
     */
    public static void requireCanonicalStrings(
            String text, Map<String, ? extends @Nullable Object> object, String where) throws MalformedException {
        requireStrings(object, where);
        if (!write(object).equals(text)) {
            throw new MalformedException(Fault.NOT_CANONICAL, where, "not in canonical form (RFC 8785)");
        }
    }

    private static void requireStrings(@Nullable Object value, String where) throws MalformedException {
        if (value instanceof Map<?, ?> map) {
            for (Object member : map.values()) {
                requireStrings(member, where);
            }
        } else if (value instanceof List<?> list) {
            for (Object element : list) {
                requireStrings(element, where);
            }
        } else if (!(value instanceof String)) {
            throw new MalformedException(Fault.TYPE, where, "a value that is not written as a string");
        }
    }

    private void value(@Nullable Object value) {
        if (value instanceof String text) {
            string(text);
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof List<?> list) {
            array(list);
        } else if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Long || value instanceof Integer) {
            integer(((Number) value).longValue());
        } else if (value instanceof Double number) {
            EcmaNumber.append(out, number);
        } else {
            throw new IllegalArgumentException(
                    "JSON has no " + value.getClass().getName() + ": use text, numbers, booleans, maps and lists");
        }
    }

    private void object(Map<?, ?> map) {
        Object[] names = map.keySet().toArray();
        if (sorted) {
            // String's natural order is the order of UTF-16 code units, which is what RFC 8785 3.2.3 asks for.
            Arrays.sort(names);
        }
        out.append('{');
        for (int i = 0; i < names.length; i++) {
            if (i > 0) {
                out.append(',');
            }
            string((String) names[i]);
            out.append(':');
            value(map.get(names[i]));
        }
        out.append('}');
    }

    private void array(List<?> list) {
        out.append('[');
        boolean first = true;
        for (Object element : list) {
            if (!first) {
                out.append(',');
            }
            first = false;
            value(element);
        }
        out.append(']');
    }

    private void integer(long value) {
        if (value > StrictJson.EXACT_INTEGERS || value < -StrictJson.EXACT_INTEGERS) {
            throw new IllegalArgumentException("an integer beyond 2^53 is not exact in JSON: write it as a string");
        }
        out.append(value);
    }

    private void string(String text) {
        if (Utf8.loneSurrogate(text) >= 0) {
            throw new IllegalArgumentException("a lone surrogate cannot be written as JSON");
        }
        out.append('"');
        int copied = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                out.append(text, copied, i);
                escape(c);
                copied = i + 1;
            }
        }
        out.append(text, copied, text.length()).append('"');
    }

    private void escape(char c) {
        out.append('\\');
        switch (c) {
            case '"', '\\' -> out.append(c);
            case '\b' -> out.append('b');
            case '\t' -> out.append('t');
            case '\n' -> out.append('n');
            case '\f' -> out.append('f');
            case '\r' -> out.append('r');
            default -> out.append("u00").append(HEX[c >> 4]).append(HEX[c & 0x0f]);
        }
    }
}
