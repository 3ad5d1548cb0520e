package org.farthing.protocol.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.farthing.protocol.internal.Hkdf;

/**
 * The one secret that nonce, salt and blind of a token follow from (F-TK-120). Who shows it proves that a token came out of a
 * blinded message, and nothing of any other token: even the secret key of the issuer finds no second opening of a message. That is
 * how tokens of a closed key are told from forged ones (F-TK-173).
 */
public final class TokenOpening {

    /** Bytes of an opening. */
    public static final int LENGTH = 32;

    private static final byte[] INFO = "farthing-token-v1".getBytes(StandardCharsets.US_ASCII);

    private static final int BLIND_AT = TokenBytes.NONCE + PendingToken.SALT_LENGTH;

    private final byte[] secret;

    /**
     * Takes the secret.
     *
     * @param secret 32 bytes, as good as money: of a purse's seed, or random
     * @throws IllegalArgumentException if it has another length
     */
    public TokenOpening(byte[] secret) {
        if (secret.length != LENGTH) {
            throw new IllegalArgumentException("an opening has " + LENGTH + " bytes");
        }
        this.secret = secret.clone();
    }

    /** Nonce, salt and blind, one after the other: takes some microseconds each time. */
    byte[] derived() {
        return Hkdf.derive(secret, new byte[0], INFO, BLIND_AT + PendingToken.BLIND_SEED_LENGTH);
    }

    /**
     * Returns the token's nonce, which the payee sees when it is spent.
     *
     * @return 32 bytes
     */
    public byte[] nonce() {
        return Arrays.copyOf(derived(), TokenBytes.NONCE);
    }

    /**
     * Returns the salt of the signature.
     *
     * @return 48 bytes
     */
    public byte[] salt() {
        return Arrays.copyOfRange(derived(), TokenBytes.NONCE, BLIND_AT);
    }

    /**
     * Returns what hides the token from its issuer.
     *
     * @return 272 bytes, to be reduced by F-TK-15
     */
    public byte[] blind() {
        byte[] derived = derived();
        return Arrays.copyOfRange(derived, BLIND_AT, derived.length);
    }

    /** For writing without a copy. */
    byte[] shared() {
        return secret;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenOpening that && Arrays.equals(secret, that.secret);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(secret);
    }

    /** Shows nothing. */
    @Override
    public String toString() {
        return "TokenOpening[redacted]";
    }
}
