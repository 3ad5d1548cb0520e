package org.farthing.server.ledger;

/** Where a charge stands (the first table of the chapter charge). */
public enum ChargeState {
    /** Claimed, money set aside, {@code holdUntil} known. */
    HELD,
    /** Money moved to the payee. */
    CAPTURED,
    /** Nothing charged; the challenge id stays burned. Terminal. */
    RELEASED,
    /** Captured and given back in full; the stored answer is revoked. Terminal. */
    REFUNDED
}
