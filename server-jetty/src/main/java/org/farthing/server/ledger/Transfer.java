package org.farthing.server.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One immutable movement of money between two accounts: the only way money moves.
 *
 * @param sequence its place in the order of transfers; grows, may have gaps
 * @param id its identity, made of its kind and what it belongs to, so that nothing can move twice
 * @param kind what it is
 * @param wallet the wallet concerned, or null between a payee and a wallet service
 * @param challengeId the charge, or null for a top-up
 * @param from the account it left, for example {@code available:w_7Q2k}
 * @param to the account it reached, for example {@code held:w_7Q2k}
 * @param currency the currency id
 * @param amount how much, in base units, more than zero
 * @param method the payment method of the charge, or null for a top-up
 * @param note a refund's reason, else null
 * @param at when, by the ledger's clock
 */
public record Transfer(
        long sequence,
        String id,
        Kind kind,
        @Nullable String wallet,
        @Nullable String challengeId,
        String from,
        String to,
        String currency,
        long amount,
        @Nullable String method,
        @Nullable String note,
        Instant at) {

    /** What a transfer is. */
    public enum Kind {
        /** Treasury to available. */
        TOP_UP,
        /** Available to held. */
        HOLD,
        /** Held, or upfront available, to the payee; from the wallet service where one vouched. */
        CAPTURE,
        /** Held back to available: all of it on release, the rest on a partial capture. */
        RELEASE,
        /** The payee back to available, or to the wallet service that vouched. */
        REFUND,
        /** The payee back to the wallet service that did not honour its token; never in a wallet's statement. */
        WRITE_OFF
    }
}
