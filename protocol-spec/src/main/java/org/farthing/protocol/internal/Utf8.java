package org.farthing.protocol.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;

/**
 * UTF-8 and Unicode text without replacement characters: what is not well formed is refused, never repaired, because
 * repaired text has another signature (T26). Specification: encoding.md (F-EN-4, F-EN-13).
 */
public final class Utf8 {

    private Utf8() {}

    /**
     * Decodes bytes.
     *
     * @throws MalformedException with {@link Fault#ENCODING} if they are not well-formed UTF-8
     */
    public static String decode(byte[] bytes, String where) throws MalformedException {
        if (isAscii(bytes)) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException(Fault.ENCODING, where, "not UTF-8");
        }
    }

    /** Returns how many bytes a text has in UTF-8; a lone surrogate counts as three. */
    public static int length(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // A surrogate pair is two chars and four bytes: one more for each of its halves.
                bytes += c < 0x800 || isPaired(text, i) ? 1 : 2;
            }
        }
        return bytes;
    }

    /** Returns where the first surrogate without its partner stands, or -1 if there is none. */
    public static int loneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && !isPaired(text, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isPaired(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
