package org.farthing.server.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What a payee wants done with one payment.
 *
 * @param tokenId the token's {@code jti}
 * @param capture how much to collect, 0 to the amount set aside; null to give all of it back
 * @param rb the request binding the payee was paid for, or null
 */
public record SettleItem(
        String tokenId, @Nullable Long capture, @Nullable String rb) {

    /**
     * Checks the id and the amount.
     *
     * @param tokenId as the record says
     * @param capture as the record says
     * @param rb as the record says
     * @throws IllegalArgumentException if the id is empty or too long, or the amount is out of range
     */
    public SettleItem {
        Arguments.id("tokenId", tokenId, 128);
        if (capture != null) {
            Arguments.amount("capture", capture);
        }
    }
}
