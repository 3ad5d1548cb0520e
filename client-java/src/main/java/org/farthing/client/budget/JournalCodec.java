package org.farthing.client.budget;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.files.LogLine;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/** Payments as journal lines and back: an open one as intent, signed, sent; an old closed one as one short line. */
final class JournalCodec {

    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(LogLine.MOST_BYTES, 1, 16, 1);

    private JournalCodec() {}

    static LogLine intent(JournalEntry entry, Challenge challenge) {
        return about("intent", entry).with("challenge", write(challenge));
    }

    /** The lines that bring an open payment to where it is. */
    static List<LogLine> open(JournalEntry entry) {
        if (entry.challenge() == null) {
            throw new IllegalArgumentException("an open payment has its challenge");
        }
        List<LogLine> lines = new ArrayList<>();
        lines.add(intent(entry, entry.challenge()));
        if (entry.state() != State.INTENT) {
            lines.add(step("signed", entry.id(), entry.at()));
        }
        if (entry.state() == State.SENT) {
            lines.add(step("sent", entry.id(), entry.at()));
        }
        return lines;
    }

    static LogLine step(String kind, String entry, Instant at) {
        return LogLine.of(kind, at).with("entry", entry);
    }

    static LogLine outcome(JournalEntry ended, Instant at) {
        return step("outcome", ended.id(), at)
                .with("state", ended.state())
                .with("counted", ended.counted())
                .with("evidence", ended.evidence());
    }

    static LogLine closed(JournalEntry entry) {
        return about("closed", entry)
                .with("state", entry.state())
                .with("counted", entry.counted())
                .with("evidence", entry.evidence());
    }

    private static LogLine about(String kind, JournalEntry entry) {
        Proposal proposal = entry.proposal();
        RequestTarget target = proposal.target();
        return LogLine.of(kind, entry.at())
                .with("entry", entry.id())
                .with("method", target.method())
                .with("uri", target.url())
                .with("recipient", proposal.recipient())
                .with("amount", proposal.amount().format())
                .with("currency", proposal.currency().text())
                .with("challengeId", entry.challengeId())
                .with("expires", entry.expires())
                .with("instead", entry.instead())
                .with("service", entry.service())
                .with("prepaid", proposal.prepaid() ? "true" : null);
    }

    static JournalEntry readIntent(LogLine line) throws IOException {
        return entry(line, State.INTENT, true, read(line.text("challenge")));
    }

    static JournalEntry readClosed(LogLine line) throws IOException {
        return entry(line, state(line), line.flag("counted"), null);
    }

    static State state(LogLine line) throws IOException {
        for (State state : State.values()) {
            if (state.name().equals(line.text("state")) && !state.isOpen()) {
                return state;
            }
        }
        throw new JournalException("a journal line has a state that no payment can end in");
    }

    private static JournalEntry entry(LogLine line, State state, boolean counted, @Nullable Challenge challenge)
            throws IOException {
        try {
            RequestTarget target = RequestTarget.ofUri(line.text("method"), URI.create(line.text("uri")));
            Proposal proposal = new Proposal(
                    target,
                    line.text("recipient"),
                    Amount.parse(line.text("amount"), "amount"),
                    CurrencyId.parse(line.text("currency"), "currency"),
                    line.flag("prepaid"));
            Instant expires = line.instant("expires");
            String service = line.optional("service");
            return new JournalEntry(
                    line.text("entry"),
                    line.at(),
                    proposal,
                    line.text("challengeId"),
                    expires,
                    state,
                    counted,
                    challenge,
                    line.optional("instead"),
                    line.optional("evidence"),
                    service == null ? null : Origin.parse(service, "service"));
        } catch (MalformedException | IllegalArgumentException e) {
            throw new JournalException("a journal line holds no payment: " + e.getMessage());
        }
    }

    /** A challenge as text, its description and signature included: resuming before the signature needs all of it. */
    private static String write(Challenge challenge) {
        Map<String, Object> members = new LinkedHashMap<>();
        ChallengeTerms terms = challenge.terms();
        put(members, "id", challenge.id());
        put(members, "realm", terms.realm());
        put(members, "method", terms.method());
        put(members, "intent", terms.intent());
        put(members, "request", terms.request());
        put(members, "expires", terms.expires());
        put(members, "digest", terms.digest());
        put(members, "opaque", terms.opaque());
        put(members, "header", terms.header());
        put(members, "description", challenge.description());
        put(members, "jws", challenge.jws());
        return CanonicalJson.write(members);
    }

    private static void put(Map<String, Object> members, String name, @Nullable String value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    private static Challenge read(String text) throws IOException {
        try {
            Map<String, @Nullable Object> members = StrictJson.parseObject(text, "challenge", LIMITS);
            ChallengeTerms terms = new ChallengeTerms(
                    required(members, "realm"),
                    required(members, "method"),
                    required(members, "intent"),
                    required(members, "request"),
                    optional(members, "expires"),
                    optional(members, "digest"),
                    optional(members, "opaque"),
                    optional(members, "header"));
            return new Challenge(
                    required(members, "id"), terms, optional(members, "description"), optional(members, "jws"));
        } catch (MalformedException | IllegalArgumentException e) {
            throw new JournalException("a journal line holds no challenge");
        }
    }

    private static String required(Map<String, @Nullable Object> members, String name) {
        String value = optional(members, name);
        if (value == null) {
            throw new IllegalArgumentException(name);
        }
        return value;
    }

    private static @Nullable String optional(Map<String, @Nullable Object> members, String name) {
        return members.get(name) instanceof String text ? text : null;
    }
}
