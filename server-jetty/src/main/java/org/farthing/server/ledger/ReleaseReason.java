package org.farthing.server.ledger;

/** Why a charge ended without money moving, or with all of it given back. For people, events and the statement. */
public enum ReleaseReason {
    /** The handler answered with a status that is not charged. */
    STATUS_NOT_CHARGED,
    /** The handler threw or failed its callback. */
    HANDLER_FAILED,
    /** The answer was larger than what the route may hold back. */
    ANSWER_TOO_LARGE,
    /** The handler ran longer than the route's maximum and was stopped. */
    TOO_SLOW,
    /** The answer was made and the ledger could not take the money for it. */
    CAPTURE_FAILED,
    /** The ledger held the money after the caller had been sent away, and no handler ran. */
    LEDGER_LATE,
    /** The server stopped before the handler was done. */
    SHUTDOWN,
    /** The node that held it is gone, and the request may not run twice. */
    OWNER_GONE,
    /** The hold was not renewed; the sweeper ended it. */
    HOLD_EXPIRED,
    /** Paid upfront, and the answer never left. */
    UNDELIVERED,
    /** The handler asked for it. */
    WAIVED,
    /** A wallet service's payment: the payee gave it back. */
    RELEASED_BY_PAYEE,
    /** A wallet service's payment: the payer showed the payee's release statement. */
    RELEASED_BY_PAYER
}
