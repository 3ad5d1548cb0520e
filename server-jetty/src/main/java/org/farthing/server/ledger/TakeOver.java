package org.farthing.server.ledger;

/** What became of {@link Ledger#takeOver} (F-RE-20). */
public sealed interface TakeOver {

    /**
     * The caller holds the charge now; the former owner's reference moves nothing any more.
     *
     * @param ref the new right to finish the charge
     * @param charge the charge as it is now
     */
    record Taken(HoldRef ref, Charge charge) implements TakeOver {}

    /**
     * Not held, other bytes, or the owner is alive.
     *
     * @param charge the charge as it is
     */
    record Refused(Charge charge) implements TakeOver {}

    /** No such charge. */
    record Unknown() implements TakeOver {}
}
