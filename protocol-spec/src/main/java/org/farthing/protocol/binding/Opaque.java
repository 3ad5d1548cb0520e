package org.farthing.protocol.binding;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * What our challenges carry in {@code opaque}, the slot every client echoes unchanged: a nonce, the binding to the
 * request, and where needed the hash of the price facts. A flat object of texts in canonical JSON (S21; F-BI-20 to
 * F-BI-25 in spec/binding.md).
 *
 * <p>Exactly one binding stands in it: {@code rb} (this very request), or {@code rt} with {@code o} (a route of an origin;
 * {@code rt} is {@code *} for the whole realm).
 *
 * @param nonce {@code n}: 16 random bytes in base64url; two payers never share a challenge because of it
 * @param rb hash of method, origin, path and query, see {@link RequestTarget#rb()}
 * @param rt stable route id, or {@code *}
 * @param o the server's public origin, together with {@code rt}
 * @param pf hash of the price facts, see {@link PriceFacts}
 * @param extensions further members by name; names of this specification are not allowed there
 */
public record Opaque(
        String nonce,
        @Nullable String rb,
        @Nullable String rt,
        @Nullable String o,
        @Nullable String pf,
        Map<String, String> extensions) {

    /** The route id that means every route of the realm. */
    public static final String ANY_ROUTE = "*";

    private static final String RE_ENTRY = "re";
    private static final int NONCE_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int MAX_ROUTE = 64;

    /**
     * Checks the members and that exactly one binding stands there.
     *
     * @param nonce 16 bytes in base64url
     * @param rb 32 bytes in base64url, or null
     * @param rt {@code *}, or 1 to 64 letters, digits and {@code . _ -}, or null
     * @param o an origin in its one spelling, or null
     * @param pf 32 bytes in base64url, or null
     * @param extensions further members
     * @throws IllegalArgumentException if a member is malformed, or the binding is missing or double
     */
    public Opaque {
        extensions = Map.copyOf(extensions);
        try {
            check(nonce, rb, rt, o, pf);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        for (String name : extensions.keySet()) {
            if (name.equals("n") || name.equals("rb") || name.equals("rt") || name.equals("o") || name.equals("pf")) {
                throw new IllegalArgumentException("'" + name + "' is a member of its own, not an extension");
            }
        }
    }

    /**
     * Reads the slot.
     *
     * @param base64url the slot as received
     * @return its members
     * @throws MalformedException if it is not base64url of a flat canonical JSON object of texts with a nonce and one
     *     binding
     */
    public static Opaque parse(String base64url) throws MalformedException {
        byte[] bytes = Base64Url.decode(base64url, "opaque");
        Map<String, @Nullable Object> object = StrictJson.parseObject(bytes, "opaque", StrictJson.Limits.FIELD);
        Map<String, String> members = new TreeMap<>();
        for (Map.Entry<String, @Nullable Object> member : object.entrySet()) {
            if (!(member.getValue() instanceof String text)) {
                throw new MalformedException(Fault.TYPE, "opaque", "every member is a text");
            }
            members.put(member.getKey(), text);
        }
        if (!CanonicalJson.write(members).equals(new String(bytes, StandardCharsets.UTF_8))) {
            throw new MalformedException(Fault.NOT_CANONICAL, "opaque", "opaque is canonical JSON (RFC 8785)");
        }
        String nonce = members.remove("n");
        if (nonce == null) {
            throw new MalformedException(Fault.MISSING, "opaque.n", "a nonce is required");
        }
        String rb = members.remove("rb");
        String rt = members.remove("rt");
        String o = members.remove("o");
        String pf = members.remove("pf");
        check(nonce, rb, rt, o, pf);
        return new Opaque(nonce, rb, rt, o, pf, members);
    }

    /**
     * Binds to one request: method, origin, path and query.
     *
     * @param nonce from {@link #newNonce}
     * @param rb from {@link RequestTarget#rb()}
     * @return the members
     */
    public static Opaque exact(String nonce, String rb) {
        return new Opaque(nonce, rb, null, null, null, Map.of());
    }

    /**
     * Binds to a route, for servers behind proxies that rewrite paths.
     *
     * @param nonce from {@link #newNonce}
     * @param rt the stable route id
     * @param o the public origin
     * @return the members
     */
    public static Opaque route(String nonce, String rt, String o) {
        return new Opaque(nonce, null, rt, o, null, Map.of());
    }

    /**
     * Binds to an origin as a whole, for sessions.
     *
     * @param nonce from {@link #newNonce}
     * @param o the public origin
     * @return the members
     */
    public static Opaque realm(String nonce, String o) {
        return route(nonce, ANY_ROUTE, o);
    }

    /**
     * Makes a nonce.
     *
     * @param random the source of randomness
     * @return 16 random bytes in base64url
     */
    public static String newNonce(SecureRandom random) {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /**
     * The same with the hash of the price facts.
     *
     * @param facts from {@link PriceFacts#hash}
     * @return a copy with {@code pf}
     */
    public Opaque withFacts(String facts) {
        return new Opaque(nonce, rb, rt, o, facts, extensions);
    }

    /**
     * The same for a request that was paid before and is made again with a pass (F-PA-10 in spec/pass.md).
     *
     * @param chargeId the challenge id of the charge that paid
     * @return a copy with {@code re}
     */
    public Opaque withReEntry(String chargeId) {
        Map<String, String> more = new TreeMap<>(extensions);
        more.put(RE_ENTRY, chargeId);
        return new Opaque(nonce, rb, rt, o, pf, more);
    }

    /**
     * Returns which charge paid for this request before.
     *
     * @return {@code re}, a challenge id; empty if this challenge asks for a payment of its own
     */
    public Optional<String> reEntry() {
        return Optional.ofNullable(extensions.get(RE_ENTRY));
    }

    /**
     * Tells whether a request is one this challenge was made for, as far as a client can tell: {@code rb} is recomputed,
     * or {@code o} is the request's origin. Which route {@code rt} is, only the server knows.
     *
     * @param target the request
     * @return true if it is
     */
    public boolean binds(RequestTarget target) {
        return rb != null ? rb.equals(target.rb()) : target.origin().text().equals(o);
    }

    /**
     * Writes the slot.
     *
     * @return base64url of the canonical JSON
     */
    public String format() {
        Map<String, Object> members = new TreeMap<>(extensions);
        members.put("n", nonce);
        putIfPresent(members, "rb", rb);
        putIfPresent(members, "rt", rt);
        putIfPresent(members, "o", o);
        putIfPresent(members, "pf", pf);
        return Base64Url.encodeUtf8(CanonicalJson.write(members));
    }

    private static void putIfPresent(Map<String, Object> members, String name, @Nullable String value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    private static void check(
            String nonce, @Nullable String rb, @Nullable String rt, @Nullable String o, @Nullable String pf)
            throws MalformedException {
        checkBytes(nonce, NONCE_BYTES, "opaque.n");
        if (rb != null) {
            checkBytes(rb, HASH_BYTES, "opaque.rb");
        }
        if (pf != null) {
            checkBytes(pf, HASH_BYTES, "opaque.pf");
        }
        if (rb == null && (rt == null || o == null)) {
            throw new MalformedException(Fault.MISSING, "opaque", "a binding is required: rb, or rt with o");
        }
        if (rb != null && (rt != null || o != null)) {
            throw new MalformedException(Fault.VALUE, "opaque", "one binding only: rb, or rt with o");
        }
        if (rt != null && !isRouteId(rt)) {
            throw new MalformedException(
                    Fault.VALUE,
                    "opaque.rt",
                    "a route id is '*', or 1 to " + MAX_ROUTE + " of letters, digits, '.', '_', '-'");
        }
        if (o != null && !Origin.parse(o, "opaque.o").text().equals(o)) {
            throw new MalformedException(Fault.NOT_CANONICAL, "opaque.o", "an origin in its one spelling is needed");
        }
    }

    private static void checkBytes(String base64url, int length, String where) throws MalformedException {
        if (Base64Url.decode(base64url, where).length != length) {
            throw new MalformedException(Fault.VALUE, where, length + " bytes are needed");
        }
    }

    private static boolean isRouteId(String text) {
        if (text.equals(ANY_ROUTE)) {
            return true;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MAX_ROUTE;
    }
}
