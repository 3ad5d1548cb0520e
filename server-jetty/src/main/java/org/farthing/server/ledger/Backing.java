package org.farthing.server.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says that the money of a charge lies at a wallet service, which vouches for it by a signed token (F-ST-70 to F-ST-79). The
 * ledger then moves no wallet's money: it counts what it trusts the service with, books what the service owes once it is
 * captured, and keeps in its {@link Outbox} what the service must be told.
 *
 * @param service the wallet service: an https origin
 * @param tokenId the token's {@code jti}, under which the service knows the payment
 * @param holdExpires until when the service keeps the money; a hold here ends {@link #MARGIN} before it at the latest
 * @param exposureLimit the most this ledger trusts the service with in the charge's currency, this charge included, in base
 *     units: what is held and what is captured without the service's word that it has it
 * @param rb the challenge's request binding, which the service is told again, or null
 */
public record Backing(
        String service,
        String tokenId,
        Instant holdExpires,
        long exposureLimit,
        @Nullable String rb) implements Source {

    /** How long before the service lets the money go a hold here must have ended: time to say "capture". */
    public static final Duration MARGIN = Duration.ofSeconds(60);

    /**
     * Checks the texts and the limit, and cuts {@code holdExpires} to the millisecond.
     *
     * @param service as the record says
     * @param tokenId as the record says
     * @param holdExpires as the record says
     * @param exposureLimit as the record says
     * @param rb as the record says
     * @throws IllegalArgumentException if a text is empty, too long or has control characters, or the limit is negative or
     *     larger than any amount
     */
    public Backing {
        Arguments.text("service", service, 300);
        Arguments.id("tokenId", tokenId, 128);
        Arguments.amount("exposureLimit", exposureLimit);
        if (rb != null) {
            Arguments.text("rb", rb, 64);
        }
        holdExpires = holdExpires.truncatedTo(ChronoUnit.MILLIS);
    }
}
