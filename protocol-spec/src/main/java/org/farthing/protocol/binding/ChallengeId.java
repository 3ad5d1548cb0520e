package org.farthing.protocol.binding;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.internal.Base64Url;
import org.jspecify.annotations.Nullable;

/**
 * The bare recipe of a challenge id: HMAC-SHA-256 over the bound slots joined by {@code |} (core draft section 5.1.3;
 * F-BI-1 and F-BI-2 in spec/binding.md).
 *
 * <p>It takes any secret and any terms, so that vectors of other implementations can be recomputed. A server uses {@link
 * SecretRing}, which refuses weak secrets and ambiguous terms.
 */
public final class ChallengeId {

    static final String MAC = "HmacSHA256";
    static final char SEPARATOR = '|';

    private ChallengeId() {}

    /**
     * Computes an id.
     *
     * @param secret the server's secret, of any length but empty
     * @param terms the terms to bind
     * @return base64url of the HMAC, 43 characters
     * @throws IllegalArgumentException if the secret is empty
     */
    public static String compute(byte[] secret, ChallengeTerms terms) {
        return compute(mac(secret), terms);
    }

    /**
     * The text beneath the HMAC: realm, method, intent, request, expires, digest and opaque, an absent one as the empty
     * text; and {@code header} as an eighth slot only when it is present.
     *
     * @param terms the terms to bind
     * @return the joined slots
     */
    public static String slots(ChallengeTerms terms) {
        StringBuilder slots = new StringBuilder(512)
                .append(terms.realm())
                .append(SEPARATOR)
                .append(terms.method())
                .append(SEPARATOR)
                .append(terms.intent())
                .append(SEPARATOR)
                .append(terms.request())
                .append(SEPARATOR)
                .append(orEmpty(terms.expires()))
                .append(SEPARATOR)
                .append(orEmpty(terms.digest()))
                .append(SEPARATOR)
                .append(orEmpty(terms.opaque()));
        String header = terms.header();
        return header == null
                ? slots.toString()
                : slots.append(SEPARATOR).append(header).toString();
    }

    /** The same with a Mac that has its key already; it is ready for the next id afterwards. */
    static String compute(Mac mac, ChallengeTerms terms) {
        return Base64Url.encode(mac.doFinal(slots(terms).getBytes(StandardCharsets.UTF_8)));
    }

    static Mac mac(byte[] secret) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(secret, MAC));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform must have " + MAC, e);
        }
    }

    private static String orEmpty(@Nullable String slot) {
        return slot == null ? "" : slot;
    }
}
