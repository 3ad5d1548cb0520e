package org.farthing.client.wallet;

import java.time.Instant;
import org.farthing.protocol.Money;

/**
 * What a wallet may spend in a day, by UTC.
 *
 * @param perDay the limit
 * @param spent how much of it is used, held money counted
 * @param resetsAt when the next day begins
 */
public record DailyLimit(Money perDay, Money spent, Instant resetsAt) {}
