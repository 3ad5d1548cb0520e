package org.farthing.server.ledger;

/** What the ledger knows about an answer that was paid before it was made ({@link Ledger#chargeUpfront}). */
public enum Delivery {
    /** Not an upfront charge: the capture itself was the last step before the answer. */
    NOT_TRACKED,
    /** Paid, and the answer has not left yet. Past {@code holdUntil} the sweeper gives the money back. */
    PENDING,
    /** The answer left. */
    DELIVERED,
    /** The answer never left, and the money went back. */
    UNDELIVERED
}
