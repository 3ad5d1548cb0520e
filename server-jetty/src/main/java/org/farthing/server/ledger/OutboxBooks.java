package org.farthing.server.ledger;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What wallet services must still be told, to look at. {@link Outbox} is the same to work on. */
public interface OutboxBooks {

    /**
     * Says how every wallet service stands that has something unfinished or is exposed, for readiness, alarms and people.
     *
     * @return one status a service and currency, ordered by both
     */
    CompletionStage<List<OutboxStatus>> status();

    /**
     * Reads a page of items in the order they were written.
     *
     * @param state only items in this state; null for all that are kept
     * @param after the last {@code seq} of the page before; 0 for the first page
     * @param limit how many, 1 to 1000
     * @return the page; shorter than the limit, or empty, at the end
     * @throws IllegalArgumentException if the limit is out of range
     */
    CompletionStage<List<OutboxItem>> items(OutboxItem.@Nullable State state, long after, int limit);

    /**
     * Reads a page of the charges one wallet service vouched for, held or ended, as long as they are kept, ordered by token.
     *
     * @param service the wallet service's origin
     * @param after the last token id of the page before; null for the first page
     * @param limit how many, 1 to 1000
     * @return the page; shorter than the limit, or empty, at the end
     * @throws IllegalArgumentException if the limit is out of range
     */
    CompletionStage<List<BackedCharge>> charges(String service, @Nullable String after, int limit);
}
