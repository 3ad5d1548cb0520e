package org.farthing.server.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one wallet service stands in one currency.
 *
 * @param service the wallet service's origin
 * @param currency the currency id
 * @param waiting how many items wait
 * @param oldest when the oldest waiting item was written, or null if none waits
 * @param captureBy the earliest time at which the service lets the money of a waiting capture go, or null if none waits
 * @param failed how many items failed and are not written off
 * @param failedAmount what the failed captures among them are worth, in base units
 * @param exposure what is held and what is captured without the service's word, in base units
 */
public record OutboxStatus(
        String service,
        String currency,
        long waiting,
        @Nullable Instant oldest,
        @Nullable Instant captureBy,
        long failed,
        long failedAmount,
        long exposure) {}
