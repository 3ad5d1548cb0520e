package org.farthing.server.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What a token was used for, and what became of that.
 *
 * @param token the token
 * @param value what it is worth, in base units
 * @param currency the currency id
 * @param how what became of it
 * @param owner the challenge, the exchange, or the payee it was redeemed for
 * @param payee who earned it; null for exchanges, and where the charge is no longer kept
 */
public record TokenUsage(
        UsedToken token,
        long value,
        String currency,
        How how,
        String owner,
        @Nullable String payee) {

    /** What became of a token that was used. */
    public enum How {
        /** It paid a charge of a remote issuer's tokens, which is not over, or whose answer is on its way. */
        HELD,
        /** It paid a charge, and the remote issuer is to be told, or has not answered. */
        WAITING,
        /** It paid a charge, and the remote issuer refused it. */
        FAILED,
        /** As {@link #FAILED}, and the operator gave it up. */
        WRITTEN_OFF,
        /** It paid a charge, and nobody is to be told, or was and has it. */
        PAID,
        /** It was given back: whoever has it may use it, now or when the challenge is over. */
        FREE,
        /** It was exchanged, here or at its issuer. */
        SWAPPED,
        /** These are its issuer's books, and it was credited to a payee that keeps its own. */
        REDEEMED
    }
}
