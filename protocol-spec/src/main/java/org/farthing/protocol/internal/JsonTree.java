package org.farthing.protocol.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Copies of JSON trees that nobody can change, in the form {@link StrictJson} yields, so that a value built by the
 * program equals the same value read from the wire.
 */
public final class JsonTree {

    private JsonTree() {}

    /**
     * Copies the members of an object, deeply. Numbers become what {@link StrictJson} makes of their canonical text.
     *
     * @throws IllegalArgumentException if something in it is no JSON value
     */
    public static Map<String, @Nullable Object> copy(Map<String, ? extends @Nullable Object> members) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        for (Map.Entry<?, ?> member : members.entrySet()) {
            if (!(member.getKey() instanceof String name)) {
                throw new IllegalArgumentException("the name of a JSON member is a text");
            }
            requireWellFormed(name);
            copy.put(name, copyValue(member.getValue()));
        }
        return Collections.unmodifiableMap(copy);
    }

    /**
     * Copies any JSON value, deeply.
     *
     * @throws IllegalArgumentException if it is no JSON value
     */
    public static @Nullable Object copyValue(@Nullable Object value) {
        if (value instanceof String text) {
            return requireWellFormed(text);
        }
        if (value == null || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Integer || value instanceof Long) {
            return integer(((Number) value).longValue());
        }
        if (value instanceof Double number) {
            return floating(number);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(element -> copy.add(copyValue(element)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // the names are looked at one by one
            Map<String, ?> members = (Map<String, ?>) map;
            return copy(members);
        }
        throw new IllegalArgumentException(
                "JSON has no " + value.getClass().getName() + ": use text, numbers, booleans, maps and lists");
    }

    private static Long integer(long value) {
        if (value > StrictJson.EXACT_INTEGERS || value < -StrictJson.EXACT_INTEGERS) {
            throw new IllegalArgumentException("an integer beyond 2^53 is not exact in JSON: write it as a string");
        }
        return value;
    }

    private static Object floating(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("JSON has no NaN and no infinity");
        }
        if (value == Math.rint(value) && Math.abs(value) <= StrictJson.EXACT_INTEGERS) {
            return (long) value;
        }
        return value;
    }

    private static String requireWellFormed(String text) {
        if (Utf8.loneSurrogate(text) >= 0) {
            throw new IllegalArgumentException("a lone surrogate cannot be written as JSON");
        }
        return text;
    }
}
