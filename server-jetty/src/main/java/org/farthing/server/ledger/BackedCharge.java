package org.farthing.server.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A charge whose money lies at a wallet service, for comparing both ledgers.
 *
 * @param charge the charge
 * @param service the wallet service
 * @param tokenId the token's {@code jti}
 * @param holdExpires until when the service keeps the money
 * @param rb the challenge's request binding, or null
 * @param unfinished how many rows of its outbox are waiting or failed
 * @param writtenOff what of the captured amount was given up ({@link Outbox#writeOff}), in base units
 */
public record BackedCharge(
        Charge charge,
        String service,
        String tokenId,
        Instant holdExpires,
        @Nullable String rb,
        int unfinished,
        long writtenOff) {}
