package org.farthing.server.ledger;

import java.util.HashSet;
import java.util.List;

/**
 * Asks to exchange tokens for new ones of the same value (F-TK-38).
 *
 * @param issuer the issuer's origin
 * @param owner names the exchange: a digest of all that was asked for, base64url, so that the same request is the same exchange
 * @param in what is given, each token once, 1 to 1000
 * @param out what is signed for it, each message once, 1 to 1000
 */
public record SwapRequest(String issuer, String owner, List<UsedToken> in, List<IssuedMessage> out) {

    /**
     * Checks the texts and copies the lists.
     *
     * @param issuer as the record says
     * @param owner as the record says
     * @param in as the record says
     * @param out as the record says
     * @throws IllegalArgumentException if a text is out of range, or a list is empty, too long or has something twice
     */
    public SwapRequest {
        Arguments.text("issuer", issuer, 300);
        Arguments.id("owner", owner, 128);
        in = different(in);
        out = Issuance.different(out);
    }

    static List<UsedToken> different(List<UsedToken> tokens) {
        if (tokens.isEmpty() || tokens.size() > Issuance.MOST) {
            throw new IllegalArgumentException("1 to " + Issuance.MOST + " tokens at once, not " + tokens.size());
        }
        if (new HashSet<>(tokens).size() < tokens.size()) {
            throw new IllegalArgumentException("a token is there twice");
        }
        return List.copyOf(tokens);
    }
}
