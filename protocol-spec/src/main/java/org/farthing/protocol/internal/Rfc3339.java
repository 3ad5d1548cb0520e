package org.farthing.protocol.internal;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;

/**
 * Date and time of RFC 3339 section 5.6, as the drafts use it: upper-case {@code T} and {@code Z} only, any offset, a
 * fraction of up to nine digits. Leap seconds are refused: {@code Instant} has none and an expiry needs none.
 * Specification: encoding.md (F-EN-40, F-EN-41).
 */
public final class Rfc3339 {

    /** {@code 2026-11-22T10:05:00}: what stands before the fraction and the offset. */
    private static final int FIXED = 19;

    private static final String SHAPE = "0000-00-00T00:00:00";

    private Rfc3339() {}

    /**
     * Reads a time.
     *
     * @throws MalformedException if the text is no RFC 3339 time, or names a day or time that does not exist
     */
    public static Instant parse(String text, String where) throws MalformedException {
        if (text.length() <= FIXED) {
            throw syntax(where);
        }
        for (int i = 0; i < FIXED; i++) {
            char shape = SHAPE.charAt(i);
            if (shape == '0' ? !isDigit(text, i) : text.charAt(i) != shape) {
                throw syntax(where);
            }
        }
        int end = FIXED;
        int nanos = 0;
        if (text.charAt(end) == '.') {
            end++;
            int start = end;
            while (isDigit(text, end)) {
                end++;
            }
            if (end == start || end - start > 9) {
                throw syntax(where);
            }
            nanos = nanos(text, start, end);
        }
        long offset = offsetSeconds(text, end, where);
        return Instant.ofEpochSecond(localSeconds(text, where) - offset, nanos);
    }

    /**
     * Writes a time in UTC with whole seconds; a fraction is dropped.
     *
     * @throws IllegalArgumentException if the year is not within 0 to 9999
     */
    public static String format(Instant time) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
        if (utc.getYear() < 0 || utc.getYear() > 9999) {
            throw new IllegalArgumentException("RFC 3339 has years 0000 to 9999 only");
        }
        StringBuilder out = new StringBuilder(FIXED + 1);
        padded(out, utc.getYear(), 4);
        padded(out.append('-'), utc.getMonthValue(), 2);
        padded(out.append('-'), utc.getDayOfMonth(), 2);
        padded(out.append('T'), utc.getHour(), 2);
        padded(out.append(':'), utc.getMinute(), 2);
        padded(out.append(':'), utc.getSecond(), 2);
        return out.append('Z').toString();
    }

    private static long localSeconds(String text, String where) throws MalformedException {
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) {
            throw new MalformedException(Fault.VALUE, where, "a day that does not exist");
        }
        if (hour > 23 || minute > 59 || second > 59) {
            throw new MalformedException(Fault.VALUE, where, "a time of day that does not exist");
        }
        return LocalDate.of(year, month, day).toEpochDay() * 86_400L + hour * 3_600L + minute * 60L + second;
    }

    private static int daysOf(int year, int month) {
        return switch (month) {
            case 2 -> IsoChronology.INSTANCE.isLeapYear(year) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    private static int nanos(String text, int start, int end) {
        int nanos = 0;
        for (int i = start; i < start + 9; i++) {
            nanos = nanos * 10 + (i < end ? text.charAt(i) - '0' : 0);
        }
        return nanos;
    }

    private static long offsetSeconds(String text, int at, String where) throws MalformedException {
        int left = text.length() - at;
        if (left == 1 && text.charAt(at) == 'Z') {
            return 0;
        }
        boolean shaped = left == 6
                && (text.charAt(at) == '+' || text.charAt(at) == '-')
                && isDigit(text, at + 1)
                && isDigit(text, at + 2)
                && text.charAt(at + 3) == ':'
                && isDigit(text, at + 4)
                && isDigit(text, at + 5);
        if (!shaped) {
            throw syntax(where);
        }
        int hours = number(text, at + 1, at + 3);
        int minutes = number(text, at + 4, at + 6);
        if (hours > 23 || minutes > 59) {
            throw new MalformedException(Fault.VALUE, where, "an offset that does not exist");
        }
        int seconds = hours * 3_600 + minutes * 60;
        return text.charAt(at) == '-' ? -seconds : seconds;
    }

    private static int number(String text, int start, int end) {
        int value = 0;
        for (int i = start; i < end; i++) {
            value = value * 10 + (text.charAt(i) - '0');
        }
        return value;
    }

    private static boolean isDigit(String text, int i) {
        return i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }

    private static void padded(StringBuilder out, int value, int width) {
        String digits = Integer.toString(value);
        out.append("0".repeat(width - digits.length())).append(digits);
    }

    private static MalformedException syntax(String where) {
        return new MalformedException(Fault.SYNTAX, where, "not an RFC 3339 time such as 2026-11-22T10:05:00Z");
    }
}
