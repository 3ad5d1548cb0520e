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
 * @param source the wallet service where the money lies, or the tokens it is paid with; null if it lies in this ledger's own
 *     wallet. With a source, the terms' wallet is a pseudonym: no wallet is read, no wallet's limits count, and the key and
 *     version say nothing
 */
public record HoldRequest(
        ChargeTerms terms,
        String keyThumbprint,
        long walletVersion,
        Duration hold,
        @Nullable IdempotencyScope idempotency,
        @Nullable Source source) {

    /**
     * Checks the thumbprint and the duration.
     *
     * @param terms as the record says
     * @param keyThumbprint as the record says
     * @param walletVersion as the record says
     * @param hold as the record says
     * @param idempotency as the record says
     * @param source as the record says
     * @throws IllegalArgumentException if the thumbprint is empty or too long, or the hold is not longer than zero
     */
    public HoldRequest {
        Arguments.text("keyThumbprint", keyThumbprint, 64);
        Arguments.positive("hold", hold);
    }
    /**
     * Asks for money of this ledger's own wallet.
     *
     * @param terms what was agreed
     * @param keyThumbprint which key of the wallet signed
     * @param walletVersion the {@link Wallet#version()} the signature was verified against
     * @param hold how long the money stays aside unless renewed
     * @param idempotency the request's idempotency key, or null
     * @throws IllegalArgumentException if the thumbprint is empty or too long, or the hold is not longer than zero
     */
    public HoldRequest(
            ChargeTerms terms,
            String keyThumbprint,
            long walletVersion,
            Duration hold,
            @Nullable IdempotencyScope idempotency) {
        this(terms, keyThumbprint, walletVersion, hold, idempotency, null);
    }

    /** The wallet service that vouches, if one does. */
    @Nullable
    Backing backing() {
        return source instanceof Backing backing ? backing : null;
    }

    /** The wallet service's origin, if one vouches. */
    @Nullable
    String service() {
        return source instanceof Backing backing ? backing.service() : null;
    }

    /** The issuer's origin, if it is paid with tokens. */
    @Nullable
    String issuer() {
        return source instanceof TokenPayment tokens ? tokens.issuer() : null;
    }
}
