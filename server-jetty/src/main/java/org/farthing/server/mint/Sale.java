package org.farthing.server.mint;

import java.util.List;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.server.ledger.Issuance;

/**
 * Signatures that are made and not given out yet.
 *
 * @param responses the blind signatures, in the order of the messages; they may leave when the issuance is in the ledger
 * @param issuance what the ledger must note in the step that takes the money
 */
public record Sale(List<TokenResponse> responses, Issuance issuance) {

    /**
     * Copies the list.
     *
     * @param responses as the record says
     * @param issuance as the record says
     */
    public Sale {
        responses = List.copyOf(responses);
    }

    /** How many, and nothing of them. */
    @Override
    public String toString() {
        return "Sale[" + responses.size() + " signatures]";
    }
}
