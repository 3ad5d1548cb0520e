package org.farthing.server.ledger;

import java.util.List;

/** What became of {@link TokenBooks#claimForSwap}. Without {@link Claimed} nothing was written. */
public sealed interface ForwardResult {

    /**
     * The tokens are used up for the exchange, now or before: forward it.
     *
     * @param attempt which claim of this exchange it is, counted from 1; {@link TokenBooks#refuseSwap} needs it
     */
    record Claimed(int attempt) implements ForwardResult {}

    /**
     * Some of the tokens were used before, for something else.
     *
     * @param indexes which of them, rising
     */
    record Spent(List<Integer> indexes) implements ForwardResult {}

    /**
     * Some of the tokens are of keys that are unknown, closed, or over.
     *
     * @param indexes which of them, rising
     */
    record KeyOver(List<Integer> indexes) implements ForwardResult {}

    /** The issuer has refused this very exchange so often that it is not forwarded once more. */
    record Refused() implements ForwardResult {}
}
