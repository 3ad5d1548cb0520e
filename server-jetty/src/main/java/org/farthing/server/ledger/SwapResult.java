package org.farthing.server.ledger;

import java.util.List;

/**
 * What became of {@link TokenBooks#swap}, {@link TokenBooks#recall} or {@link TokenBooks#claimForSwap}. Without {@link Done} nothing was
 * written.
 */
public sealed interface SwapResult {

    /** The tokens given are used up, and what is signed for them is written down: now sign and answer. */
    record Done() implements SwapResult {}

    /** The same exchange was done before: sign and answer the same. */
    record Repeated() implements SwapResult {}

    /**
     * Some of the tokens given were used before.
     *
     * @param indexes which of them, rising
     */
    record Spent(List<Integer> indexes) implements SwapResult {}

    /**
     * What is asked for is not worth what is given.
     *
     * @param in what is given, in base units
     * @param out what is asked for
     */
    record NotEqual(long in, long out) implements SwapResult {}

    /**
     * Some of the messages were signed before, for something else.
     *
     * @param indexes which of them, rising
     */
    record AlreadyIssued(List<Integer> indexes) implements SwapResult {}

    /**
     * Some of the tokens given are of keys that are unknown, closed, or over.
     *
     * @param indexes which of them, rising
     */
    record KeyOver(List<Integer> indexes) implements SwapResult {}

    /**
     * Some of what was opened was never signed.
     *
     * @param indexes which of the tokens given, rising
     */
    record NeverIssued(List<Integer> indexes) implements SwapResult {}

    /**
     * Some of the messages are for keys that are unknown, closed, not this issuer's, of another currency, or no longer spendable.
     *
     * @param indexes which of them, rising
     */
    record NotForSale(List<Integer> indexes) implements SwapResult {}
}
