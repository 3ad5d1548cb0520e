package org.farthing.client.wallet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a statement, newest first.
 *
 * @param transfers the lines
 * @param next where the next page begins, or null if this is the last
 */
public record StatementPage(
        List<Transfer> transfers, @Nullable String next) {

    /**
     * Copies the list.
     *
     * @param transfers as described at the record
     * @param next as described at the record
     */
    public StatementPage {
        transfers = List.copyOf(transfers);
    }
}
