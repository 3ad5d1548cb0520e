package org.farthing.client;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.farthing.client.method.Price;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.internal.Rfc3339;

/**
 * The passes of what was paid for, in memory: shown when the very same request is made again, so that it costs nothing (spec/pass.md,
 * F-PA-20 to F-PA-23). Each remembers what was paid, which is the most a refused visit may cost.
 *
 * <p>Thread-safe. Bounded: the pass that was used longest ago goes first.
 */
final class PassBook {

    static final String FIELD = "Payment-Pass";

    private static final int MOST = 1_000;
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Pattern PASS = Pattern.compile("[A-Za-z0-9_.-]{1,1024}");

    private final Map<String, Kept> passes = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * A pass and what was paid for it.
     *
     * @param pass the value of the field
     * @param until when it ends
     * @param price what was paid
     * @param method by which method
     * @param intent with which intent
     */
    record Kept(String pass, Instant until, Price price, String method, String intent) {}

    /** Keeps the pass of a receipt that is valid, if it has one. */
    void keep(String httpMethod, URI uri, PaymentReceipt receipt, Price paid, String method, String intent) {
        String pass = receipt.text("pass").orElse("");
        if (!READING.contains(httpMethod) || !PASS.matcher(pass).matches()) {
            return;
        }
        try {
            Instant until = Rfc3339.parse(receipt.text("passUntil").orElse(""), "receipt.passUntil");
            put(key(httpMethod, uri), new Kept(pass, until, paid, method, intent));
        } catch (MalformedException e) {
            // A pass that does not say how long it holds is of no use.
        }
    }

    /** The pass to show with a request without a body. */
    synchronized Optional<Kept> find(String httpMethod, URI uri, Instant now) {
        Kept kept = passes.get(key(httpMethod, uri));
        if (kept != null && !now.isBefore(kept.until())) {
            passes.remove(key(httpMethod, uri));
            return Optional.empty();
        }
        return Optional.ofNullable(kept);
    }

    /** Forgets a pass that was refused. */
    synchronized Optional<Kept> drop(String httpMethod, URI uri) {
        return Optional.ofNullable(passes.remove(key(httpMethod, uri)));
    }

    private synchronized void put(String key, Kept kept) {
        passes.put(key, kept);
        if (passes.size() > MOST) {
            passes.remove(passes.keySet().iterator().next());
        }
    }

    private static String key(String httpMethod, URI uri) {
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return httpMethod + " " + uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath() + query;
    }
}
