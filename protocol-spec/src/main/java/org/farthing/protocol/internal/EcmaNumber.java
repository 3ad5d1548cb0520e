package org.farthing.protocol.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as ECMAScript prints them (ECMA-262 Number::toString, RFC 8785 3.2.2.3): the fewest digits that read back as
 * the same double, and among those the nearest.
 *
 * <p>{@code Double.toString} cannot be used: before JDK 19 it sometimes prints a digit too many (JDK-4511638), and a
 * signature must not depend on the JDK. None of our own objects carries a number, so this is written to be plainly
 * right rather than fast: exact decimal arithmetic, at most ten roundings a number.
 */
final class EcmaNumber {

    /** Every double is identified by 17 significant digits. */
    private static final int MAX_DIGITS = 17;

    private EcmaNumber() {}

    static void append(StringBuilder out, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("JSON has no NaN and no infinity");
        }
        if (Math.abs(value) <= StrictJson.EXACT_INTEGERS && value == Math.rint(value)) {
            // Also the way of -0, which ECMAScript prints as 0.
            out.append((long) value);
            return;
        }
        if (value < 0) {
            out.append('-');
        }
        BigDecimal shortest = shortest(Math.abs(value)).stripTrailingZeros();
        layOut(out, shortest.unscaledValue().toString(), shortest.precision() - shortest.scale());
    }

    /** Finds the fewest digits by halving the range: if some number of digits is enough, so is every larger one. */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal best = exact.round(new MathContext(MAX_DIGITS, RoundingMode.HALF_EVEN));
        int low = 1;
        int high = MAX_DIGITS;
        while (low < high) {
            int digits = (low + high) / 2;
            BigDecimal candidate = candidate(exact, value, digits);
            if (candidate.signum() == 0) {
                low = digits + 1;
            } else {
                high = digits;
                best = candidate;
            }
        }
        return best;
    }

    /**
     * Returns the decimal with that many digits that reads back as the value and is nearest to it, or zero if there is
     * none. Below a power of two doubles lie closer together than above it, so the nearer neighbour may read back as
     * another double while the farther one does not: both are tried.
     */
    private static BigDecimal candidate(BigDecimal exact, double value, int digits) {
        BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        if (nearest.doubleValue() == value) {
            return nearest;
        }
        RoundingMode otherWay = nearest.compareTo(exact) > 0 ? RoundingMode.DOWN : RoundingMode.UP;
        BigDecimal farther = exact.round(new MathContext(digits, otherWay));
        return farther.doubleValue() == value ? farther : BigDecimal.ZERO;
    }

    /** Places the decimal point as ECMA-262 does; {@code point} is the place of the point, counted from the left. */
    private static void layOut(StringBuilder out, String digits, int point) {
        int count = digits.length();
        if (count <= point && point <= 21) {
            out.append(digits).append("0".repeat(point - count));
        } else if (0 < point && point <= 21) {
            out.append(digits, 0, point).append('.').append(digits, point, count);
        } else if (-6 < point && point <= 0) {
            out.append("0.").append("0".repeat(-point)).append(digits);
        } else {
            out.append(digits.charAt(0));
            if (count > 1) {
                out.append('.').append(digits, 1, count);
            }
            int exponent = point - 1;
            out.append('e').append(exponent < 0 ? '-' : '+').append(Math.abs(exponent));
        }
    }
}
