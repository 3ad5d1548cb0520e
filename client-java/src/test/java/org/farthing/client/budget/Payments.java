package org.farthing.client.budget;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.farthing.client.testing.SettableClock;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.RequestTarget;

/** Payments to count with. */
final class Payments {

    static final String ORIGIN = "https://api.example.com";
    static final Instant EXPIRES = SettableClock.START.plus(Duration.ofMinutes(5));

    private static final AtomicLong SERIAL = new AtomicLong();

    private Payments() {}

    static Proposal proposal(String origin, long amount, String currency) {
        RequestTarget target = RequestTarget.ofUri("GET", URI.create(origin + "/page?n=1"));
        return new Proposal(target, origin, Amount.of(amount), new CurrencyId(currency));
    }

    /** So many millionths of a dollar to the usual payee. */
    static Proposal microDollars(long amount) {
        return proposal(ORIGIN, amount, "usd.e6");
    }

    static Challenge challenge(Proposal proposal) {
        String request = PaymentRequest.of(proposal.amount(), proposal.currency(), proposal.recipient())
                .format();
        ChallengeTerms terms = new ChallengeTerms(
                "api.example.com", "wallet", "charge", request, EXPIRES.toString(), null, null, null);
        return new Challenge("challenge-" + SERIAL.incrementAndGet(), terms, "One page", null);
    }

    static Reservation reserve(SpendingJournal journal, SpendingPolicy policy, Proposal proposal)
            throws java.io.IOException {
        return journal.reserve(policy, proposal, challenge(proposal), EXPIRES, null, null);
    }

    static JournalEntry reserved(SpendingJournal journal, SpendingPolicy policy, Proposal proposal)
            throws java.io.IOException {
        return ((Reservation.Reserved) reserve(journal, policy, proposal)).entry();
    }
}
