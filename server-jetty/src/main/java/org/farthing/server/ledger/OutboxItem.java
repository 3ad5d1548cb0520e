package org.farthing.server.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing a wallet service must be told, written in the very step that made it true.
 *
 * @param seq its place: grows, may have gaps
 * @param challengeId the charge
 * @param kind what to tell
 * @param service whom: the wallet service's origin
 * @param payee who tells it: the charge's payee
 * @param tokenId the token's {@code jti}
 * @param currency the currency id
 * @param amount what was captured or is refunded; for a release what was authorised
 * @param rb the challenge's request binding, or null
 * @param holdExpires until when the service keeps the money: a capture told later is lost
 * @param idempotencyKey a refund's own identity, else null
 * @param reason a refund's reason, else null
 * @param state where it stands
 * @param attempts how often it was leased ({@link Outbox#due})
 * @param createdAt when it was written
 * @param notBefore when it is, or was last, due
 * @param result what the service said, or why the last attempt failed; null before the first
 */
public record OutboxItem(
        long seq,
        String challengeId,
        Kind kind,
        String service,
        String payee,
        String tokenId,
        String currency,
        long amount,
        @Nullable String rb,
        Instant holdExpires,
        @Nullable String idempotencyKey,
        @Nullable String reason,
        State state,
        int attempts,
        Instant createdAt,
        Instant notBefore,
        @Nullable String result) {

    /** What a wallet service is told. */
    public enum Kind {
        /** Take this much and give back the rest. */
        CAPTURE,
        /** Give all of it back. */
        RELEASE,
        /** Give this much of what was captured back. */
        REFUND
    }

    /** Where an item stands. */
    public enum State {
        /** Not told yet, or not answered yet. */
        WAITING,
        /** The service has it. */
        DONE,
        /** The service refused a capture or a refund, or a capture's hold has expired there: somebody must look (T61). */
        FAILED,
        /** Failed, and given up by the operator. */
        WRITTEN_OFF
    }
}
