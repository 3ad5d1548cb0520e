package org.farthing.server.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What became of one {@link SettleItem}. The first capture or release of a payment wins, whoever asked for it.
 *
 * @param tokenId the token's {@code jti}
 * @param outcome what became of it
 * @param captured what the payee has collected with this payment, or null if it has not been captured
 */
public record SettleResult(
        String tokenId, Outcome outcome, @Nullable Long captured) {

    /** What became of an item. */
    public enum Outcome {
        /** This item collected the money. */
        CAPTURED,
        /** An earlier item collected the same amount; nothing moved now. */
        ALREADY_CAPTURED,
        /** The money is back in the wallet, by this item or an earlier release. */
        RELEASED,
        /**
         * It was ended the other way before, or captured with another amount, or the item asks for more than was set aside or
         * names another request binding. Nothing moved.
         */
        CONFLICT,
        /** The time to collect is over; the money goes, or went, back to the wallet. Nothing moved. */
        EXPIRED,
        /** No such payment to this recipient, or it is past its retention. */
        UNKNOWN
    }
}
