package org.farthing.protocol.wallet;

import java.util.Arrays;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.VerificationKey;

/**
 * The name of a wallet: {@code w_} and what its first key determines, so that a client knows it before it registers, and
 * registering twice makes one wallet. Keys come and go later under the same name.
 */
public final class WalletId {

    private static final String PREFIX = "w_";
    private static final int DIGEST_BYTES = 16;
    private static final int MAX_SUFFIX = 64;

    private WalletId() {}

    /**
     * The name of the wallet that a key opens.
     *
     * @param firstKey the wallet's first key
     * @return {@code w_} and base64url of the first 16 bytes of the key's RFC 7638 thumbprint digest, 24 characters
     */
    public static String of(VerificationKey firstKey) {
        try {
            byte[] digest = Base64Url.decode(firstKey.thumbprint(), "thumbprint");
            return PREFIX + Base64Url.encode(Arrays.copyOf(digest, DIGEST_BYTES));
        } catch (MalformedException e) {
            throw new IllegalStateException("a computed thumbprint is always base64url", e);
        }
    }

    /**
     * Tells whether a text can be a wallet's name (F-WO-1).
     *
     * @param text any text
     * @return true for {@code w_} and 1 to 64 of letters, digits, {@code _} and {@code -}
     */
    public static boolean isWalletId(String text) {
        int length = text.length() - PREFIX.length();
        if (!text.startsWith(PREFIX) || length < 1 || length > MAX_SUFFIX) {
            return false;
        }
        for (int i = PREFIX.length(); i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    static String require(String text, String where) throws MalformedException {
        if (!isWalletId(text)) {
            throw new MalformedException(Fault.VALUE, where, "no wallet id");
        }
        return text;
    }
}
