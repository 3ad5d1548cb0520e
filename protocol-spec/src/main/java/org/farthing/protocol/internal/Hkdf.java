package org.farthing.protocol.internal;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869). */
public final class Hkdf {

    private static final String HMAC = "HmacSHA256";
    private static final int HASH_BYTES = 32;
    private static final int MOST_BLOCKS = 255;

    private Hkdf() {}

    /**
     * Derives bytes from key material.
     *
     * @param material the secret
     * @param salt the salt; empty means none
     * @param info what the bytes are for
     * @param length 1 to 8160
     * @return as many bytes
     * @throws IllegalArgumentException if the length is another
     */
    public static byte[] derive(byte[] material, byte[] salt, byte[] info, int length) {
        if (length < 1 || length > MOST_BLOCKS * HASH_BYTES) {
            throw new IllegalArgumentException("1 to " + MOST_BLOCKS * HASH_BYTES + " bytes can be derived");
        }
        byte[] secret = hmac(salt.length == 0 ? new byte[HASH_BYTES] : salt, material);
        byte[] derived = new byte[length];
        byte[] block = new byte[0];
        for (int done = 0, number = 1; done < length; done += HASH_BYTES, number++) {
            byte[] message = Arrays.copyOf(block, block.length + info.length + 1);
            System.arraycopy(info, 0, message, block.length, info.length);
            message[message.length - 1] = (byte) number;
            block = hmac(secret, message);
            System.arraycopy(block, 0, derived, done, Math.min(HASH_BYTES, length - done));
        }
        return derived;
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
