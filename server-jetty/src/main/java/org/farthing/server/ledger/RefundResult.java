package org.farthing.server.ledger;

/** What became of {@link Ledger#refund}. */
public sealed interface RefundResult {

    /**
     * The money is back in the wallet that paid. Refunded in full, the charge is {@link ChargeState#REFUNDED}.
     *
     * @param charge the charge after the refund
     */
    record Refunded(Charge charge) implements RefundResult {}

    /**
     * The same refund was done before; nothing moved now.
     *
     * @param charge the charge as it is
     */
    record Repeated(Charge charge) implements RefundResult {}

    /**
     * The key was used for another amount; nothing moved.
     *
     * @param charge the charge as it is
     */
    record KeyConflict(Charge charge) implements RefundResult {}

    /**
     * More than what is left of the captured amount, or nothing was captured; nothing moved.
     *
     * @param charge the charge as it is
     */
    record TooMuch(Charge charge) implements RefundResult {}

    /**
     * What was paid for with this charge cannot come back: it bought tokens, which may be anybody's by now, or its tokens are a
     * remote issuer's. Nothing moved.
     *
     * @param charge the charge as it is
     */
    record Final(Charge charge) implements RefundResult {}

    /** No such charge, or it is older than the ledger's refund window. */
    record Unknown() implements RefundResult {}
}
