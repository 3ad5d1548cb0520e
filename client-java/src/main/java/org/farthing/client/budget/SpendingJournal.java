package org.farthing.client.budget;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.files.LogException;
import org.farthing.client.files.LogFile;
import org.farthing.client.files.LogLine;
import org.farthing.client.files.OwnerOnly;
import org.farthing.client.files.ProcessLock;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.jspecify.annotations.Nullable;

/**
 * Every payment, on disk before it is made: counted, then signed, then sent, then what became of it. A process may be
 * killed between any two bytes; the sums are right afterwards, because money is counted before a key signs and given back
 * only where it is certain that it did not go, or where the rules for release statements allow it.
 *
 * <p>The file is JSON Lines, only ever appended to (and now and then rewritten as a whole, under another name, then
 * renamed). The credentials of open payments lie beside it, in {@code <file>.open}, and are erased when their payment is
 * over, or a day after its challenge ended. All of it belongs to the owner alone; a journal that others can read, that is
 * damaged, gone, or locked by somebody else for 10 seconds refuses everything.
 *
 * <p>Atomicity: each method takes the lock of the operating system, reads what other processes appended, checks, appends
 * and forces, then frees the lock. Several processes and threads may use one journal. Each method blocks on the disk.
 *
 * <p>Time never goes backwards here: when the clock does, the journal's last time counts.
 */
public final class SpendingJournal {

    /** How long after its challenge ended a payment can still be taken up. */
    private static final Duration KEPT = Duration.ofHours(24);

    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);
    private static final int CLOSED_KEPT = 1000;
    private static final int LINES_OF_A_PAYMENT = 4;
    private static final int ID_BYTES = 16;

    private final Path path;
    private final InstantSource clock;
    private final LogFile file;
    private final CredentialVault vault;
    private final ProcessLock lock;
    private final SecureRandom random = new SecureRandom();
    private final JournalProbe probe;
    private final int closedKept;
    private String id = "";
    private @Nullable JournalState state;

    private SpendingJournal(Path path, InstantSource clock, JournalProbe probe, int closedKept) throws IOException {
        this.path = path.toAbsolutePath().normalize();
        this.clock = clock;
        this.probe = probe;
        this.closedKept = closedKept;
        this.file = new LogFile(this.path);
        this.vault = new CredentialVault(beside(".open"));
        this.lock = new ProcessLock(beside(".lock"), LOCK_PATIENCE);
        this.id = begin();
    }

    /**
     * Opens a journal, or begins a new one where there is none.
     *
     * @param path the file; its directory is created, for the owner only, if it is missing
     * @param clock the time
     * @return the journal
     * @throws IOException if the journal cannot be read, written, locked or relied on
     */
    public static SpendingJournal open(Path path, InstantSource clock) throws IOException {
        return open(path, clock, JournalProbe.NONE, CLOSED_KEPT);
    }

    static SpendingJournal open(Path path, InstantSource clock, JournalProbe probe, int closedKept) throws IOException {
        return new SpendingJournal(path, clock, probe, closedKept);
    }

    private Path beside(String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    private String begin() throws IOException {
        Path directory = path.getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            OwnerOnly.directory(directory);
        }
        return lock.holding(() -> {
            if (!Files.exists(path)) {
                file.rewrite(List.of(JournalState.firstLine(newId(), clock.instant())));
                file.forget();
            }
            JournalState current = refresh();
            vault.eraseAllBut(
                    current.openEntries().stream().map(JournalEntry::id).collect(Collectors.toSet()));
            return current.id();
        });
    }

    /**
     * The journal's own name, by which a purse knows the journal it was used with.
     *
     * @return a random name, made when the journal was
     */
    public String id() {
        return id;
    }

    /**
     * Counts a payment and writes it down, if the policy's budgets allow it and its challenge has not ended. The owner's
     * approval is the caller's to ask for before.
     *
     * @param policy the limits
     * @param proposal the payment
     * @param challenge the challenge it answers
     * @param expires when the challenge ends
     * @param instead the payment this one replaces, or null
     * @param service the wallet service that will be asked to hold the money, or null if the payee is the ledger
     * @return the payment, or the refusal
     * @throws IOException if the journal cannot be relied on; then nothing may be paid
     */
    public Reservation reserve(
            SpendingPolicy policy,
            Proposal proposal,
            Challenge challenge,
            Instant expires,
            @Nullable String instead,
            @Nullable Origin service)
            throws IOException {
        return locked(current -> {
            Instant at = now();
            if (!at.isBefore(expires)) {
                return new Reservation.Refused(
                        new Refusal(Refusal.Rule.OFFER_ENDED, "the offer ended before the payment was counted"));
            }
            Optional<Refusal> refusal =
                    policy.checkAlone(proposal).or(() -> policy.checkBudgets(proposal, current.book(), at));
            if (refusal.isPresent()) {
                return new Reservation.Refused(refusal.get());
            }
            JournalEntry entry = new JournalEntry(
                    newId(),
                    at,
                    proposal,
                    challenge.id(),
                    expires,
                    State.INTENT,
                    true,
                    challenge,
                    instead,
                    null,
                    service);
            append(List.of(JournalCodec.intent(entry, challenge)));
            return new Reservation.Reserved(entry);
        });
    }

    /**
     * Tells what {@link #reserve} would say now, and counts nothing. For showing people what a payment would meet; another
     * process may spend in between.
     *
     * @param policy the limits
     * @param proposal the payment
     * @return the refusal, or empty if the policy and its budgets allow it
     * @throws IOException if the journal cannot be relied on
     */
    public Optional<Refusal> wouldRefuse(SpendingPolicy policy, Proposal proposal) throws IOException {
        return locked(
                current -> policy.checkAlone(proposal).or(() -> policy.checkBudgets(proposal, current.book(), now())));
    }

    /**
     * Signs a payment, unless it is signed already: then the stored bytes are returned, and nothing signs again.
     *
     * @param entry the payment
     * @param signer makes the credential's token68; called under the lock, at most once
     * @return the credential's token68, stored; a secret
     * @throws IOException if the payment is over, or the journal cannot be relied on
     */
    public String sign(JournalEntry entry, Supplier<String> signer) throws IOException {
        return locked(current -> {
            JournalEntry known = current.openEntry(entry.id());
            if (known == null) {
                throw new JournalException("the payment is over");
            }
            if (known.state() != State.INTENT) {
                return vault.get(known.id()).orElseThrow(() -> new JournalException("the stored credential is gone"));
            }
            String token = signer.get();
            probe.at("signed, not stored");
            vault.put(known.id(), token);
            probe.at("stored, not written down");
            append(List.of(JournalCodec.step("signed", known.id(), now())));
            return token;
        });
    }

    /**
     * Writes down that the credential is about to be sent. To be called before each attempt; only the first one writes.
     *
     * @param entry the payment, signed
     * @return false if it must not be sent: it is over, or was never sent and its challenge has ended
     * @throws IOException if the journal cannot be relied on
     */
    public boolean send(JournalEntry entry) throws IOException {
        return locked(current -> {
            JournalEntry known = current.openEntry(entry.id());
            if (known == null || known.state() == State.INTENT) {
                return false;
            }
            if (known.state() == State.SIGNED) {
                append(List.of(JournalCodec.step("sent", known.id(), now())));
            }
            return true;
        });
    }

    /**
     * Puts the credential for the payee in the place of the order it was had for. When this returns the credential survives
     * a crash, and the order is gone: what was had once is what is sent from now on. A payment whose order was never sent
     * has no credential to be had.
     *
     * @param entry the payment, sent to its wallet service
     * @param token68 the credential that the service's receipt token makes; a secret
     * @return false if the payment is over; then it must not be sent
     * @throws IOException if the journal cannot be relied on
     */
    public boolean exchanged(JournalEntry entry, String token68) throws IOException {
        return locked(current -> {
            JournalEntry known = current.openEntry(entry.id());
            if (known == null || known.state() != State.SENT || known.service() == null) {
                return false;
            }
            probe.at("token had, not stored");
            vault.put(known.id(), token68);
            return true;
        });
    }

    /**
     * Ends a payment of which the wallet service itself says that it neither holds nor paid the money, and gives all of it
     * back. Unlike a payee's word a wallet's has no limit: it speaks of the owner's own money, and hurts nobody else if it
     * lies (F-OU-13).
     *
     * @param entry the payment
     * @param words what the service said, in words without secrets
     * @return the payment as it stands now
     * @throws IOException if the journal cannot be relied on
     */
    public JournalEntry givenBack(JournalEntry entry, String words) throws IOException {
        return locked(current -> {
            JournalEntry known = current.openEntry(entry.id());
            if (known == null || known.service() == null) {
                return entry;
            }
            return append(known.ended(State.GIVEN_BACK, false, words));
        });
    }

    /**
     * Ends a payment that was acknowledged. Its money stays spent.
     *
     * @param entry the payment
     * @param receipt the receipt as it came, or null if there was none that holds
     * @return the payment as it stands now
     * @throws IOException if the journal cannot be relied on
     */
    public JournalEntry served(JournalEntry entry, @Nullable String receipt) throws IOException {
        return locked(current -> {
            JournalEntry known = current.openEntry(entry.id());
            return known == null ? entry : append(known.ended(State.SERVED, true, receipt));
        });
    }

    /**
     * Ends a payment of which the payee says that nothing was charged. Without a signed statement, or where the policy
     * gives nothing more back on a payee's word, its money stays spent all the same.
     *
     * @param entry the payment
     * @param policy decides how much a payee's word is worth
     * @param statement the payee's signed release statement, verified by the caller; null for a bare claim
     * @return the payment as it stands now; {@link JournalEntry#counted()} is false if the money was given back
     * @throws IOException if the journal cannot be relied on
     */
    public JournalEntry notCharged(JournalEntry entry, SpendingPolicy policy, @Nullable String statement)
            throws IOException {
        return locked(current -> {
            JournalEntry known = current.openEntry(entry.id());
            if (known == null) {
                return entry;
            }
            // Where a wallet service has the money, only its own word gives it back (F-OU-13).
            boolean back = statement != null
                    && known.service() == null
                    && policy.givesBack(known.proposal(), current.book(), known.at());
            return append(known.ended(State.NOT_CHARGED, !back, statement == null ? "claim" : statement));
        });
    }

    /**
     * Ends a payment that was never written to a socket, and gives its money back.
     *
     * @param entry the payment
     * @return false if it was sent after all, or is over; then nothing changes
     * @throws IOException if the journal cannot be relied on
     */
    public boolean neverSent(JournalEntry entry) throws IOException {
        return locked(current -> {
            JournalEntry known = current.openEntry(entry.id());
            if (known == null || known.state() == State.SENT) {
                return false;
            }
            append(known.ended(State.NEVER_SENT, false, null));
            return true;
        });
    }

    /**
     * Ends a payment that was written down as sent and whose order then went nowhere, because no connection was made, and
     * gives its money back. If another process has the order exchanged meanwhile, nothing changes; if it is about to, what it
     * gets finds the payment over, and is not sent.
     *
     * @param entry the payment
     * @param order the order that never left, as it was stored
     * @return false if the payment has gone on since, or is over
     * @throws IOException if the journal cannot be relied on
     */
    public boolean neverLeft(JournalEntry entry, String order) throws IOException {
        return locked(current -> {
            JournalEntry known = current.openEntry(entry.id());
            if (known == null
                    || known.service() == null
                    || !vault.get(known.id()).equals(Optional.of(order))) {
                return false;
            }
            append(known.ended(State.NEVER_SENT, false, null));
            return true;
        });
    }

    /**
     * How a payment stands now.
     *
     * @param id the journal's own name of it
     * @return the payment if it is open, or closed not long ago; else empty
     * @throws IOException if the journal cannot be relied on
     */
    public Optional<JournalEntry> entry(String id) throws IOException {
        return entries().stream().filter(entry -> entry.id().equals(id)).findFirst();
    }

    /**
     * The stored credential of an open payment. A secret: whoever has it can fetch what was paid for.
     *
     * @param entry the payment
     * @return the token68, or empty if it is not signed yet or erased
     * @throws IOException if it cannot be read, or others could read it
     */
    public Optional<String> credential(JournalEntry entry) throws IOException {
        return locked(current -> {
            JournalEntry known = current.openEntry(entry.id());
            return known == null || known.state() == State.INTENT ? Optional.empty() : vault.get(known.id());
        });
    }

    /**
     * The payments as they stand now: the open ones, and the newest closed ones (a thousand at least, if there were so many).
     *
     * @return the payments, closed ones first, each group oldest first
     * @throws IOException if the journal cannot be relied on
     */
    public List<JournalEntry> entries() throws IOException {
        return locked(current -> {
            List<JournalEntry> entries = new ArrayList<>(current.closedEntries());
            entries.addAll(current.openEntries());
            return entries;
        });
    }

    /**
     * What counts as spent in all.
     *
     * @param code the ISO code in lower case, or {@code unit:NAME}
     * @param development whether payments of the loopback profile are meant, or all others
     * @return the money
     * @throws IOException if the journal cannot be relied on
     */
    public Money spent(String code, boolean development) throws IOException {
        String budget = Proposal.budgetKey(code, development);
        return locked(current -> new Money(current.book().total(budget).spent(), code));
    }

    /** Ends payments that time has ended: unsent ones with their challenge, sent ones a day later. */
    private void tidy() throws IOException {
        Instant now = now();
        for (JournalEntry entry : List.copyOf(current().openEntries())) {
            if (entry.state() != State.SENT && now.isAfter(entry.expires())) {
                append(entry.ended(State.NEVER_SENT, false, null));
            } else if (now.isAfter(entry.expires().plus(KEPT))) {
                append(entry.ended(State.UNKNOWN, true, null));
            }
        }
    }

    private JournalEntry append(JournalEntry ended) throws IOException {
        append(List.of(JournalCodec.outcome(ended, now())));
        probe.at("ended, not erased");
        vault.erase(ended.id());
        if (current().looseLines() > LINES_OF_A_PAYMENT * closedKept) {
            rewrite();
        }
        return ended;
    }

    private void append(List<LogLine> lines) throws IOException {
        try {
            file.append(lines);
        } catch (LogException e) {
            throw new JournalException(String.valueOf(e.getMessage()));
        }
        JournalState current = current();
        for (LogLine line : lines) {
            current.apply(line);
        }
    }

    /** Rewrites the file with fewer lines and the same sums. */
    private void rewrite() throws IOException {
        file.rewrite(current().compacted(closedKept));
        file.forget();
        refresh();
    }

    @FunctionalInterface
    private interface Work<T> {
        T run(JournalState current) throws IOException;
    }

    private <T> T locked(Work<T> work) throws IOException {
        return lock.holding(() -> {
            refresh();
            tidy();
            return work.run(current());
        });
    }

    /** Brings what is known up to what the file says. A journal that cannot be read is forgotten, not half believed. */
    private JournalState refresh() throws IOException {
        boolean done = false;
        try {
            LogFile.News news = file.refresh();
            List<LogLine> lines = news.lines();
            if (news.fromStart()) {
                state = JournalState.start(lines.get(0));
                lines = lines.subList(1, lines.size());
            }
            JournalState current = current();
            for (LogLine line : lines) {
                current.apply(line);
            }
            if (!id.isEmpty() && !id.equals(current.id())) {
                throw new JournalException(path + " was replaced by another journal");
            }
            done = true;
            return current;
        } catch (LogException e) {
            throw new JournalException(String.valueOf(e.getMessage()));
        } finally {
            if (!done) {
                state = null;
                file.forget();
            }
        }
    }

    private JournalState current() {
        if (state == null) {
            throw new IllegalStateException("the journal is read before it is used");
        }
        return state;
    }

    private Instant now() {
        return current().notBefore(clock.instant()).truncatedTo(ChronoUnit.MILLIS);
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }
}
