package org.farthing.client.purse;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The secrets of a purse's tokens: nonce, salt and blind of each follow from the seed, the issuer's key, the token challenge
 * and a counter (spec/token-client.md, F-TK-120). So tokens that a lost disk held can be asked for again, and a purchase that
 * broke off is finished with the very bytes it began with.
 *
 * <p>A counter that was used once is never used for anything else: who asks keeps count.
 */
public final class TokenSecrets {

    private static final int NONCE = 32;
    private static final int SALT = 48;
    /** Sixteen bytes more than a modulus of 2048 bits, so that what is left of it after division is even. */
    private static final int BLIND = 272;

    private static final int KEY_ID = 32;

    private final byte[] root;

    TokenSecrets(byte[] root) {
        this.root = root.clone();
    }

    /** The secrets of one token. */
    public static final class Secret {

        private final byte[] derived;

        private Secret(byte[] derived) {
            this.derived = derived;
        }

        /**
         * The token's nonce, which the payee sees when it is spent.
         *
         * @return 32 bytes
         */
        public byte[] nonce() {
            return Arrays.copyOf(derived, NONCE);
        }

        /**
         * The salt of the signature.
         *
         * @return 48 bytes
         */
        public byte[] salt() {
            return Arrays.copyOfRange(derived, NONCE, NONCE + SALT);
        }

        /**
         * What hides the token from its issuer.
         *
         * @return 272 bytes, to be reduced modulo the issuer's key
         */
        public byte[] blind() {
            return Arrays.copyOfRange(derived, NONCE + SALT, derived.length);
        }

        /** Shows nothing. */
        @Override
        public String toString() {
            return "Secret[redacted]";
        }
    }

    /**
     * Derives the secrets of one token.
     *
     * @param keyId the 32 bytes of the issuer's key id
     * @param challengeDigest the 32 bytes of the token challenge's digest
     * @param counter which of the tokens of this key and challenge, from 0
     * @return the same secrets each time
     */
    public Secret of(byte[] keyId, byte[] challengeDigest, long counter) {
        if (keyId.length != KEY_ID || challengeDigest.length != KEY_ID || counter < 0) {
            throw new IllegalArgumentException("two digests of 32 bytes and a counter from 0 are needed");
        }
        byte[] info = ByteBuffer.allocate(2 * KEY_ID + Long.BYTES)
                .put(keyId)
                .put(challengeDigest)
                .putLong(counter)
                .array();
        return new Secret(Hkdf.derive(root, new byte[0], info, NONCE + SALT + BLIND));
    }

    /** Shows nothing of what it holds. */
    @Override
    public String toString() {
        return "TokenSecrets[redacted]";
    }
}
