package org.farthing.protocol.token;

import java.math.BigInteger;
import java.util.Arrays;
import org.farthing.protocol.signature.SignatureRejectedException;

/**
 * A token that its client has asked for and does not have yet. Nonce, salt and blind are the secrets that make the
 * issuer's answer worth something: a client derives them from a seed, or writes them down, before it pays (F-TK-15).
 */
public final class PendingToken {

    /** Bytes of the salt. */
    public static final int SALT_LENGTH = 48;

    /** Fewest uniformly random bytes that a blind is made of: 128 bits more than the modulus has leave no visible bias. */
    public static final int BLIND_SEED_LENGTH = TokenBytes.NK + 16;

    private final TokenKey key;
    private final byte[] signed;
    private final BigInteger blind;
    private final TokenRequest request;

    private PendingToken(TokenKey key, byte[] signed, byte[] salt, BigInteger blind) {
        this.key = key;
        this.signed = signed;
        this.blind = blind;
        this.request = new TokenRequest(key.truncatedId(), TokenKey.RSA.blind(key.rsa(), signed, salt, blind));
    }

    /**
     * Prepares a request.
     *
     * @param key the key that is to sign
     * @param challenge what the token is for
     * @param nonce 32 random bytes, the token's own
     * @param salt 48 random bytes
     * @param blind a random number above 1, below the modulus and coprime to it
     * @return the pending token
     * @throws IllegalArgumentException if one of the random parts has another length or range
     */
    public static PendingToken begin(
            TokenKey key, TokenChallenge challenge, byte[] nonce, byte[] salt, BigInteger blind) {
        if (nonce.length != TokenBytes.NONCE) {
            throw new IllegalArgumentException("a nonce has " + TokenBytes.NONCE + " bytes");
        }
        return new PendingToken(key, BlindToken.signed(nonce, challenge.digest(), key.id()), salt, blind);
    }

    /**
     * Prepares a request with a blind made of uniformly random bytes, such as a key derivation function gives.
     *
     * @param key the key that is to sign
     * @param challenge what the token is for
     * @param nonce 32 random bytes, the token's own
     * @param salt 48 random bytes
     * @param blindSeed at least 272 random bytes
     * @return the pending token
     * @throws IllegalArgumentException if one of the random parts has another length
     */
    public static PendingToken begin(
            TokenKey key, TokenChallenge challenge, byte[] nonce, byte[] salt, byte[] blindSeed) {
        if (blindSeed.length < BLIND_SEED_LENGTH) {
            throw new IllegalArgumentException("a blind is made of at least " + BLIND_SEED_LENGTH + " random bytes");
        }
        // 2 to n - 1: neither 0 nor 1, which would blind nothing.
        BigInteger range = key.rsa().getModulus().subtract(BigInteger.TWO);
        return begin(
                key,
                challenge,
                nonce,
                salt,
                new BigInteger(1, blindSeed).mod(range).add(BigInteger.TWO));
    }

    /**
     * Prepares a request whose secrets follow from one (F-TK-120).
     *
     * @param key the key that is to sign
     * @param challenge what the token is for
     * @param opening what they follow from
     * @return the pending token
     */
    public static PendingToken begin(TokenKey key, TokenChallenge challenge, TokenOpening opening) {
        byte[] derived = opening.derived();
        int blindAt = TokenBytes.NONCE + SALT_LENGTH;
        return begin(
                key,
                challenge,
                Arrays.copyOf(derived, TokenBytes.NONCE),
                Arrays.copyOfRange(derived, TokenBytes.NONCE, blindAt),
                Arrays.copyOfRange(derived, blindAt, derived.length));
    }

    /**
     * Returns what the issuer is sent: nothing in it can be found again in the token.
     *
     * @return the request
     */
    public TokenRequest request() {
        return request;
    }

    /**
     * Returns the key that is to sign.
     *
     * @return the key
     */
    public TokenKey key() {
        return key;
    }

    /**
     * Returns the name under which the token will be remembered.
     *
     * @return its serial
     */
    public TokenSerial serial() {
        return TokenSerial.of(key.id(), Arrays.copyOfRange(signed, 2, 2 + TokenBytes.NONCE));
    }

    /**
     * Makes the token out of the issuer's answer, and verifies it.
     *
     * @param response the answer to this request
     * @return the token, which verifies
     * @throws SignatureRejectedException if the issuer did not sign what it was sent, with the key that was meant
     */
    public BlindToken finish(TokenResponse response) throws SignatureRejectedException {
        return BlindToken.of(signed, TokenKey.RSA.finish(key.rsa(), signed, response.bytes(), blind));
    }

    /** The key only: the rest would join purchase and payment. */
    @Override
    public String toString() {
        return "PendingToken[key=" + key.keyId() + "]";
    }
}
