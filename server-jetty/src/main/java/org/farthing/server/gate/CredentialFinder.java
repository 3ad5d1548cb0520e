package org.farthing.server.gate;

import java.util.List;
import org.farthing.server.offer.CredentialField;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one Payment credential of a request, or finds that there are too many (F-CR-3 to F-CR-5, T49). It looks at field
 * lines, because two lines, or a list within one, can be read differently by whoever stands between client and server.
 */
final class CredentialFinder {

    private static final String SCHEME = "payment";

    private CredentialFinder() {}

    /** What stands in the fields. */
    sealed interface Found {}

    /** No Payment credential: the request is unpaid. */
    record None() implements Found {}

    /** More than one field line, or a list with a Payment credential in it. */
    record Ambiguous() implements Found {}

    /** Exactly one. */
    record One(CredentialField field, String value) implements Found {}

    static Found find(List<String> authorization, List<String> paymentAuthorization) {
        if (authorization.size() > 1 || paymentAuthorization.size() > 1) {
            return new Ambiguous();
        }
        Found first = in(CredentialField.AUTHORIZATION, authorization);
        Found second = in(CredentialField.PAYMENT_AUTHORIZATION, paymentAuthorization);
        if (first instanceof None) {
            return second;
        }
        return second instanceof None ? first : new Ambiguous();
    }

    private static Found in(CredentialField field, List<String> lines) {
        if (lines.isEmpty()) {
            return new None();
        }
        String line = lines.get(0);
        if (line.indexOf(',') < 0) {
            return isPayment(line, 0, line.length()) ? new One(field, line) : new None();
        }
        int start = 0;
        while (start <= line.length()) {
            int end = elementEnd(line, start);
            if (isPayment(line, start, end)) {
                return new Ambiguous();
            }
            start = end + 1;
        }
        return new None();
    }

    /** The next comma outside a quoted string, or the end. */
    private static int elementEnd(String line, int from) {
        boolean quoted = false;
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                return i;
            }
        }
        return line.length();
    }

    private static boolean isPayment(String line, int from, int to) {
        int start = from;
        while (start < to && isWhite(line.charAt(start))) {
            start++;
        }
        int end = start + SCHEME.length();
        return end <= to
                && line.regionMatches(true, start, SCHEME, 0, SCHEME.length())
                && (end == to || isWhite(line.charAt(end)));
    }

    private static boolean isWhite(char c) {
        return c == ' ' || c == '\t';
    }

    /** Says which field was meant when only the challenge's parameter is known. */
    static CredentialField selectedBy(@Nullable String parameter) {
        return parameter == null ? CredentialField.AUTHORIZATION : CredentialField.PAYMENT_AUTHORIZATION;
    }
}
