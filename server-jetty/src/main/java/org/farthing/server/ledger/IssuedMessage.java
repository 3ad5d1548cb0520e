package org.farthing.server.ledger;

import java.util.Arrays;

/**
 * A blinded message that a key signed, as the ledger remembers it: a message is signed for money once, and again for nothing
 * only if it was signed before.
 *
 * @param keyId the id of the key, as {@link TokenKeyTerms#keyId()}
 * @param message the first 16 bytes of SHA-256(key id, blinded message)
 */
@SuppressWarnings("ArrayRecordComponent") // copied, and compared by content
public record IssuedMessage(String keyId, byte[] message) {

    /**
     * Checks both and copies the bytes.
     *
     * @param keyId as the record says
     * @param message as the record says
     * @throws IllegalArgumentException if the id is not base64url of 32 bytes, or the message does not have 16
     */
    public IssuedMessage {
        TokenBytes.require("keyId", keyId, 32);
        message = TokenBytes.copy("message", message, 16);
    }

    /**
     * Returns a copy of the bytes.
     *
     * @return 16 bytes
     */
    @Override
    public byte[] message() {
        return message.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IssuedMessage that && keyId.equals(that.keyId) && Arrays.equals(message, that.message);
    }

    @Override
    public int hashCode() {
        return 31 * keyId.hashCode() + Arrays.hashCode(message);
    }

    @Override
    public String toString() {
        return "IssuedMessage[" + keyId + ", " + TokenBytes.encode(message) + "]";
    }
}
