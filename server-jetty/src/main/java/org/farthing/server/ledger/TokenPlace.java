package org.farthing.server.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A place in the order of an issuer's used tokens: keys by the bytes of their ids, tokens of a key by the bytes of their serials.
 *
 * @param keyId the key
 * @param serial the token, or null for the place after all tokens of the key
 */
public record TokenPlace(String keyId, @Nullable String serial) {

    /**
     * Checks both texts.
     *
     * @param keyId as the record says
     * @param serial as the record says
     * @throws IllegalArgumentException if one of them is not base64url of 32 and 16 bytes
     */
    public TokenPlace {
        TokenBytes.require("keyId", keyId, 32);
        if (serial != null) {
            TokenBytes.require("serial", serial, 16);
        }
    }
}
