package org.farthing.server.jetty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;

/**
 * Which web pages of other origins may ask for what is priced, and read the answers (the Fetch standard's CORS; specification:
 * server.md, F-SV-22 and F-SV-33; T51).
 *
 * <p>Pages of a listed origin can read challenges, receipts and outcomes and send credentials. Whoever lists an origin trusts its
 * pages with the payments of the people who visit them; there is no wildcard. Cookies are never allowed along. Answers on free
 * paths are the application's own business.
 *
 * <p>Immutable. Who prefers a handler outside, such as Jetty's {@code CrossOriginHandler}, gives it {@link #EXPOSED} and {@link
 * #REQUESTED} and sets nothing here.
 */
public final class CrossOrigin {

    /** The fields of answers that a page needs to pay and to know what it paid. */
    public static final Set<String> EXPOSED = ordered(List.of(
            "WWW-Authenticate",
            AnswerFields.RECEIPT,
            AnswerFields.OUTCOME,
            AnswerFields.RELEASE,
            AnswerFields.REPLAYED,
            "Retry-After",
            "Link",
            RequestId.FIELD));

    /** The fields of requests that a paying page sends. */
    public static final Set<String> REQUESTED = ordered(List.of(
            "Authorization",
            "Payment-Authorization",
            "Accept-Payment",
            "Payment-Pass",
            "Idempotency-Key",
            "Content-Digest",
            "Content-Type",
            RequestId.FIELD));

    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final String EXPOSE = "Access-Control-Expose-Headers";
    private static final String REQUEST_METHOD = "Access-Control-Request-Method";
    private static final String MAX_AGE_SECONDS = "600";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** What nobody but the payer may read in an answer that every page may read. */
    private static final Set<String> NEVER_FOR_ALL = Set.of(
            "*", "www-authenticate", "payment-receipt", "payment-outcome", "payment-release", "payment-replayed");

    private static final CrossOrigin NOBODY = new CrossOrigin(Set.of(), Set.of(), Set.of(), Set.of());

    private final Set<String> origins;
    private final Set<String> methods;
    private final Set<String> requested;
    private final Set<String> exposed;

    private CrossOrigin(Set<String> origins, Set<String> methods, Set<String> requested, Set<String> exposed) {
        this.origins = origins;
        this.methods = methods;
        this.requested = requested;
        this.exposed = exposed;
    }

    /**
     * Says nothing about other origins, as if there were no CORS.
     *
     * @return the default
     */
    public static CrossOrigin none() {
        return NOBODY;
    }

    /**
     * Allows pages of some origins, with the methods GET, HEAD and POST and the fields of payments.
     *
     * @param origins for example {@code https://shop.example}, at least one
     * @return what is allowed
     * @throws IllegalArgumentException if one is {@code *} or {@code null}, is no origin, or is plain http and not on this machine
     */
    public static CrossOrigin allow(String... origins) {
        if (origins.length == 0) {
            throw new IllegalArgumentException("name the origins whose pages may pay here");
        }
        List<String> checked = Arrays.stream(origins).map(CrossOrigin::origin).toList();
        return new CrossOrigin(ordered(checked), ordered(List.of("GET", "HEAD", "POST")), REQUESTED, EXPOSED);
    }

    /**
     * Allows other methods than GET, HEAD and POST.
     *
     * @param allowed all methods to allow
     * @return these settings with them
     * @throws IllegalArgumentException if one is no method
     */
    public CrossOrigin withMethods(String... allowed) {
        return new CrossOrigin(origins, ordered(tokens(List.of(allowed))), requested, exposed);
    }

    /**
     * Allows fields of the application in requests, too.
     *
     * @param names field names
     * @return these settings with them
     * @throws IllegalArgumentException if one is no field name
     */
    public CrossOrigin withRequestFields(String... names) {
        return new CrossOrigin(origins, methods, union(requested, tokens(List.of(names))), exposed);
    }

    /**
     * Lets pages read fields of the application, too.
     *
     * @param names field names
     * @return these settings with them
     * @throws IllegalArgumentException if one is no field name
     */
    public CrossOrigin withExposedFields(String... names) {
        return new CrossOrigin(origins, methods, requested, union(exposed, tokens(List.of(names))));
    }

    /** Whether any page of another origin may pay. */
    boolean isAllowed() {
        return !origins.isEmpty();
    }

    /** Whether a browser asks here if a page may send the real request. */
    static boolean isPreflight(Request request) {
        HttpFields fields = request.getHeaders();
        return fields.contains(HttpHeader.ORIGIN) && fields.contains(REQUEST_METHOD);
    }

    /** The method a browser asks about. */
    static String requestedMethod(Request request) {
        String method = request.getHeaders().get(REQUEST_METHOD);
        return method == null ? "" : method;
    }

    /** Says to a browser what a page may send; to pages that may nothing, nothing. */
    void preflight(Request request, HttpFields.Mutable fields) {
        if (!isAllowed()) {
            return;
        }
        AnswerFields.vary(fields, List.of("Origin", REQUEST_METHOD, "Access-Control-Request-Headers"));
        String page = page(request);
        if (page.isEmpty()) {
            return;
        }
        fields.put(ALLOW_ORIGIN, page);
        fields.put("Access-Control-Allow-Methods", String.join(", ", methods));
        fields.put("Access-Control-Allow-Headers", String.join(", ", requested));
        fields.put("Access-Control-Max-Age", MAX_AGE_SECONDS);
    }

    /** Decides who may read an answer with payment fields; what an application or an outer handler says gives way. */
    void answer(Request request, HttpFields.Mutable fields) {
        if (!isAllowed()) {
            if (fields.getValuesList(ALLOW_ORIGIN).contains("*")) {
                hideFromAll(fields);
            }
            return;
        }
        AnswerFields.vary(fields, List.of("Origin"));
        fields.remove(ALLOW_ORIGIN);
        fields.remove(EXPOSE);
        fields.remove("Access-Control-Allow-Credentials");
        String page = page(request);
        if (!page.isEmpty()) {
            fields.put(ALLOW_ORIGIN, page);
            fields.put(EXPOSE, String.join(", ", exposed));
        }
    }

    private static void hideFromAll(HttpFields.Mutable fields) {
        List<String> kept = fields.getCSV(EXPOSE, false).stream()
                .filter(name -> !NEVER_FOR_ALL.contains(name.toLowerCase(Locale.ROOT)))
                .toList();
        fields.remove(EXPOSE);
        if (!kept.isEmpty()) {
            fields.put(new HttpField(EXPOSE, String.join(", ", kept)));
        }
    }

    /** The listed origin of the page that asks, as it is listed; empty if it is not. */
    private String page(Request request) {
        List<String> lines = request.getHeaders().getValuesList(HttpHeader.ORIGIN);
        return lines.size() == 1 && origins.contains(lines.get(0)) ? lines.get(0) : "";
    }

    private static String origin(String text) {
        if (text.contains("*") || text.equals("null")) {
            throw new IllegalArgumentException("the origin " + text
                    + " would let any page cause payments of its visitors and read the receipts: name each origin");
        }
        try {
            Origin origin = Origin.parse(text);
            if (origin.isHttps() || origin.isLoopback() || origin.host().equals("localhost")) {
                return origin.text();
            }
        } catch (MalformedException e) {
            throw new IllegalArgumentException("an origin looks like https://shop.example; " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("pages of the origin " + text
                + " come over plain http, so anybody on the way could pay with them: use https");
    }

    private static List<String> tokens(List<String> names) {
        for (String name : names) {
            if (!TOKEN.matcher(name).matches() || name.equals("*")) {
                throw new IllegalArgumentException("not the name of a method or field: " + name);
            }
        }
        return names;
    }

    private static Set<String> union(Set<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return ordered(all);
    }

    private static Set<String> ordered(Collection<String> names) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }
}
