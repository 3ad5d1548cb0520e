package org.farthing.server.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The money of a hold lies at a wallet service, which has vouched for it with a receipt token. The ledger keeps the claim and
 * what the service owes; what it must be told waits in the outbox.
 *
 * @param service the wallet service's origin
 * @param tokenId the token's {@code jti}: the key of the settlement there
 * @param holdExpires until when the service honours the token
 * @param exposureLimit how much may be sold against this service's word in this currency before it is collected, in base
 *     units
 * @param rb the request binding of the challenge, or null if it has none
 */
public record Backing(
        String service,
        String tokenId,
        Instant holdExpires,
        long exposureLimit,
        @Nullable String rb) {

    /**
     * Checks lengths and the limit.
     *
     * @param service as the record says
     * @param tokenId as the record says
     * @param holdExpires as the record says
     * @param exposureLimit as the record says
     * @param rb as the record says
     * @throws IllegalArgumentException if a text is empty, too long or has control characters, or the limit is not an
     *     amount
     */
    public Backing {
        Arguments.text("service", service, 300);
        Arguments.id("tokenId", tokenId, 64);
        Arguments.amount("exposureLimit", exposureLimit);
        if (rb != null) {
            Arguments.text("rb", rb, 64);
        }
    }
}
