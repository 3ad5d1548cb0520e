package org.farthing.protocol.token;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Sha256;

/**
 * The public half of a key that signs tokens: RSA of 2048 bits in the one encoding of RFC 9578 section 6.5, whose hash is
 * its name (F-TK-4). Anybody who has it verifies tokens, without the issuer and without a network.
 */
public final class TokenKey {

    /** RSASSA-PSS with SHA-384 and 48 bytes of salt. */
    static final BlindRsa RSA = new BlindRsa(48);

    private static final String WHERE = "tokenKey";
    private static final int MODULUS_BITS = 2048;
    private static final int MAX_EXPONENT_BITS = 32;

    private final byte[] spki;
    private final byte[] id;
    private final String keyId;
    private final RSAPublicKey key;

    /** Idle verifiers, as many as were ever in use at once: setting one up costs a third of using it. */
    private final Queue<Signature> idle = new ConcurrentLinkedQueue<>();

    private TokenKey(byte[] spki, RSAPublicKey key) {
        this.spki = spki;
        this.key = key;
        this.id = Sha256.of(spki);
        this.keyId = Base64Url.encode(id);
    }

    /**
     * Reads a key.
     *
     * @param spki its SubjectPublicKeyInfo, id-RSASSA-PSS with SHA-384, MGF1 with SHA-384 and a salt of 48 bytes
     * @return the key
     * @throws MalformedException if it is another kind of key, of another size, or encoded in another way
     */
    public static TokenKey parse(byte[] spki) throws MalformedException {
        if (spki.length < TokenSpki.EXPONENT_AT + 3 || spki.length > TokenSpki.EXPONENT_AT + 7) {
            throw refused();
        }
        BigInteger n = new BigInteger(1, Arrays.copyOfRange(spki, TokenSpki.MODULUS_AT, TokenSpki.EXPONENT_AT));
        int length = spki[TokenSpki.EXPONENT_AT + 1];
        if (length < 1 || TokenSpki.EXPONENT_AT + 2 + length != spki.length) {
            throw refused();
        }
        BigInteger e = new BigInteger(Arrays.copyOfRange(spki, TokenSpki.EXPONENT_AT + 2, spki.length));
        TokenKey key = of(n, e);
        // One key, one encoding: another one would be the same key under another name.
        if (!Arrays.equals(key.spki, spki)) {
            throw refused();
        }
        return key;
    }

    static TokenKey of(BigInteger n, BigInteger e) throws MalformedException {
        boolean fits = n.bitLength() == MODULUS_BITS
                && n.testBit(0)
                && e.signum() > 0
                && e.testBit(0)
                && e.bitLength() >= 2
                && e.bitLength() <= MAX_EXPONENT_BITS;
        if (!fits) {
            throw new MalformedException(
                    Fault.VALUE, WHERE, "an odd modulus of 2048 bits and an odd exponent of 2 to 32 bits are needed");
        }
        try {
            return new TokenKey(TokenSpki.encode(n, e), BlindRsa.publicKey(n, e));
        } catch (GeneralSecurityException unfit) {
            throw new MalformedException(Fault.VALUE, WHERE, "numbers that make no RSA key");
        }
    }

    private static MalformedException refused() {
        return new MalformedException(
                Fault.VALUE,
                WHERE,
                "an id-RSASSA-PSS key of 2048 bits in the encoding of RFC 9578 section 6.5 is needed");
    }

    /**
     * Returns the name of the key in tokens.
     *
     * @return SHA-256 of the SubjectPublicKeyInfo, 32 bytes
     */
    public byte[] id() {
        return id.clone();
    }

    /**
     * Returns the name of the key in JSON and in records.
     *
     * @return base64url of {@link #id}, 43 characters
     */
    public String keyId() {
        return keyId;
    }

    /**
     * Returns the name of the key in requests.
     *
     * @return the last byte of {@link #id}, 0 to 255
     */
    public int truncatedId() {
        return id[id.length - 1] & 0xff;
    }

    /**
     * Returns the encoded key.
     *
     * @return its SubjectPublicKeyInfo
     */
    public byte[] spki() {
        return spki.clone();
    }

    RSAPublicKey rsa() {
        return key;
    }

    /**
     * Verifies a token: that it names this key, and that this key signed it. Whether it is for whom it is shown to
     * ({@link BlindToken#isFor}), of a key that is still accepted, and unspent are other questions.
     *
     * @param token the token
     * @return true if this key signed it
     */
    public boolean verify(BlindToken token) {
        if (!token.hasKeyId(id)) {
            return false;
        }
        try {
            Signature verifier = idle.poll();
            if (verifier == null) {
                verifier = RSA.verifier(key);
            }
            verifier.update(token.shared(), 0, BlindToken.SIGNED);
            boolean good = verifier.verify(token.shared(), BlindToken.SIGNED, TokenBytes.NK);
            idle.add(verifier);
            return good;
        } catch (SignatureException e) {
            // A number beyond the modulus, for one. The verifier is left to the collector: nobody says what is in it.
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform cannot verify RSASSA-PSS", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenKey that && Arrays.equals(id, that.id);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(id);
    }

    /** Shows the key id. */
    @Override
    public String toString() {
        return "TokenKey[" + keyId + "]";
    }
}
