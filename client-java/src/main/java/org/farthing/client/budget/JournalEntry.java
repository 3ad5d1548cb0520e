package org.farthing.client.budget;

import java.time.Instant;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/**
 * One payment in the journal, as it stands now. It holds no credential; {@link SpendingJournal#credential} has that for as
 * long as the payment is open.
 *
 * @param id the journal's own name of the payment
 * @param at when it was counted; decides its period
 * @param proposal what is paid
 * @param challengeId the payee's name of the payment
 * @param expires when the challenge ends
 * @param state how far it came
 * @param counted whether its money counts as spent
 * @param challenge the challenge itself, as long as the payment is open
 * @param instead the payment that this one replaces after proof that the first was not charged, or null
 * @param evidence what ended it: a receipt, a release statement, or words; null while it is open
 * @param service the wallet service that is asked to hold the money, or null if the payee itself is the ledger
 */
public record JournalEntry(
        String id,
        Instant at,
        Proposal proposal,
        String challengeId,
        Instant expires,
        State state,
        boolean counted,
        @Nullable Challenge challenge,
        @Nullable String instead,
        @Nullable String evidence,
        @Nullable Origin service) {

    /** How far a payment came. */
    public enum State {
        /** Counted; not signed, as far as the journal knows. */
        INTENT,
        /** Signed and stored; not written to a socket. */
        SIGNED,
        /** Perhaps written to a socket. What became of the money is not known yet. */
        SENT,
        /** Paid, and the payee acknowledged it. */
        SERVED,
        /** The payee says that nothing was charged. */
        NOT_CHARGED,
        /** The wallet service itself says that it holds and paid nothing; given back in full. */
        GIVEN_BACK,
        /** Never written to a socket, and never will be. */
        NEVER_SENT,
        /** What became of the money was not learnt in time; it stays spent. */
        UNKNOWN;

        /**
         * Tells whether the payment can still be taken up again.
         *
         * @return true for intent, signed and sent
         */
        public boolean isOpen() {
            return this == INTENT || this == SIGNED || this == SENT;
        }
    }

    JournalEntry as(State next) {
        return new JournalEntry(
                id, at, proposal, challengeId, expires, next, counted, challenge, instead, evidence, service);
    }

    JournalEntry ended(State last, boolean stillCounted, @Nullable String why) {
        return new JournalEntry(
                id, at, proposal, challengeId, expires, last, stillCounted, null, instead, why, service);
    }

    /** Leaves out evidence, which holds a payee's signature. */
    @Override
    public String toString() {
        return "JournalEntry[" + id + ", " + state + ", " + proposal.money() + " to " + proposal.recipient() + " at "
                + at + (counted ? "" : ", not counted") + "]";
    }
}
