package org.farthing.protocol.token;

import java.security.MessageDigest;
import java.util.Arrays;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Sha256;

/**
 * The name of a token that is safe to keep and to tell: who knows it cannot spend, and every token has another. It is
 * the first half of SHA-256 of key id and nonce (F-TK-7).
 *
 * @param text base64url of 16 bytes, 22 characters
 */
public record TokenSerial(String text) {

    private static final String WHERE = "serial";
    private static final int BYTES = 16;

    /**
     * Checks the form.
     *
     * @param text as described at the record
     * @throws IllegalArgumentException if it is not base64url of 16 bytes
     */
    public TokenSerial {
        try {
            check(text);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Reads a serial.
     *
     * @param text 22 characters
     * @return the serial
     * @throws MalformedException if it is not base64url of 16 bytes
     */
    public static TokenSerial parse(String text) throws MalformedException {
        check(text);
        return new TokenSerial(text);
    }

    /**
     * The serial of a token.
     *
     * @param keyId the 32 bytes of its key's id
     * @param nonce its 32 bytes
     * @return the serial
     * @throws IllegalArgumentException if one of them has another length
     */
    public static TokenSerial of(byte[] keyId, byte[] nonce) {
        if (keyId.length != TokenBytes.DIGEST || nonce.length != TokenBytes.NONCE) {
            throw new IllegalArgumentException("a key id and a nonce of 32 bytes each are needed");
        }
        MessageDigest digest = Sha256.digest();
        digest.update(keyId);
        digest.update(nonce);
        return new TokenSerial(Base64Url.encode(Arrays.copyOf(digest.digest(), BYTES)));
    }

    /**
     * The serial of bytes from a store.
     *
     * @param bytes 16 bytes
     * @return the serial
     * @throws IllegalArgumentException if they are not 16
     */
    public static TokenSerial of(byte[] bytes) {
        return new TokenSerial(Base64Url.encode(bytes));
    }

    private static void check(String text) throws MalformedException {
        if (Base64Url.decode(text, WHERE).length != BYTES) {
            throw new MalformedException(Fault.VALUE, WHERE, BYTES + " bytes are needed");
        }
    }

    /**
     * Returns the bytes for a store.
     *
     * @return 16 bytes
     */
    public byte[] bytes16() {
        try {
            return Base64Url.decode(text, WHERE);
        } catch (MalformedException e) {
            throw new IllegalStateException("checked when it was made", e);
        }
    }
}
