package org.farthing.server.ledger;

import java.util.List;

/**
 * What {@link Ledger#check} found.
 *
 * @param transfers how many transfers it read
 * @param charges how many charges it read
 * @param totals the sums per currency
 * @param findings what is wrong; empty in a sound ledger. At most 100 are listed
 */
public record CheckReport(long transfers, long charges, List<Totals> totals, List<Finding> findings) {

    /**
     * One thing that is wrong.
     *
     * @param table the table
     * @param row the row's key
     * @param what what is wrong there
     */
    public record Finding(String table, String row, String what) {}

    /**
     * Copies the lists.
     *
     * @param transfers as the record says
     * @param charges as the record says
     * @param totals as the record says
     * @param findings as the record says
     */
    public CheckReport {
        totals = List.copyOf(totals);
        findings = List.copyOf(findings);
    }

    /**
     * Tells whether the ledger is sound.
     *
     * @return true if nothing was found
     */
    public boolean sound() {
        return findings.isEmpty();
    }
}
