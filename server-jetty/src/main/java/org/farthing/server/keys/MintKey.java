package org.farthing.server.keys;

import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenSecretKey;

/**
 * A key that a mint signs tokens of one value and epoch with (specification: token-mint.md, F-TK-93): its private half, and what
 * the directory says of it. Nothing of the private half prints.
 *
 * @param secret what signs
 * @param published its public half, value and deadlines
 */
public record MintKey(TokenSecretKey secret, PublishedKey published) {

    /**
     * Checks that both halves belong together.
     *
     * @param secret as the record says
     * @param published as the record says
     * @throws IllegalArgumentException if the published key is another's
     */
    public MintKey {
        if (!secret.publicKey().keyId().equals(published.key().keyId())) {
            throw new IllegalArgumentException("The published half of this token key is another key's.");
        }
    }

    /**
     * Returns the key's name.
     *
     * @return the base64url of its id
     */
    public String keyId() {
        return published.key().keyId();
    }

    /** The published half alone. */
    @Override
    public String toString() {
        return "MintKey[" + keyId() + ", value " + published.value().format() + " " + published.currency() + "]";
    }
}
