package org.farthing.server.ledger;

/**
 * A token as the ledger knows it: by its key and serial, never by its bytes.
 *
 * @param keyId the id of the key that signed it, as {@link TokenKeyTerms#keyId()}
 * @param serial the first 16 bytes of SHA-256(key id, nonce), base64url without padding: 22 characters
 */
public record UsedToken(String keyId, String serial) {

    /**
     * Checks both texts.
     *
     * @param keyId as the record says
     * @param serial as the record says
     * @throws IllegalArgumentException if one of them is not base64url of 32 and 16 bytes
     */
    public UsedToken {
        TokenBytes.require("keyId", keyId, 32);
        TokenBytes.require("serial", serial, 16);
    }

    byte[] serialBytes() {
        return TokenBytes.decode(serial);
    }
}
