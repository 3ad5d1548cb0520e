package org.farthing.server.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payee a wallet service deals with.
 *
 * @param origin its https origin: the recipient of its challenges and the issuer of its requests
 * @param status whether new payments to it are made
 * @param deferred whether it may collect a day after the token expired instead of an hour
 * @param keyDocument its key document as it was fetched last, or null before the first fetch
 * @param fetchedAt when that was, by the ledger's clock, or null
 * @param addedAt when it was registered
 */
public record Payee(
        String origin,
        Status status,
        boolean deferred,
        @Nullable String keyDocument,
        @Nullable Instant fetchedAt,
        Instant addedAt) {

    /** Whether a payee is paid. */
    public enum Status {
        /** It is. */
        ACTIVE,
        /** No new payments; it still collects and refunds what was paid before. */
        FROZEN
    }
}
