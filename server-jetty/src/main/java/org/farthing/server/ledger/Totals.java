package org.farthing.server.ledger;

/**
 * All money of one currency, by where it is. Money is neither made nor lost: {@link #sum()} is zero in a sound ledger.
 *
 * @param currency the currency id
 * @param treasury what came in from outside, as a negative number
 * @param available what wallets can spend
 * @param held what is set aside
 * @param payees what payees earned, refunds deducted
 * @param receivable what wallet services owe for captures they vouched for, refunds and write-offs deducted, and remote issuers
 *     for their tokens
 * @param tokens what tokens of issuers here are worth that are out: the money of whoever holds them
 */
public record Totals(
        String currency, long treasury, long available, long held, long payees, long receivable, long tokens) {

    /**
     * Makes the totals of a ledger that no wallet service owes anything.
     *
     * @param currency the currency id
     * @param treasury what came in from outside, as a negative number
     * @param available what wallets can spend
     * @param held what is set aside
     * @param payees what payees earned, refunds deducted
     */
    public Totals(String currency, long treasury, long available, long held, long payees) {
        this(currency, treasury, available, held, payees, 0, 0);
    }

    /**
     * Makes the totals of a ledger that has sold no tokens.
     *
     * @param currency the currency id
     * @param treasury what came in from outside, as a negative number
     * @param available what wallets can spend
     * @param held what is set aside
     * @param payees what payees earned, refunds deducted
     * @param receivable what wallet services owe
     */
    public Totals(String currency, long treasury, long available, long held, long payees, long receivable) {
        this(currency, treasury, available, held, payees, receivable, 0);
    }

    /**
     * Adds all of it up; what services owe stands on the other side.
     *
     * @return zero, in a sound ledger
     * @throws ArithmeticException if the sum does not fit 64 bits
     */
    public long sum() {
        long here = Math.addExact(Math.addExact(treasury, available), Math.addExact(held, payees));
        return Math.subtractExact(Math.addExact(here, tokens), receivable);
    }
}
