package org.farthing.server.ledger;

import java.time.Duration;
import java.util.List;

/** Refuses arguments that no correct caller passes, in the words of the person who has to find the call. */
final class Arguments {

    /** The largest amount the wire can carry: 18 digits. */
    static final long MAX_AMOUNT = 999_999_999_999_999_999L;

    private Arguments() {}

    static String text(String name, String value, int maxLength) {
        if (value.isEmpty() || value.length() > maxLength) {
            throw new IllegalArgumentException(
                    name + " must have 1 to " + maxLength + " characters, it has " + value.length());
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c == 0x7f || Character.isSurrogate(c)) {
                throw new IllegalArgumentException(name + " has a control character or a surrogate at " + i);
            }
        }
        return value;
    }

    /** An id that can be a part of other ids: no separators, so two different pairs never make the same text. */
    static String id(String name, String value, int maxLength) {
        text(name, value, maxLength);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!plain && "-._~".indexOf(c) < 0) {
                throw new IllegalArgumentException(
                        name + " may have letters, digits and -._~ only, it has something else at " + i);
            }
        }
        return value;
    }

    static long amount(String name, long value) {
        if (value < 0 || value > MAX_AMOUNT) {
            throw new IllegalArgumentException(name + " must be 0 to " + MAX_AMOUNT + " base units, it is " + value);
        }
        return value;
    }

    static long positiveAmount(String name, long value) {
        if (value == 0) {
            throw new IllegalArgumentException(name + " must be more than zero");
        }
        return amount(name, value);
    }

    /** How many of something one call takes or gives. */
    static int limit(int value) {
        if (value < 1 || value > 1000) {
            throw new IllegalArgumentException("limit must be 1 to 1000, it is " + value);
        }
        return value;
    }

    static <T> List<T> atMostAThousand(List<T> values) {
        if (values.size() > 1000) {
            throw new IllegalArgumentException("at most 1000 at once, there are " + values.size());
        }
        return values;
    }

    static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be longer than zero, it is " + value);
        }
        return value;
    }
}
