package org.farthing.conformance.server;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.farthing.protocol.internal.Base64Url;

/** Other ways to spell base64url that lenient decoders take for the same bytes. */
final class Base64Spelling {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private Base64Spelling() {}

    /** With {@code =} at its end; a space is added to the JSON if it would need none. */
    static String padded(String json) {
        String text = json;
        while (bytes(text).length % 3 == 0) {
            text += " ";
        }
        return Base64.getUrlEncoder().encodeToString(bytes(text));
    }

    /** In the standard alphabet, without padding. */
    static String standard(String json) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes(json));
    }

    /** With a last character that decodes to the same bytes and has other unused bits; the token itself if it has none. */
    static String trailingBits(String json, String token) {
        if (bytes(json).length % 3 == 0) {
            String spaced = Base64Url.encodeUtf8(json + " ");
            return bytes(json + " ").length % 3 == 0 ? token : trailingBits(json + " ", spaced);
        }
        int last = ALPHABET.indexOf(token.charAt(token.length() - 1));
        return token.substring(0, token.length() - 1) + ALPHABET.charAt(last | 1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
