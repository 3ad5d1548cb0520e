package org.farthing.client;

import java.util.concurrent.CompletableFuture;
import org.farthing.client.ChallengeCheck.Keys;
import org.farthing.protocol.binding.Origin;

/** Finds the key documents of a payment: of the request's own origin, and of a recipient the owner named. */
final class KeyLookup {

    private KeyLookup() {}

    /**
     * Looks them up.
     *
     * @param after documents that lacked a key, so that newer ones are wanted; {@link Keys#NONE} otherwise
     */
    static CompletableFuture<Keys> of(Payer payer, Origin origin, String recipient, Keys after) {
        CompletableFuture<Keys> own =
                payer.keys().ofOwn(origin, after.ofOrigin()).thenApply(directory -> new Keys(directory, null));
        if (recipient.equals(origin.text()) || !payer.policy().namesRecipient(recipient)) {
            return own;
        }
        return own.thenCompose(keys -> payer.keys()
                .ofRecipient(new Origin(recipient), after.ofRecipient())
                .thenApply(directory -> new Keys(keys.ofOrigin(), directory)));
    }
}
