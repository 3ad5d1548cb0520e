package org.farthing.server.ledger;

import java.util.Arrays;
import java.util.Base64;

/** Ids of tokens as text (base64url without padding, the one writing of each) and as the bytes the store keeps. */
final class TokenBytes {

    private TokenBytes() {}

    static String require(String name, String text, int bytes) {
        byte[] decoded;
        try {
            decoded = decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " is not base64url", e);
        }
        if (decoded.length != bytes || !encode(decoded).equals(text)) {
            throw new IllegalArgumentException(name + " must be base64url of " + bytes + " bytes, without padding");
        }
        return text;
    }

    static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] copy(String name, byte[] bytes, int length) {
        if (bytes.length != length) {
            throw new IllegalArgumentException(name + " must have " + length + " bytes, it has " + bytes.length);
        }
        return Arrays.copyOf(bytes, length);
    }
}
