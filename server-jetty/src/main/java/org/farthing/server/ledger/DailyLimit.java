package org.farthing.server.ledger;

import java.time.Instant;

/**
 * What a wallet may spend in a day (UTC), over all currency ids of one ISO code or unit name together (T78, F-ST-90 to
 * F-ST-93). Held money counts as spent; what is released or not captured on the day of its hold counts no longer; refunds do
 * not give it back.
 *
 * @param code the ISO code in lower case, or {@code unit:NAME}
 * @param perDay the limit: a decimal number of the major unit, such as {@code 5.00}
 * @param spent what is spent of it today, in the same form
 * @param resetsAt when the day ends
 */
public record DailyLimit(String code, String perDay, String spent, Instant resetsAt) {}
