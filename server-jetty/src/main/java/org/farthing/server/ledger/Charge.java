package org.farthing.server.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One charge as the ledger saw it when it looked.
 *
 * @param terms what was agreed
 * @param state where it stands
 * @param fence the fence of the present holder
 * @param holdUntil when the sweeper ends a hold, or gives an undelivered upfront charge back
 * @param ownerAlive whether the node that holds it still has its lease; if not, {@link Ledger#takeOver} can succeed
 * @param captured what the payee got, in base units, before refunds
 * @param refunded what went back of it
 * @param delivery what is known about the answer of an upfront charge
 * @param executed whether the handler ran, as far as the one who released knew; {@link Execution#UNKNOWN} while held
 * @param releaseReason why it was released or given back undelivered, else null
 * @param answerStored whether {@link Ledger#storedOutcome} has a whole answer to replay
 * @param reRuns how often the handler ran again for an answer that was not stored
 * @param createdAt when it was claimed, by the ledger's clock
 * @param settledAt when it was captured or released, else null
 * @param service the wallet service where its money lies, or null if none vouched for it
 * @param issuer the issuer whose tokens paid for it, or null if none did. Without service and issuer, its money lies in this
 *     ledger's own wallet
 */
public record Charge(
        ChargeTerms terms,
        ChargeState state,
        long fence,
        Instant holdUntil,
        boolean ownerAlive,
        long captured,
        long refunded,
        Delivery delivery,
        Execution executed,
        @Nullable ReleaseReason releaseReason,
        boolean answerStored,
        int reRuns,
        Instant createdAt,
        @Nullable Instant settledAt,
        @Nullable String service,
        @Nullable String issuer) {

    /**
     * Returns the charge's id.
     *
     * @return the challenge id
     */
    public String challengeId() {
        return terms.challengeId();
    }

    /** This held charge as it is once captured. Only when its hold would have ended is as it was known before. */
    Charge captured(long amount, Instant at, boolean stored) {
        return new Charge(
                terms,
                ChargeState.CAPTURED,
                fence,
                holdUntil,
                true,
                amount,
                0,
                delivery,
                Execution.YES,
                null,
                stored,
                reRuns,
                createdAt,
                at,
                service,
                issuer);
    }

    /**
     * Tells whether a credential is, byte for byte, the one that claimed this charge.
     *
     * @param credentialHash base64url SHA-256 of the other credential's token68
     * @return true if the same bytes claimed it
     */
    public boolean claimedBy(String credentialHash) {
        return terms.credentialHash().equals(credentialHash);
    }
}
