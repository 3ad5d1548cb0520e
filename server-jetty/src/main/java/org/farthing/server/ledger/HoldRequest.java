package org.farthing.server.ledger;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks the ledger to claim a payment and set its money aside (F-ST-10). Only for a credential whose proof
 * verified: nothing is written for anybody else (T41).
 *
 * @param terms what was agreed
 * @param keyThumbprint which key of the wallet signed; kept as evidence beside the charge
 * @param walletVersion the {@link Wallet#version()} the signature was verified against. The reserve statement compares it
 *     with the row, so a stale cache authorises nothing
 * @param hold how long the money stays aside unless renewed; 30 s by the specification
 * @param idempotency the request's idempotency key, or null
 * @param backing where the money lies if not in this ledger, or null. With it the terms' wallet is a pseudonym: no wallet is
 *     read, and its version and limits count for nothing
 */
public record HoldRequest(
        ChargeTerms terms,
        String keyThumbprint,
        long walletVersion,
        Duration hold,
        @Nullable IdempotencyScope idempotency,
        @Nullable Backing backing) {

    /**
     * Checks the thumbprint and the duration.
     *
     * @param terms as the record says
     * @param keyThumbprint as the record says
     * @param walletVersion as the record says
     * @param hold as the record says
     * @param idempotency as the record says
     * @param backing as the record says
     * @throws IllegalArgumentException if the thumbprint is empty or too long, or the hold is not longer than zero
     */
    public HoldRequest {
        Arguments.text("keyThumbprint", keyThumbprint, 64);
        Arguments.positive("hold", hold);
    }

    /**
     * Asks for money that lies in this ledger.
     *
     * @param terms as the record says
     * @param keyThumbprint as the record says
     * @param walletVersion as the record says
     * @param hold as the record says
     * @param idempotency as the record says
     */
    public HoldRequest(
            ChargeTerms terms,
            String keyThumbprint,
            long walletVersion,
            Duration hold,
            @Nullable IdempotencyScope idempotency) {
        this(terms, keyThumbprint, walletVersion, hold, idempotency, null);
    }
}
