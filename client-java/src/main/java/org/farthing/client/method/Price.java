package org.farthing.client.method;

import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/**
 * What a challenge asks, and where the money would come from.
 *
 * @param amount the most that can be taken
 * @param currency the currency id
 * @param recipient the payee
 * @param capture how it is taken: {@code exact}, or {@code upto} the amount
 * @param service the wallet service that would be asked to hold the money; null if the payee itself is the ledger
 */
public record Price(
        Amount amount,
        CurrencyId currency,
        String recipient,
        String capture,
        @Nullable Origin service) {

    /**
     * A price that is paid at the payee itself.
     *
     * @param amount as described at the record
     * @param currency as described at the record
     * @param recipient as described at the record
     * @param capture as described at the record
     */
    public Price(Amount amount, CurrencyId currency, String recipient, String capture) {
        this(amount, currency, recipient, capture, null);
    }
}
