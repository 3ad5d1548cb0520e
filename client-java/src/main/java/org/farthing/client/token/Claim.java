package org.farthing.client.token;

import java.util.List;
import org.farthing.protocol.token.TokenSerial;

/**
 * The tokens of one payment, reserved before its credential left.
 *
 * @param owner names the very challenge
 * @param challengeId the payee's name of the payment, as the journal knows it
 * @param recipient the payee
 */
record Claim(String owner, String challengeId, String recipient, List<TokenSerial> serials) {

    Claim {
        serials = List.copyOf(serials);
    }
}
