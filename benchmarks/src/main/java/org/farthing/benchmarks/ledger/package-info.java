/**
 * What the ledger costs beside what the machine allows: group commit against one commit an operation, one caller against a bare
 * commit, answers held until they are durable. {@link org.farthing.benchmarks.ledger.LedgerRun} is the entry.
 */
package org.farthing.benchmarks.ledger;
