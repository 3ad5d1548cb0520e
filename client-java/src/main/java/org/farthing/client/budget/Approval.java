package org.farthing.client.budget;

/**
 * Asks the owner about one payment above the threshold of the policy. It is called before anything is counted or signed,
 * outside every lock, on a thread that may block; several payments may ask at the same time.
 */
@FunctionalInterface
public interface Approval {

    /**
     * Decides. An exception counts as no.
     *
     * @param proposal what would be paid; its origin and recipient are what a person should be shown
     * @return true to pay
     */
    boolean approve(Proposal proposal);
}
