package org.farthing.client.method;

import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;

/**
 * What a challenge asks.
 *
 * @param amount the most that can be taken
 * @param currency the currency id
 * @param recipient the payee
 * @param capture how it is taken: {@code exact}, or {@code upto} the amount
 */
public record Price(Amount amount, CurrencyId currency, String recipient, String capture) {}
