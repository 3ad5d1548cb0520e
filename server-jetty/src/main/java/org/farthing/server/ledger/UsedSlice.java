package org.farthing.server.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the tokens of an issuer that were used, in the order of {@link TokenPlace}.
 *
 * @param tokens the tokens, all of one key
 * @param next where the next part begins, or null after the last
 */
public record UsedSlice(List<TokenUsage> tokens, @Nullable TokenPlace next) {

    /**
     * Copies the list.
     *
     * @param tokens as the record says
     * @param next as the record says
     */
    public UsedSlice {
        tokens = List.copyOf(tokens);
    }
}
