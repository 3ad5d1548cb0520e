package org.farthing.server.ledger;

import java.time.Instant;

/**
 * A payment this wallet service vouched for by a token, as the ledger saw it when it looked.
 *
 * @param wallet who pays
 * @param recipient who may collect: the payee's origin
 * @param challengeId the payee's challenge id; unique together with the recipient
 * @param tokenId the token's {@code jti}, unique
 * @param currency the currency id
 * @param amount the amount set aside, in base units
 * @param captured what the payee collected of it
 * @param refunded what the payee gave back of that
 * @param state where it stands
 * @param issued when it was set aside, by the ledger's clock
 * @param expires until when the token can be presented to the payee
 * @param holdExpires until when the payee may collect
 */
public record VouchedPayment(
        String wallet,
        String recipient,
        String challengeId,
        String tokenId,
        String currency,
        long amount,
        long captured,
        long refunded,
        State state,
        Instant issued,
        Instant expires,
        Instant holdExpires) {

    /** Where a payment stands. */
    public enum State {
        /** The money is set aside and may be collected. */
        HELD,
        /** Collected, in whole or in part; what was not collected is back in the wallet. Refunds do not change the state. */
        CAPTURED,
        /** Given back by the payee or on the payer's showing of a release statement. */
        RELEASED,
        /** Not collected in time. The state from {@code holdExpires} on, even before the money is back in the wallet. */
        EXPIRED
    }
}
