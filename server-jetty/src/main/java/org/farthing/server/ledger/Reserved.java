package org.farthing.server.ledger;

import java.time.Duration;
import java.time.Instant;

/**
 * What became of {@link Ledger#reserve} or {@link Ledger#chargeUpfront}. Only {@link Held} lets a handler run; in every other
 * case this call has written nothing at all.
 */
public sealed interface Reserved {

    /**
     * This call won the claim; the money is aside (or, upfront, at the payee).
     *
     * @param ref the right to finish the charge
     * @param charge the charge as it is now
     */
    record Held(HoldRef ref, Charge charge) implements Reserved {}

    /**
     * The challenge id was claimed before. What to answer: F-RE-10 to F-RE-17.
     *
     * @param charge the charge as it is now
     */
    record Known(Charge charge) implements Reserved {}

    /**
     * Another challenge has used this payment identity.
     *
     * @param byChallengeId the challenge that used it
     */
    record PaymentUsed(String byChallengeId) implements Reserved {}

    /**
     * The idempotency key belongs to an earlier payment that is held, captured or refunded. The new challenge stays
     * unclaimed.
     *
     * @param charge the earlier charge as it is now
     */
    record SameKey(Charge charge) implements Reserved {}

    /**
     * The idempotency key was used with other content. The new challenge stays unclaimed.
     *
     * @param byChallengeId the earlier charge
     */
    record KeyConflict(String byChallengeId) implements Reserved {}

    /** Unknown, and the challenge has expired by the ledger's clock. */
    record Expired() implements Reserved {}

    /**
     * The wallet has less than the amount. The claim is rolled back: the same challenge may be used after a top-up.
     *
     * @param available what the wallet has in this currency, in base units
     */
    record InsufficientFunds(long available) implements Reserved {}

    /**
     * The wallet cannot pay now.
     *
     * @param why the reason
     */
    record WalletUnusable(Why why) implements Reserved {

        /** Why a wallet cannot pay. */
        public enum Why {
            /** There is no such wallet. */
            UNKNOWN,
            /** Frozen by its owner or by the operator. */
            SUSPENDED,
            /** The wallet's keys changed since the signature was verified: read the wallet again and verify again. */
            KEY_CHANGED
        }
    }

    /**
     * The wallet has as many holds in flight as it may (T68).
     *
     * @param retryAfter when trying again makes sense
     */
    record TooManyHolds(Duration retryAfter) implements Reserved {}

    /**
     * Too many of the wallet's charges were released within this minute (T68).
     *
     * @param retryAfter when the budget is fresh again
     */
    record TooManyReleases(Duration retryAfter) implements Reserved {}

    /**
     * The daily limit of the wallet would be exceeded (T78).
     *
     * @param code the currency code or unit the limit is for
     * @param perDay the limit, a decimal number
     * @param resetsAt when the next day begins
     */
    record LimitExceeded(String code, String perDay, Instant resetsAt) implements Reserved {}

    /**
     * A wallet service would owe more than it is trusted with (T61). Collecting lowers it.
     *
     * @param open what is not collected yet, in base units
     * @param limit how much may be
     */
    record ExposureExceeded(long open, long limit) implements Reserved {}
}
