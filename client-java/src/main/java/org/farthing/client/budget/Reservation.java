package org.farthing.client.budget;

/** The journal's answer to a payment that somebody wants to make. */
public sealed interface Reservation {

    /**
     * Counted and on disk: it may be signed.
     *
     * @param entry the payment
     */
    record Reserved(JournalEntry entry) implements Reservation {}

    /**
     * The policy says no; nothing was counted.
     *
     * @param refusal which rule, and in words
     */
    record Refused(Refusal refusal) implements Reservation {}
}
