package org.farthing.server.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the ledger stands with one remote issuer in one currency.
 *
 * @param issuer the issuer's origin
 * @param currency the currency id
 * @param waiting how many tokens are to be presented
 * @param redeemBy the earliest time by which one of them must be, or null
 * @param failed how many the issuer refused
 * @param failedAmount what those are worth, in base units
 * @param open what is accepted and not redeemed, in base units: held, waiting and failed together
 */
public record UploadStatus(
        String issuer,
        String currency,
        long waiting,
        @Nullable Instant redeemBy,
        long failed,
        long failedAmount,
        long open) {}
