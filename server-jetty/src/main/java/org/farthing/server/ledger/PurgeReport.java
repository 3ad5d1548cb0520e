package org.farthing.server.ledger;

/**
 * What a purge removed. Transfers are never removed.
 *
 * @param outcomes stored answers and idempotency keys past their replay window
 * @param charges claim rows past their retention
 * @param wallets wallets that were never topped up
 * @param requestIds ids of requests that can no longer be valid
 * @param tokens rows about tokens of epochs that are over
 * @param more whether there is more to do: purge again
 */
public record PurgeReport(int outcomes, int charges, int wallets, int requestIds, int tokens, boolean more) {

    /**
     * Makes the report of a purge that had nothing to do about tokens.
     *
     * @param outcomes stored answers and idempotency keys past their replay window
     * @param charges claim rows past their retention
     * @param wallets wallets that were never topped up
     * @param requestIds ids of requests that can no longer be valid
     * @param more whether there is more to do: purge again
     */
    public PurgeReport(int outcomes, int charges, int wallets, int requestIds, boolean more) {
        this(outcomes, charges, wallets, requestIds, 0, more);
    }
}
