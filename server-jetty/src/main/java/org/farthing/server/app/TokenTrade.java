package org.farthing.server.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.farthing.protocol.binding.Origin;

/** Whose blind tokens a shop takes. */
sealed interface TokenTrade {

    /** How many tokens one payment has at most. */
    int maxTokens();

    /**
     * Those of a mint of its own, at the same origin and in the same books.
     *
     * @param keys the folder with the mint's keys; made if there is none
     * @param values what it sells
     * @param payees other servers, with books of their own, that take these tokens too and are credited here
     * @param maxTokens as the interface says
     */
    record OwnMint(Path keys, TokenValues values, List<Origin> payees, int maxTokens) implements TokenTrade {
        public OwnMint {
            payees = List.copyOf(payees);
        }
    }

    /**
     * Those of a mint elsewhere, which owes for them.
     *
     * @param issuer its origin
     * @param uploadEvery how long tokens rest before they are presented there
     * @param maxTokens as the interface says
     */
    record OfAnother(Origin issuer, Duration uploadEvery, int maxTokens) implements TokenTrade {}
}
