package org.farthing.server.jetty;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.QuotedCSV;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.server.ledger.StoredOutcome;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of answers on priced paths (specification: server.md, "Fields on each answer"; T48): what the application
 * set stays, but a paid answer is nobody's but the payer's.
 */
final class AnswerFields {

    static final String OUTCOME = "Payment-Outcome";
    static final String RECEIPT = "Payment-Receipt";
    static final String RELEASE = "Payment-Release";
    static final String REPLAYED = "Payment-Replayed";

    /** Ours to set; from an application or its upstream they would be forgeries. */
    private static final List<String> OURS = List.of(OUTCOME, RECEIPT, RELEASE, REPLAYED, RequestId.FIELD);

    /** Caches in front of an origin obey these instead of Cache-Control (RFC 9213). */
    private static final List<String> TARGETED = List.of("CDN-Cache-Control", "Surrogate-Control");

    /** New for every answer, or about the connection (F-RE-21). */
    private static final Set<String> NOT_STORED = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "transfer-encoding",
            "upgrade",
            "date",
            "server",
            "payment-outcome",
            "payment-receipt",
            "payment-release",
            "payment-replayed",
            "x-request-id");

    /** No intermediary may find in a trailer what it has decided on before. */
    private static final Set<String> NO_TRAILER = Set.of(
            "authorization",
            "payment-authorization",
            "www-authenticate",
            "set-cookie",
            "cache-control",
            "cdn-cache-control",
            "surrogate-control",
            "vary",
            "content-length",
            "content-encoding",
            "content-type",
            "content-range",
            "host",
            "trailer");

    private static final String TRAILER = "trailer ";

    private AnswerFields() {}

    /** Says what became of the money, and keeps caches away. */
    static void paid(HttpFields.Mutable fields, @Nullable ChargeOutcome outcome, @Nullable String receipt, int status) {
        OURS.forEach(fields::remove);
        if (status != 402) {
            dropChallenges(fields);
        }
        if (outcome != null) {
            fields.put(OUTCOME, outcome.format());
        }
        if (receipt != null) {
            fields.put(RECEIPT, receipt);
        }
        keepPrivate(fields);
    }

    /** Keeps shared caches away (F-SV-31, F-CR-8). */
    static void keepPrivate(HttpFields.Mutable fields) {
        TARGETED.forEach(fields::remove);
        fields.put(HttpHeader.CACHE_CONTROL, onlyPrivate(fields.getValuesList(HttpHeader.CACHE_CONTROL)));
    }

    /** Names the fields a credential may come in, beside what is named already (F-SV-30). */
    static void vary(HttpFields.Mutable fields, List<String> credentialFields) {
        List<String> names = new ArrayList<>(fields.getCSV(HttpHeader.VARY, false));
        if (names.contains("*")) {
            return;
        }
        for (String field : credentialFields) {
            if (names.stream().noneMatch(field::equalsIgnoreCase)) {
                names.add(field);
            }
        }
        fields.put(HttpHeader.VARY, String.join(", ", names));
    }

    /** Removes what would let a shared cache keep the answer, and forbids it; stricter directives stay (F-SV-31). */
    static String onlyPrivate(List<String> values) {
        List<String> kept = new ArrayList<>();
        boolean noStore = false;
        for (String directive : new QuotedCSV(true, values.toArray(String[]::new))) {
            String name = directive.split("=", 2)[0].strip().toLowerCase(Locale.ROOT);
            noStore |= name.equals("no-store");
            if (!Set.of("public", "s-maxage", "private", "proxy-revalidate").contains(name)) {
                kept.add(directive);
            }
        }
        if (!noStore) {
            kept.add(0, "private");
        }
        return String.join(", ", kept);
    }

    /** What is stored for a replay: the answer's own fields, without those the outer handlers set on every answer. */
    static List<StoredOutcome.Field> stored(HttpFields fields, HttpFields before) {
        List<StoredOutcome.Field> stored = new ArrayList<>();
        for (HttpField field : fields) {
            String value = field.getValue();
            boolean own = !before.contains(field) && !NOT_STORED.contains(field.getLowerCaseName());
            if (own && value != null && isOneLine(value)) {
                stored.add(new StoredOutcome.Field(field.getName(), value));
            }
        }
        return stored;
    }

    /** The trailer fields of an answer that may leave: what decides about an answer stands in front of it (F-ST-39). */
    static HttpFields trailers(@Nullable HttpFields fields) {
        HttpFields.Mutable kept = HttpFields.build();
        for (HttpField field : fields == null ? HttpFields.EMPTY : fields) {
            String name = field.getLowerCaseName();
            boolean inFront =
                    NOT_STORED.contains(name) || NO_TRAILER.contains(name) || name.startsWith("access-control-");
            if (!inFront && field.getValue() != null && isOneLine(field.getValue())) {
                kept.add(field);
            }
        }
        return kept.asImmutable();
    }

    /** Trailer fields as they are stored: with a mark no field name can have. */
    static List<StoredOutcome.Field> storedTrailers(HttpFields trailers) {
        return trailers.stream()
                .map(field -> new StoredOutcome.Field(TRAILER + field.getName(), field.getValue()))
                .toList();
    }

    /** The trailer field that is stored so, or null if it is a header field. */
    static @Nullable HttpField trailer(StoredOutcome.Field stored) {
        return stored.name().startsWith(TRAILER)
                ? new HttpField(stored.name().substring(TRAILER.length()), stored.value())
                : null;
    }

    /** Takes out of an interim answer what is only true of a final one. */
    static HttpFields interim(HttpFields fields) {
        HttpFields.Mutable kept = HttpFields.build(fields);
        OURS.forEach(kept::remove);
        kept.remove(HttpHeader.WWW_AUTHENTICATE);
        return kept.asImmutable();
    }

    /** Puts the fields of a held answer onto the real one. */
    static void transfer(HttpFields answer, HttpFields before, HttpFields.Mutable real) {
        for (String name : before.getFieldNamesCollection()) {
            boolean ofServer = name.equalsIgnoreCase("Server") || name.equalsIgnoreCase("Date");
            if (!ofServer && !answer.contains(name)) {
                real.remove(name);
            }
        }
        for (String name : answer.getFieldNamesCollection()) {
            List<String> values = answer.getValuesList(name);
            if (!values.equals(real.getValuesList(name))) {
                real.put(name, values);
            }
        }
    }

    private static void dropChallenges(HttpFields.Mutable fields) {
        List<String> others = fields.getValuesList(HttpHeader.WWW_AUTHENTICATE).stream()
                .filter(value -> !value.strip().regionMatches(true, 0, "payment ", 0, 8))
                .toList();
        fields.remove(HttpHeader.WWW_AUTHENTICATE);
        others.forEach(value -> fields.add(HttpHeader.WWW_AUTHENTICATE, value));
    }

    private static boolean isOneLine(String value) {
        return value.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
    }
}
