package org.farthing.server.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

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

    /**
     * Unknown, and the challenge has expired by the ledger's clock; or, with a {@link Backing}, the wallet service would let
     * the money go too soon after the hold.
     */
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
            /** Stopped by the operator. */
            SUSPENDED,
            /** Frozen by its owner. */
            FROZEN,
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
     * The wallet's daily limit does not allow the amount (T78). The claim is rolled back.
     *
     * @param code the ISO code or unit name the limit is for
     * @param perDay the limit, a decimal number of the major unit
     * @param resetsAt when the day of the ledger's clock (UTC) ends
     */
    record LimitExceeded(String code, String perDay, Instant resetsAt) implements Reserved {}

    /**
     * The ledger trusts the wallet service or token issuer with less than what this charge would come to (T61). The claim is rolled back: the
     * same challenge may be used again once the service has acknowledged captures.
     *
     * @param open what is open already, in base units
     * @param limit the limit of the request
     */
    record ExposureExceeded(long open, long limit) implements Reserved {}

    /**
     * Some of the tokens were used before (T57). The claim is rolled back: the others are untouched.
     *
     * @param indexes which of {@link TokenPayment#tokens()}, rising
     */
    record TokensSpent(List<Integer> indexes) implements Reserved {

        /**
         * Copies the list.
         *
         * @param indexes as the record says
         */
        public TokensSpent {
            indexes = List.copyOf(indexes);
        }
    }

    /**
     * Some of the tokens are of keys that are unknown, closed or past {@link TokenKeyTerms#spendUntil()}. The claim is rolled
     * back.
     *
     * @param indexes which of {@link TokenPayment#tokens()}, rising
     */
    record TokensExpired(List<Integer> indexes) implements Reserved {

        /**
         * Copies the list.
         *
         * @param indexes as the record says
         */
        public TokensExpired {
            indexes = List.copyOf(indexes);
        }
    }
}
