package org.farthing.server.ledger;

/** What became of {@link ServicePayments#refund}. */
public sealed interface PaymentRefund {

    /**
     * The money is back in the wallet that paid.
     *
     * @param payment the payment after the refund
     */
    record Refunded(VouchedPayment payment) implements PaymentRefund {}

    /**
     * The same refund was done before; nothing moved now.
     *
     * @param payment the payment as it is
     */
    record Repeated(VouchedPayment payment) implements PaymentRefund {}

    /**
     * The key was used for another amount; nothing moved.
     *
     * @param payment the payment as it is
     */
    record KeyConflict(VouchedPayment payment) implements PaymentRefund {}

    /**
     * More than what is left of the captured amount; nothing moved.
     *
     * @param payment the payment as it is
     */
    record TooMuch(VouchedPayment payment) implements PaymentRefund {}

    /**
     * Nothing was collected: it is still held, or it was released or has expired (see its state). Nothing moved.
     *
     * @param payment the payment as it is
     */
    record NotCaptured(VouchedPayment payment) implements PaymentRefund {}

    /** No such payment to this recipient, or it is past the ledger's refund window. */
    record Unknown() implements PaymentRefund {}
}
