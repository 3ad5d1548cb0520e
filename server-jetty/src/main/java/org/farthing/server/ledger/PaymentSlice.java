package org.farthing.server.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of payments, oldest first.
 *
 * @param payments the payments of this page
 * @param next what to read on from, or null at the end
 */
public record PaymentSlice(
        List<VouchedPayment> payments, @Nullable Long next) {

    /**
     * Copies the payments.
     *
     * @param payments as the record says
     * @param next as the record says
     */
    public PaymentSlice {
        payments = List.copyOf(payments);
    }
}
