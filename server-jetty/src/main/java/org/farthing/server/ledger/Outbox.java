package org.farthing.server.ledger;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What wallet services must still be told about charges with a {@link Backing} (F-ST-72 to F-ST-76). The ledger writes an item
 * in the same step as the capture, release or refund it speaks of, so that neither can be there without the other.
 *
 * <p>Items of one token are given out in the order they were written, and none before the earlier ones are done: a refund never
 * overtakes its capture. What a service is told is idempotent there: captures, releases and refunds are, by token and key.
 */
public interface Outbox extends OutboxBooks, Errands<OutboxItem, OutboxAnswer> {

    /**
     * As {@link #done(List)}, for one item.
     *
     * @param seq the item
     * @param result what the service said, at most 200 characters
     * @param lost true if the service will not do it, now or later
     * @return true if this call ended the item; false if it was not waiting (any more)
     */
    default CompletionStage<Boolean> done(long seq, String result, boolean lost) {
        return done(List.of(new OutboxAnswer(seq, result, lost))).thenApply(ended -> ended == 1);
    }

    /**
     * Notes what a wallet service said, all items in one step. Waiting items become {@link OutboxItem.State#DONE}; a done
     * capture ends the exposure to the service for its amount. A lost capture or refund becomes {@link
     * OutboxItem.State#FAILED} instead and its exposure stays, until {@link #writeOff}; a lost release is done, because
     * whatever the service did with that money, none of it was earned. Items that are not waiting are passed over, so a
     * repeated call changes nothing.
     *
     * @param answers what was said, at most 1000
     * @return how many items this call ended
     * @throws IllegalArgumentException if there are more than 1000
     */
    @Override
    CompletionStage<Integer> done(List<OutboxAnswer> answers);

    /**
     * As {@link #again(List, Duration, String)}, for one item.
     *
     * @param seq the item
     * @param wait how long from now; may be zero
     * @param why what went wrong, for people, at most 200 characters
     * @return true if it waits now; false if it is done, written off or unknown
     * @throws IllegalArgumentException if the wait is negative or the text is empty or too long
     */
    default CompletionStage<Boolean> again(long seq, Duration wait, String why) {
        return again(List.of(seq), wait, why).thenApply(waiting -> waiting == 1);
    }

    /**
     * Gives a failed item up. For a capture: what is left of it after refunds moves from the payee back to the service (the
     * service owes it no longer), the exposure ends, the refunds that waited behind it are given up too, and none can be made
     * any more. For a refund: no money moves; the operator has settled it with the payer or the service in another way.
     *
     * @param seq the item
     * @param reason why, for the books, at most 200 characters
     * @return true if this call gave it up; false if it is not failed
     * @throws IllegalArgumentException if the reason is empty or too long
     */
    @Override
    CompletionStage<Boolean> writeOff(long seq, String reason);
}
