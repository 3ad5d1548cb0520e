package org.farthing.server.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a wallet's transfers, newest first.
 *
 * @param transfers the transfers of this page
 * @param next the cursor of the next page, or null at the end
 */
public record Statement(List<Transfer> transfers, @Nullable Long next) {

    /**
     * Copies the transfers.
     *
     * @param transfers as the record says
     * @param next as the record says
     */
    public Statement {
        transfers = List.copyOf(transfers);
    }
}
