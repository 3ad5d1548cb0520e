package org.farthing.server.ledger;

import java.util.List;

/** What became of {@link TokenBooks#refundTokens}. Without {@link Done} nothing was written. */
public sealed interface RefundDue {

    /** What is signed for the refund is written down: now sign and answer. */
    record Done() implements RefundDue {}

    /** The same was done before: sign and answer the same. */
    record Repeated() implements RefundDue {}

    /** No such charge was paid with tokens by these bytes, or nothing of it is given back that was not handed out yet. */
    record Nothing() implements RefundDue {}

    /**
     * The messages are not worth what is due.
     *
     * @param due what is due, in base units
     */
    record NotEqual(long due) implements RefundDue {}

    /**
     * Some of the messages were signed before, for something else.
     *
     * @param indexes which of them, rising
     */
    record AlreadyIssued(List<Integer> indexes) implements RefundDue {}

    /**
     * Some of the messages are for keys that are unknown, closed, not this issuer's, of another currency, or no longer spendable.
     *
     * @param indexes which of them, rising
     */
    record NotForSale(List<Integer> indexes) implements RefundDue {}
}
