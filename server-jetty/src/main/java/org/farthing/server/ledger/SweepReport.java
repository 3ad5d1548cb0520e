package org.farthing.server.ledger;

/**
 * What a sweep ended.
 *
 * @param released holds past their time that were released
 * @param refunded upfront charges past their time, never delivered, that were given back
 * @param more whether there is more to do: sweep again
 */
public record SweepReport(int released, int refunded, boolean more) {}
