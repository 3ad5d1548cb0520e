package org.farthing.client.budget;

/**
 * Asks the owner about one payment above the threshold of the policy. It is called when every other rule allows the payment,
 * before anything is counted or signed, outside every lock, on a thread that may block; several payments may ask at the same
 * time.
 */
@FunctionalInterface
public interface Approval {

    /**
     * Decides. An exception counts as no.
     *
     * @param request what would be paid, as a person should be shown it
     * @return true to pay; a yes that comes when the offer has ended pays nothing
     */
    boolean approve(ApprovalRequest request);
}
