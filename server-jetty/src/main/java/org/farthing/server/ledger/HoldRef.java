package org.farthing.server.ledger;

import java.time.Instant;

/**
 * The right to finish one charge. Every transition is conditional on the charge's state and on the fence: after a take-over,
 * a sweep or another transition, an old reference moves nothing (T72).
 *
 * @param challengeId the charge
 * @param wallet the wallet that pays; what ends charges is done in the order of their wallets
 * @param fence the number this right was given under; a take-over gives a higher one
 * @param holdUntil when the sweeper ends the hold, by the ledger's clock, as known when this reference was made. Renewing
 *     moves the row's time, not this one
 */
public record HoldRef(String challengeId, String wallet, long fence, Instant holdUntil) {

    /**
     * Checks the ids.
     *
     * @param challengeId as the record says
     * @param wallet as the record says
     * @param fence as the record says
     * @param holdUntil as the record says
     * @throws IllegalArgumentException if one is empty or too long
     */
    public HoldRef {
        Arguments.id("challengeId", challengeId, 128);
        Arguments.text("wallet", wallet, 128);
    }

    static HoldRef of(Charge charge) {
        return new HoldRef(charge.challengeId(), charge.terms().wallet(), charge.fence(), charge.holdUntil());
    }
}
