package org.farthing.server.mint;

import java.time.Duration;
import java.time.Instant;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenKey;

/**
 * How long a mint's keys live, each time counted from their begin (specification: token-mint.md, F-TK-94 and F-TK-95).
 *
 * @param sale how long their tokens are sold
 * @param spend until when payees take them
 * @param redeem until when payees are credited for them, at least an hour longer
 * @param swap until when they are changed into new ones
 * @param ahead how long before it begins an epoch is published; shorter than the sale
 */
public record KeyLife(Duration sale, Duration spend, Duration redeem, Duration swap, Duration ahead) {

    /** What a payee needs at least to upload what it took. */
    private static final Duration SHORTEST_UPLOAD = Duration.ofHours(1);

    /** 30, 60, 67 and 90 days, published a week ahead. */
    public static final KeyLife DEFAULT = new KeyLife(
            Duration.ofDays(30), Duration.ofDays(60), Duration.ofDays(67), Duration.ofDays(90), Duration.ofDays(7));

    /**
     * Checks the order.
     *
     * @param sale as the record says
     * @param spend as the record says
     * @param redeem as the record says
     * @param swap as the record says
     * @param ahead as the record says
     * @throws IllegalArgumentException if a time is not after the one before, or an epoch would be published before the last but
     *     one ended
     */
    public KeyLife {
        boolean ordered = Duration.ZERO.compareTo(sale) < 0
                && sale.compareTo(spend) < 0
                && spend.plus(SHORTEST_UPLOAD).compareTo(redeem) <= 0
                && redeem.compareTo(swap) < 0;
        if (!ordered) {
            throw new IllegalArgumentException(
                    "Keys are sold, then spent, then at least an hour later redeemed, then swapped:"
                            + " each of these ends after the one before, not " + sale + ", " + spend + ", " + redeem
                            + ", "
                            + swap + ".");
        }
        if (ahead.isNegative() || ahead.compareTo(sale) >= 0) {
            throw new IllegalArgumentException(
                    "An epoch is published ahead by less than it is sold, not by " + ahead + " of " + sale + ".");
        }
    }

    /**
     * Puts the deadlines on a key.
     *
     * @param key the key
     * @param value what its tokens are worth
     * @param currency the currency
     * @param begin when its sale begins
     * @return what the directory says of it
     */
    public PublishedKey publish(TokenKey key, Amount value, CurrencyId currency, Instant begin) {
        return new PublishedKey(
                key, value, currency, begin, begin.plus(sale), begin.plus(spend), begin.plus(redeem), begin.plus(swap));
    }
}
