package org.farthing.server.ledger;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * The ids of signed requests, each used once by its caller across all nodes and restarts (F-WR-5, F-WR-20 to F-WR-23). Only ids
 * of requests whose signature verified belong here (T41).
 */
public interface RequestIds {

    /**
     * Uses an id up, in one atomic step. Of all callers of this method, in whatever process on the same store, one is the
     * first.
     *
     * <p>A stage that fails says nothing about the id: it may be used up. Nothing may be done for the request then.
     *
     * @param caller whose id it is, at most 300 characters; callers do not share ids
     * @param id the id, at most 200 characters
     * @param until when the request can no longer be valid: so long the id is remembered
     * @return true for the first use; false if it was used, or if {@code until} is past by the ledger's time, when nobody can
     *     tell any more
     * @throws IllegalArgumentException if a text is empty, too long, or has a control character
     */
    CompletionStage<Boolean> use(String caller, String id, Instant until);
}
