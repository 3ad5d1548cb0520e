package org.farthing.server.ledger;

import java.util.HashSet;
import java.util.List;

/**
 * What an issuer gives for the money of a charge: the blinded messages it signs (F-TK-37). The money then belongs to whoever
 * holds the tokens, and to no payee.
 *
 * @param issuer the issuer's origin
 * @param messages what is signed, each message once, 1 to 1000
 */
public record Issuance(String issuer, List<IssuedMessage> messages) {

    /** How many messages one step signs at most. */
    public static final int MOST = 1000;

    /**
     * Checks the issuer and the number of messages, and copies the list.
     *
     * @param issuer as the record says
     * @param messages as the record says
     * @throws IllegalArgumentException if there is no message, there are too many, or one is there twice
     */
    public Issuance {
        Arguments.text("issuer", issuer, 300);
        messages = different(messages);
    }

    static List<IssuedMessage> different(List<IssuedMessage> messages) {
        if (messages.isEmpty() || messages.size() > MOST) {
            throw new IllegalArgumentException("1 to " + MOST + " messages are signed at once, not " + messages.size());
        }
        if (new HashSet<>(messages).size() < messages.size()) {
            throw new IllegalArgumentException("a blinded message is there twice");
        }
        return List.copyOf(messages);
    }
}
