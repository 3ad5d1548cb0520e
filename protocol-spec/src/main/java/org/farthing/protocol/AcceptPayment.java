package org.farthing.protocol;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.FieldText;

/**
 * Which methods and intents a client can pay, with weights: the field {@code Accept-Payment}. Specification:
 * accept-payment.md (F-AP-1 to F-AP-6).
 *
 * <p>It is a wish about the order of challenges and decides nothing about money.
 *
 * @param ranges the ranges in the client's order, 1 to 64
 */
public record AcceptPayment(List<Range> ranges) {

    private static final String WHERE = "Accept-Payment";
    private static final String ANY = "*";
    private static final int MAX_RANGES = 64;

    /** What counts when the field is absent or cannot be read: everything, alike. */
    public static final AcceptPayment ALL = new AcceptPayment(List.of(new Range(ANY, ANY, 1000)));

    /**
     * Copies the list.
     *
     * @param ranges as described at the record
     * @throws IllegalArgumentException if there is no range or more than 64
     */
    public AcceptPayment {
        ranges = List.copyOf(ranges);
        if (ranges.isEmpty() || ranges.size() > MAX_RANGES) {
            throw new IllegalArgumentException("1 to " + MAX_RANGES + " ranges are needed");
        }
    }

    /**
     * One range with its weight.
     *
     * @param method a method, or {@code *} for all
     * @param intent an intent, or {@code *} for all
     * @param thousandths the weight in thousandths, 0 (never) to 1000
     */
    public record Range(String method, String intent, int thousandths) {

        /**
         * Refuses what is no range.
         *
         * @param method as described at the record
         * @param intent as described at the record
         * @param thousandths as described at the record
         * @throws IllegalArgumentException if a name has a foreign character, or the weight is not within 0 to 1000
         */
        public Range {
            try {
                if (!method.equals(ANY)) {
                    ChallengeTerms.requireMethod("method", method);
                }
                if (!intent.equals(ANY)) {
                    ChallengeTerms.requireIntent("intent", intent);
                }
            } catch (MalformedException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
            if (thousandths < 0 || thousandths > 1000) {
                throw new IllegalArgumentException("a weight is within 0 and 1000 thousandths");
            }
        }

        private boolean matches(String otherMethod, String otherIntent) {
            return (method.equals(ANY) || method.equals(otherMethod))
                    && (intent.equals(ANY) || intent.equals(otherIntent));
        }

        /** A named method counts for more than a named intent. */
        private int specificity() {
            return (method.equals(ANY) ? 0 : 2) + (intent.equals(ANY) ? 0 : 1);
        }

        private String format() {
            String weight = String.format(Locale.ROOT, "%03d", thousandths % 1000);
            while (weight.endsWith("0")) {
                weight = weight.substring(0, weight.length() - 1);
            }
            String range = method + "/" + intent;
            if (thousandths == 1000) {
                return range;
            }
            return range + ";q=0" + (weight.isEmpty() ? "" : "." + weight);
        }
    }

    /**
     * Reads a field value.
     *
     * @param fieldValue the value of {@code Accept-Payment}
     * @return the ranges
     * @throws MalformedException if it is no list of ranges, or an empty one, or one of more than 64
     */
    public static AcceptPayment parse(String fieldValue) throws MalformedException {
        return parse(List.of(fieldValue));
    }

    /**
     * Reads a field as servers should: absent or unreadable is as good as everything.
     *
     * @param fieldValues all values of {@code Accept-Payment}, in their order
     * @return the ranges, or {@link #ALL}
     */
    public static AcceptPayment orAll(List<String> fieldValues) {
        if (fieldValues.isEmpty()) {
            return ALL;
        }
        try {
            return parse(fieldValues);
        } catch (MalformedException e) {
            return ALL;
        }
    }

    private static AcceptPayment parse(List<String> fieldValues) throws MalformedException {
        List<Range> ranges = new ArrayList<>();
        for (String fieldValue : fieldValues) {
            FieldText.requireLength(fieldValue, WHERE);
            for (String element : fieldValue.split(",", -1)) {
                String range = trim(element);
                if (range.isEmpty()) {
                    continue;
                }
                if (ranges.size() == MAX_RANGES) {
                    throw new MalformedException(Fault.TOO_LARGE, WHERE, "more than " + MAX_RANGES + " ranges");
                }
                ranges.add(range(range));
            }
        }
        if (ranges.isEmpty()) {
            throw new MalformedException(Fault.SYNTAX, WHERE, "no range");
        }
        return new AcceptPayment(ranges);
    }

    private static Range range(String text) throws MalformedException {
        String[] parts = text.split(";", -1);
        String range = trim(parts[0]);
        int slash = range.indexOf('/');
        if (slash < 0) {
            throw new MalformedException(Fault.SYNTAX, WHERE, "a range is method/intent");
        }
        String method = range.substring(0, slash);
        String intent = range.substring(slash + 1);
        if (!method.equals(ANY)) {
            ChallengeTerms.requireMethod(WHERE, method);
        }
        if (!intent.equals(ANY)) {
            ChallengeTerms.requireIntent(WHERE, intent);
        }
        if (parts.length > 2) {
            throw new MalformedException(Fault.SYNTAX, WHERE, "a range has a weight and no other parameter");
        }
        return new Range(method, intent, parts.length == 1 ? 1000 : weight(trim(parts[1])));
    }

    /** Reads {@code q=0.5} (RFC 9110 section 12.4.2). */
    private static int weight(String text) throws MalformedException {
        boolean legal = text.length() >= 3
                && text.length() <= 7
                && (text.charAt(0) == 'q' || text.charAt(0) == 'Q')
                && text.charAt(1) == '='
                && (text.charAt(2) == '0' || text.charAt(2) == '1')
                && (text.length() == 3 || text.charAt(3) == '.');
        int thousandths = 0;
        for (int i = 4; legal && i < 7; i++) {
            char c = i < text.length() ? text.charAt(i) : '0';
            legal = c >= '0' && c <= '9';
            thousandths = thousandths * 10 + (c - '0');
        }
        if (!legal || (text.charAt(2) == '1' && thousandths > 0)) {
            throw new MalformedException(Fault.SYNTAX, WHERE, "a weight is q= and 0 to 1 with up to three decimals");
        }
        return text.charAt(2) == '1' ? 1000 : thousandths;
    }

    private static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    /**
     * Writes the field value.
     *
     * @return the ranges in their order
     */
    public String format() {
        List<String> texts = new ArrayList<>();
        for (Range range : ranges) {
            texts.add(range.format());
        }
        return String.join(", ", texts);
    }

    /**
     * Returns the weight of a method and intent: that of the most specific range that matches, and of the first among
     * equals.
     *
     * @param method a method
     * @param intent an intent
     * @return thousandths, 0 if it is not acceptable
     */
    public int thousandths(String method, String intent) {
        Range best = null;
        for (Range range : ranges) {
            if (range.matches(method, intent) && (best == null || range.specificity() > best.specificity())) {
                best = range;
            }
        }
        return best == null ? 0 : best.thousandths();
    }

    /**
     * Orders what a server offers: the unacceptable left out, the rest by falling weight, in the server's order among
     * equals. If nothing would be left, the wish is ignored and everything stays: a 402 without a challenge is not
     * allowed (F-AP-5).
     *
     * @param offers what the server has, in its order
     * @param method tells the method of an offer
     * @param intent tells the intent of an offer
     * @param <T> an offer
     * @return the offers to send
     */
    public <T> List<T> rank(List<T> offers, Function<? super T, String> method, Function<? super T, String> intent) {
        List<Weighted<T>> weighted = new ArrayList<>();
        for (T offer : offers) {
            int thousandths = thousandths(method.apply(offer), intent.apply(offer));
            if (thousandths > 0) {
                weighted.add(new Weighted<>(offer, thousandths));
            }
        }
        if (weighted.isEmpty()) {
            return List.copyOf(offers);
        }
        weighted.sort(
                Comparator.comparingInt((Weighted<T> w) -> w.thousandths()).reversed());
        return weighted.stream().map(Weighted::offer).toList();
    }

    private record Weighted<T>(T offer, int thousandths) {}
}
