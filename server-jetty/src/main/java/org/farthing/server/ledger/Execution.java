package org.farthing.server.ledger;

/** Whether the handler of a released charge ran: RELEASED speaks of money only (F-ST-2). */
public enum Execution {
    /** The handler was never called. */
    NO,
    /** The handler ran to its end. */
    YES,
    /** The handler may have run, in part or whole. */
    UNKNOWN
}
