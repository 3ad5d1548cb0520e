package org.farthing.protocol.signature;

import org.jspecify.annotations.Nullable;

/**
 * The signature algorithms of this protocol. The key decides which one it is, never the header of a signature (threat
 * 17): a header only has to agree.
 */
public enum Algorithm {
    /** EdDSA over Curve25519 (RFC 8032, RFC 8037). */
    ED25519("EdDSA"),
    /** ECDSA over P-256 with SHA-256 (RFC 7518 section 3.4), made deterministically (RFC 6979). */
    ES256("ES256");

    /** RFC 9864's name for what RFC 8037 calls EdDSA; read, not yet written, until peers know it. */
    private static final String ED25519_ALIAS = "Ed25519";

    /** The name in headers and keys. */
    private final String joseName;

    Algorithm(String joseName) {
        this.joseName = joseName;
    }

    /**
     * The name this library writes as {@code alg}.
     *
     * @return {@code EdDSA} or {@code ES256}
     */
    public String joseName() {
        return joseName;
    }

    /**
     * Finds the algorithm of an {@code alg} value, compared exactly.
     *
     * @param alg the value
     * @return the algorithm, or null if it is none of this protocol's
     */
    static @Nullable Algorithm ofJoseName(String alg) {
        if (alg.equals(ED25519_ALIAS)) {
            return ED25519;
        }
        for (Algorithm algorithm : values()) {
            if (algorithm.joseName.equals(alg)) {
                return algorithm;
            }
        }
        return null;
    }
}
