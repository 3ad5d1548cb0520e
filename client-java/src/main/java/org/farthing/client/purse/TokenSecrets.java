package org.farthing.client.purse;

import java.nio.ByteBuffer;
import org.farthing.protocol.internal.Hkdf;
import org.farthing.protocol.token.TokenOpening;

/**
 * The secrets of a purse's tokens: nonce, salt and blind of each follow from the seed, the issuer's key, the token challenge
 * and a counter (spec/token-client.md, F-TK-120). So tokens that a lost disk held can be asked for again, and a purchase that
 * broke off is finished with the very bytes it began with.
 *
 * <p>A counter that was used once is never used for anything else: who asks keeps count.
 */
public final class TokenSecrets {

    private static final int KEY_ID = 32;

    private final byte[] root;

    TokenSecrets(byte[] root) {
        this.root = root.clone();
    }

    /**
     * Derives the opening of one token.
     *
     * @param keyId the 32 bytes of the issuer's key id
     * @param challengeDigest the 32 bytes of the token challenge's digest
     * @param counter which of the tokens of this key and challenge, from 0
     * @return the same one each time: nonce, salt and blind follow from it
     */
    public TokenOpening of(byte[] keyId, byte[] challengeDigest, long counter) {
        if (keyId.length != KEY_ID || challengeDigest.length != KEY_ID || counter < 0) {
            throw new IllegalArgumentException("two digests of 32 bytes and a counter from 0 are needed");
        }
        byte[] info = ByteBuffer.allocate(2 * KEY_ID + Long.BYTES)
                .put(keyId)
                .put(challengeDigest)
                .putLong(counter)
                .array();
        return new TokenOpening(Hkdf.derive(root, new byte[0], info, TokenOpening.LENGTH));
    }

    /** Shows nothing of what it holds. */
    @Override
    public String toString() {
        return "TokenSecrets[redacted]";
    }
}
