package org.farthing.client.token;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.SpendingJournal;
import org.farthing.client.token.HeldToken.State;

/**
 * Takes from the journal what became of reserved tokens (F-TK-124). The journal alone says it, so there is nothing to be
 * written twice, and a process that dies between a payment's end and this loses nothing.
 */
final class Reckoning {

    /** A payee keeps the serials of a payment it gave back for ten minutes after the offer ended; clocks differ a little. */
    private static final Duration KEPT_BY_PAYEE = Duration.ofMinutes(11);

    private final TokenPurse purse;
    private final InstantSource clock;

    Reckoning(TokenPurse purse, InstantSource clock) {
        this.purse = purse;
        this.clock = clock;
    }

    void settle(SpendingJournal journal) throws IOException {
        // The claims first: a payment is in the journal before its tokens are reserved, so none can be missing there.
        Collection<Claim> claims = purse.claims();
        if (claims.isEmpty()) {
            return;
        }
        List<JournalEntry> entries = journal.entries();
        for (Claim claim : claims) {
            List<JournalEntry> payments = entries.stream()
                    .filter(entry -> entry.challengeId().equals(claim.challengeId())
                            && entry.proposal().prepaid()
                            && entry.proposal().recipient().equals(claim.recipient()))
                    .toList();
            settle(claim, payments);
        }
    }

    private void settle(Claim claim, List<JournalEntry> payments) throws IOException {
        if (payments.stream().anyMatch(payment -> payment.state().isOpen())) {
            return;
        }
        Instant from = payments.stream()
                .map(JournalEntry::expires)
                .max(Instant::compareTo)
                .orElseGet(clock::instant)
                .plus(KEPT_BY_PAYEE);
        // What was never sent showed nobody anything, and may have been followed by what was sent (F-TK-179).
        List<JournalEntry> sent = payments.stream()
                .filter(payment -> payment.state() != JournalEntry.State.NEVER_SENT)
                .toList();
        if (sent.isEmpty() && !payments.isEmpty()) {
            purse.settle(claim, State.READY, from);
        } else if (!sent.isEmpty() && sent.stream().allMatch(payment -> payment.state() == JournalEntry.State.SERVED)) {
            purse.settle(claim, State.SPENT, from);
        } else {
            // Given back, not known, or forgotten by the journal: others may have seen them, and may have taken them.
            purse.settle(claim, State.EXPOSED, from);
        }
    }
}
