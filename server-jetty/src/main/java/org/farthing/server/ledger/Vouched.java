package org.farthing.server.ledger;

/**
 * What became of {@link ServicePayments#hold}. A token may leave the service with {@link Held} and {@link Known} only; except
 * for {@link Held}, this call has written nothing.
 */
public sealed interface Vouched {

    /**
     * This call set the money aside, durably.
     *
     * @param payment the payment as it is now
     * @param token the token that was asked to be kept
     */
    record Held(VouchedPayment payment, String token) implements Vouched {

        /** Leaves the token out. */
        @Override
        public String toString() {
            return "Held[payment=" + payment + "]";
        }
    }

    /**
     * The same order of the same wallet was here before. The payment may have ended since: look at its state before giving the
     * token out.
     *
     * @param payment the payment as it is now
     * @param token the token made then, not the one of this call
     */
    record Known(VouchedPayment payment, String token) implements Vouched {

        /** Leaves the token out. */
        @Override
        public String toString() {
            return "Known[payment=" + payment + "]";
        }
    }

    /** The recipient's challenge was paid by another wallet or with another order. Nothing of that payment is told. */
    record OtherOrder() implements Vouched {}

    /**
     * The ledger did not set the money aside.
     *
     * @param why the reason: {@link Reserved.Expired}, {@link Reserved.WalletUnusable}, {@link Reserved.InsufficientFunds},
     *     {@link Reserved.LimitExceeded}, {@link Reserved.TooManyHolds}, {@link Reserved.TooManyReleases}, or {@link
     *     Reserved.PaymentUsed} if the token id was used for another payment
     */
    record Refused(Reserved why) implements Vouched {}
}
