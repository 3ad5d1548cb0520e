package org.farthing.server.ledger;

/** What became of a conditional, fenced step of one charge (F-ST-20, F-ST-21). */
public sealed interface Transition {

    /**
     * Returns the charge after the step, or as it was found.
     *
     * @return the charge
     */
    Charge charge();

    /**
     * This call did it, durably.
     *
     * @param charge the charge after the step
     */
    record Done(Charge charge) implements Transition {}

    /**
     * Somebody else was first (sweeper, another node, an earlier call), or the fence is old. Nothing moved. A repeated call
     * of one's own lands here too: same fence and the wanted state mean that the first call had done it.
     *
     * @param charge the charge as it is
     */
    record Lost(Charge charge) implements Transition {}
}
