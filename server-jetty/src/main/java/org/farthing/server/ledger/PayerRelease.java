package org.farthing.server.ledger;

/** What became of {@link ServicePayments#releaseByPayer}. */
public sealed interface PayerRelease {

    /**
     * The money is back in the wallet, by this call or before it (then the state may be {@link
     * VouchedPayment.State#EXPIRED}).
     *
     * @param payment the payment as it is now
     */
    record Released(VouchedPayment payment) implements PayerRelease {}

    /**
     * The payee had collected it before; nothing moved.
     *
     * @param payment the payment as it is
     */
    record Captured(VouchedPayment payment) implements PayerRelease {}

    /** This wallet has no such payment. */
    record Unknown() implements PayerRelease {}
}
