package org.farthing.server.ledger;

/**
 * What became of {@link Ledger#beginReRun}: running a safe handler again for a payment whose answer was not stored, until
 * {@code expires} + 10 min, at most three times, one at a time (F-RE-22).
 */
public sealed interface ReRun {

    /**
     * The handler may run; then call {@link Ledger#endReRun}.
     *
     * @param challengeId the charge
     * @param number which re-run this is, from 1
     * @param outcome what was kept of the first answer: its receipt goes out again
     */
    record Granted(String challengeId, int number, StoredOutcome outcome) implements ReRun {}

    /**
     * Another re-run is under way: 409 REQUEST_IN_PROGRESS.
     *
     * @param charge the charge as it is
     */
    record Busy(Charge charge) implements ReRun {}

    /**
     * Not captured, other bytes, not repeatable, the answer is stored, too late, or the three are used up.
     *
     * @param charge the charge as it is
     */
    record Refused(Charge charge) implements ReRun {}

    /** No such charge. */
    record Unknown() implements ReRun {}
}
