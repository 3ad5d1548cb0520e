package org.farthing.client.method;

import java.util.concurrent.CompletableFuture;
import org.farthing.client.budget.SpendingJournal;
import org.farthing.protocol.Challenge;

/**
 * A way to pay with means that the payer must have at hand before it pays, such as tokens bought ahead. The paying client asks
 * for them after it checked a challenge and before it counts or signs anything; where they are not there, it tries the
 * answer's next challenge.
 *
 * <p>What becomes of the means is the journal's to say and nobody else's: a payment that was served used them up, one that was
 * never sent did not touch them. An implementation asks the journal when it next needs to know, so a process that dies in
 * between leaves nothing that somebody must clean up.
 */
public interface PreparingMethod extends PaymentMethod {

    /**
     * Makes sure that {@link #credential} can be called for a challenge.
     *
     * @param challenge a challenge that passed every check without money
     * @param price what {@link #read} found in it
     * @param journal the journal of the payment that may follow, and of those before it
     * @return completes with the price; fails with an {@link UnpayableException} that says what is missing. It is called where
     *     blocking on the disk does no harm, and waits for no network in that call
     */
    CompletableFuture<Price> prepare(Challenge challenge, Price price, SpendingJournal journal);
}
