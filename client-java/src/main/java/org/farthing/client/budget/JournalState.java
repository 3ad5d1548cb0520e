package org.farthing.client.budget;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.budget.SpendBook.Spend;
import org.farthing.client.files.LogLine;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of a journal add up to. It is a function of the lines alone, so every process that reads the same file
 * knows the same sums. Not safe between threads; its journal calls it under its lock.
 */
final class JournalState {

    static final String VERSION = "1";

    private final String id;
    private final Instant anchor;
    private final long generation;
    private final SpendBook book;
    private final Map<String, JournalEntry> open = new LinkedHashMap<>();
    private final Deque<JournalEntry> closed = new ArrayDeque<>();
    private final List<Carried> carried = new ArrayList<>();
    private Instant last;
    private int looseLines;

    /** Sums of payments whose own lines are gone. */
    private record Carried(Spend spend, long payments) {}

    private JournalState(String id, Instant anchor, long generation, Instant last) {
        this.id = id;
        this.anchor = anchor;
        this.generation = generation;
        this.last = last;
        this.book = new SpendBook(anchor);
    }

    /** The first line of a new journal. Periods count from the UTC midnight before {@code now}. */
    static LogLine firstLine(String id, Instant now) {
        return header(id, now.truncatedTo(ChronoUnit.DAYS), 0, now);
    }

    private static LogLine header(String id, Instant anchor, long generation, Instant last) {
        return LogLine.of("journal", last)
                .with("version", VERSION)
                .with("id", id)
                .with("anchor", anchor)
                .with("generation", generation);
    }

    /** Starts from a journal's first line. */
    static JournalState start(LogLine first) throws IOException {
        if (!first.kind().equals("journal") || !first.text("version").equals(VERSION)) {
            throw new JournalException("the file does not begin as a journal of this version does");
        }
        long generation = first.decimal("generation").longValue();
        return new JournalState(first.text("id"), first.instant("anchor"), generation, first.at());
    }

    void apply(LogLine line) throws IOException {
        switch (line.kind()) {
            case "intent" -> count(JournalCodec.readIntent(line));
            case "signed" -> move(line, State.INTENT, State.SIGNED);
            case "sent" -> move(line, State.SIGNED, State.SENT);
            case "outcome" -> end(line);
            case "closed" -> close(JournalCodec.readClosed(line));
            case "carried" -> carry(line);
            default -> throw new JournalException("a journal line is of a kind this version does not know");
        }
        if (!line.kind().equals("closed") && !line.kind().equals("carried")) {
            looseLines++;
        }
        if (line.at().isAfter(last)) {
            last = line.at();
        }
    }

    private void count(JournalEntry entry) throws IOException {
        if (open.putIfAbsent(entry.id(), entry) != null) {
            throw new JournalException("a payment stands in the journal twice");
        }
        book.add(spend(entry));
    }

    private void move(LogLine line, State from, State to) throws IOException {
        JournalEntry entry = required(line);
        if (entry.state() != from) {
            throw new JournalException("a payment is " + to + " without having been " + from);
        }
        open.put(entry.id(), entry.as(to));
    }

    private void end(LogLine line) throws IOException {
        JournalEntry entry = required(line);
        open.remove(entry.id());
        book.add(spend(entry).negated());
        close(entry.ended(JournalCodec.state(line), line.flag("counted"), line.optional("evidence")));
    }

    private void close(JournalEntry entry) {
        book.add(settled(entry));
        closed.addLast(entry);
    }

    private void carry(LogLine line) throws IOException {
        Spend spend = new Spend(
                line.at(),
                line.text("budget"),
                line.text("origin"),
                line.text("recipient"),
                line.decimal("spent"),
                line.decimal("returned"));
        carried.add(new Carried(spend, line.decimal("payments").longValue()));
        book.add(spend);
    }

    private JournalEntry required(LogLine line) throws IOException {
        JournalEntry entry = open.get(line.text("entry"));
        if (entry == null) {
            throw new JournalException("a line speaks of a payment that is not open");
        }
        return entry;
    }

    /** An open payment: all of it counts. */
    private static Spend spend(JournalEntry entry) {
        return spend(entry, entry.proposal().money().value(), BigDecimal.ZERO);
    }

    /**
     * A closed payment: it counts, or was given back on the payee's word, or never left, or the wallet service itself gave
     * it back. Only the payee's word has a limit (F-OU-13).
     */
    private static Spend settled(JournalEntry entry) {
        BigDecimal amount = entry.proposal().money().value();
        boolean returned = !entry.counted() && entry.state() == State.NOT_CHARGED;
        return spend(entry, entry.counted() ? amount : BigDecimal.ZERO, returned ? amount : BigDecimal.ZERO);
    }

    private static Spend spend(JournalEntry entry, BigDecimal spent, BigDecimal returned) {
        Proposal proposal = entry.proposal();
        return new Spend(
                entry.at(), proposal.budget(), proposal.origin().text(), proposal.recipient(), spent, returned);
    }

    String id() {
        return id;
    }

    /** How many lines compacting would shorten or drop. */
    int looseLines() {
        return looseLines;
    }

    SpendBook book() {
        return book;
    }

    /** The time that no later line may go behind: clocks are set back, periods are not. */
    Instant notBefore(Instant now) {
        return now.isBefore(last) ? last : now;
    }

    @Nullable
    JournalEntry openEntry(String entry) {
        return open.get(entry);
    }

    Collection<JournalEntry> openEntries() {
        return Collections.unmodifiableCollection(open.values());
    }

    /** Closed payments, oldest first; the oldest of all may have been carried away into sums. */
    List<JournalEntry> closedEntries() {
        return List.copyOf(closed);
    }

    private record Bucket(Instant at, String budget, String origin, String recipient) {}

    /**
     * The same state in fewer lines: the newest {@code keep} closed payments stay, older ones become sums. Sums of the last
     * days are kept by the minute and older ones by the day, which is exact for every period a policy can have.
     */
    List<LogLine> compacted(int keep) {
        Map<Bucket, Carried> sums = new LinkedHashMap<>();
        carried.forEach(old -> sums.merge(bucket(old.spend()), old, JournalState::merge));
        List<JournalEntry> kept = new ArrayList<>(closed);
        List<JournalEntry> old = kept.subList(0, Math.max(0, kept.size() - keep));
        old.forEach(entry -> sums.merge(bucket(spend(entry)), new Carried(settled(entry), 1), JournalState::merge));
        old.clear();
        List<LogLine> lines = new ArrayList<>();
        lines.add(header(id, anchor, generation + 1, last));
        sums.forEach((bucket, sum) -> lines.add(line(bucket, sum)));
        kept.forEach(entry -> lines.add(JournalCodec.closed(entry)));
        open.values().forEach(entry -> lines.addAll(JournalCodec.open(entry)));
        return lines;
    }

    private Bucket bucket(Spend spend) {
        boolean recent = spend.at().isAfter(last.minus(2, ChronoUnit.DAYS));
        Instant at = spend.at().truncatedTo(recent ? ChronoUnit.MINUTES : ChronoUnit.DAYS);
        return new Bucket(at, spend.budget(), spend.origin(), spend.recipient());
    }

    private static Carried merge(Carried one, Carried other) {
        Spend spend = one.spend();
        Spend sum = new Spend(
                spend.at(),
                spend.budget(),
                spend.origin(),
                spend.recipient(),
                spend.spent().add(other.spend().spent()),
                spend.returned().add(other.spend().returned()));
        return new Carried(sum, one.payments() + other.payments());
    }

    private static LogLine line(Bucket bucket, Carried sum) {
        return LogLine.of("carried", bucket.at())
                .with("budget", bucket.budget())
                .with("origin", bucket.origin())
                .with("recipient", bucket.recipient())
                .with("spent", sum.spend().spent().toPlainString())
                .with("returned", sum.spend().returned().toPlainString())
                .with("payments", sum.payments());
    }
}
