package org.farthing.client.wallet;

import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;

/**
 * A wallet's money in one currency id.
 *
 * @param currency the currency id
 * @param available what can be spent
 * @param held what is set aside for payments under way
 */
public record Account(CurrencyId currency, Amount available, Amount held) {}
