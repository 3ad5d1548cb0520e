package org.farthing.client.wallet;

import java.time.Instant;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.jspecify.annotations.Nullable;

/**
 * One line of a statement.
 *
 * @param id the ledger's name of it
 * @param at when
 * @param kind {@code top-up}, {@code hold}, {@code capture}, {@code release} or {@code refund}
 * @param amount how much
 * @param currency the currency id
 * @param from where from: {@code outside}, {@code available}, {@code held}, {@code payee} or {@code tokens}
 * @param to where to
 * @param challengeId the payment it belongs to, or null
 * @param recipient the payee, or the issuer of the tokens that were bought, or null
 * @param note why, for refunds that say so, or null
 */
public record Transfer(
        String id,
        Instant at,
        String kind,
        Amount amount,
        CurrencyId currency,
        String from,
        String to,
        @Nullable String challengeId,
        @Nullable String recipient,
        @Nullable String note) {}
