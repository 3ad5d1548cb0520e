package org.farthing.server.ledger;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A queue of what another party must be told (F-ST-72 to F-ST-76, F-TK-40 to F-TK-43): each errand is given out for a lease to
 * whoever carries it, again and again, until he says what came of it.
 *
 * <p><b>Promised.</b> Whoever dies meanwhile, an errand is given out until somebody has ended it. Each operation is one atomic
 * step, repeatable, and safe from several threads and nodes. <b>Not promised:</b> that it is given out once only, so what is
 * told must be idempotent at the other party.
 *
 * @param <E> what is to be told
 * @param <A> what the other party said to it
 */
public interface Errands<E, A> {

    /**
     * Takes errands that are due, those first that have waited longest. Each is leased: nobody else gets it until the lease is
     * over.
     *
     * @param limit how many at most, 1 to 1000
     * @param lease how long nobody else gets them; longer than telling can take
     * @return the errands; empty if nothing is due
     * @throws IllegalArgumentException if the limit is out of range or the lease is not longer than zero
     */
    CompletionStage<List<E>> due(int limit, Duration lease);

    /**
     * Notes what was said, all in one step. What does not wait is passed over, so a repeated call changes nothing.
     *
     * @param answers what was said, at most 1000
     * @return how many errands this call ended
     * @throws IllegalArgumentException if there are more than 1000
     */
    CompletionStage<Integer> done(List<A> answers);

    /**
     * Puts errands off, all in one step: they are due again after a while, and their leases are over. A failed one waits again,
     * which is how an operator has it tried once more. What is done, given up or unknown is passed over.
     *
     * @param seqs their numbers, at most 1000; one that is named twice counts once
     * @param wait how long from now; may be zero
     * @param why what went wrong, for people, 1 to 200 characters
     * @return how many of them wait now
     * @throws IllegalArgumentException if there are more than 1000, the wait is negative, or the text is empty or too long
     */
    CompletionStage<Integer> again(List<Long> seqs, Duration wait, String why);

    /**
     * Gives a failed errand up.
     *
     * @param seq its number
     * @param reason why, for the books, 1 to 200 characters
     * @return true if this call gave it up; false if it is not there or has not failed
     * @throws IllegalArgumentException if the reason is empty or too long
     */
    CompletionStage<Boolean> writeOff(long seq, String reason);
}
