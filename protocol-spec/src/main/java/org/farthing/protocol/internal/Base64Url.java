package org.farthing.protocol.internal;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;

/**
 * Base64url without padding (RFC 4648 section 5), canonical only: one text for one byte sequence, so that a credential
 * cannot be re-spelt into a "different" one (T27). Specification: encoding.md (F-EN-1 to F-EN-5).
 */
public final class Base64Url {

    /** The longest text that is read, in characters (F-EN-30). */
    private static final int MAX_LENGTH = 16 * 1024;

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final byte[] VALUES = values();

    private Base64Url() {}

    /** Encodes bytes; the result has no padding. */
    public static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    /** Encodes the UTF-8 bytes of a text. */
    public static String encodeUtf8(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Decodes canonical base64url.
     *
     * @throws MalformedException with {@link Fault#ENCODING} on padding, white space, a foreign character, an impossible
     *     length, or unused trailing bits that are not zero; with {@link Fault#TOO_LARGE} beyond 16 KiB
     */
    public static byte[] decode(String text, String where) throws MalformedException {
        return decode(text, where, MAX_LENGTH);
    }

    /**
     * Decodes canonical base64url of a length that the caller knows to be reasonable.
     *
     * @throws MalformedException as {@link #decode(String, String)} does, beyond {@code maxLength} characters
     */
    public static byte[] decode(String text, String where, int maxLength) throws MalformedException {
        requireCanonical(text, where, maxLength);
        return DECODER.decode(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Checks what {@link #decode(String, String)} checks and decodes nothing.
     *
     * @throws MalformedException as {@link #decode(String, String)} does
     */
    public static void requireCanonical(String text, String where) throws MalformedException {
        requireCanonical(text, where, MAX_LENGTH);
    }

    private static void requireCanonical(String text, String where, int maxLength) throws MalformedException {
        int length = text.length();
        if (length > maxLength) {
            throw new MalformedException(Fault.TOO_LARGE, where, "more than " + maxLength + " characters");
        }
        if (length % 4 == 1) {
            throw new MalformedException(Fault.ENCODING, where, "a length that base64url cannot have");
        }
        int last = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            last = c < VALUES.length ? VALUES[c] : -1;
            if (last < 0) {
                throw new MalformedException(
                        Fault.ENCODING, where, "a character outside the base64url alphabet at offset " + i);
            }
        }
        int unused = length % 4 == 2 ? 0x0f : length % 4 == 3 ? 0x03 : 0;
        if ((last & unused) != 0) {
            throw new MalformedException(Fault.ENCODING, where, "trailing bits that are not zero");
        }
    }

    private static byte[] values() {
        byte[] values = new byte[128];
        java.util.Arrays.fill(values, (byte) -1);
        for (int i = 0; i < ALPHABET.length(); i++) {
            values[ALPHABET.charAt(i)] = (byte) i;
        }
        return values;
    }
}
