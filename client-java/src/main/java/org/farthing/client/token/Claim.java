package org.farthing.client.token;

import java.util.List;
import org.farthing.protocol.token.TokenSerial;

/**
 * The tokens of one payment, reserved before its credential left.
 *
 * @param owner names the very challenge
 * @param challengeId the payee's name of the payment, as the journal knows it
 * @param recipient the payee
 * @param credential what paid, for refunds: a secret; empty if it was too long to be kept
 */
record Claim(String owner, String challengeId, String recipient, List<TokenSerial> serials, String credential) {

    Claim {
        serials = List.copyOf(serials);
    }

    /** All but the credential. */
    @Override
    public String toString() {
        return "Claim[" + challengeId + ", " + serials + "]";
    }
}
