package org.farthing.server.ledger;

/**
 * What a purge removed. Transfers are never removed.
 *
 * @param outcomes stored answers and idempotency keys past their replay window
 * @param charges claim rows past their retention
 * @param wallets wallets that were never topped up
 * @param requestIds ids of requests that can no longer be valid
 * @param more whether there is more to do: purge again
 */
public record PurgeReport(int outcomes, int charges, int wallets, int requestIds, boolean more) {}
