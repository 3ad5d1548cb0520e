package org.farthing.server.ledger;

/**
 * What a wallet service said to one {@link OutboxItem}.
 *
 * @param seq the item
 * @param result what it said, for people: {@code captured}, {@code conflict} and so on, at most 200 characters
 * @param lost true if it will not do it, now or later
 */
public record OutboxAnswer(long seq, String result, boolean lost) {

    /**
     * Checks the text.
     *
     * @param seq as the record says
     * @param result as the record says
     * @param lost as the record says
     * @throws IllegalArgumentException if the text is empty, too long or has control characters
     */
    public OutboxAnswer {
        Arguments.text("result", result, 200);
    }
}
