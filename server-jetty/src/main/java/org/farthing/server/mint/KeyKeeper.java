package org.farthing.server.mint;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.server.keys.MintKey;
import org.farthing.server.keys.MintKeyFiles;
import org.farthing.server.ledger.KeyResult;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Solvency;
import org.farthing.server.ledger.TokenKeyState;
import org.farthing.server.ledger.TokenKeyTerms;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a mint's keys, its ledger and its directory together, again and again (specification: token-mint.md, F-TK-93 to
 * F-TK-99): makes the keys that are due, registers what is new, closes what is insolvent, and lists what is left.
 *
 * <p>Whatever dies in between is completed by the next look: a key that was made and not registered is registered, one that was
 * registered and not listed is listed.
 */
final class KeyKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(Mint.class);
    private static final Duration LEDGER_DEADLINE = Duration.ofSeconds(30);
    private static final Duration SOLVENCY_EVERY = Duration.ofMinutes(10);
    private static final Duration SAY_AGAIN = Duration.ofHours(1);

    private final Setup setup;
    private final Ledger ledger;
    private final @Nullable MintKeyFiles files;
    private final Map<String, Instant> said = new HashMap<>();
    private volatile MintRing ring;
    private Instant counted = Instant.MIN;
    private String state = "";
    private List<MintKey> have = List.of();

    KeyKeeper(Setup setup) {
        this.setup = setup;
        this.ledger = setup.ledger();
        this.files = setup.keys().files();
        this.ring = new MintRing(List.of(), setup::directory);
    }

    /** The keys that are listed now; always the same object until they change. */
    MintRing ring() {
        return ring;
    }

    /** Looks at everything now. Blocks; one at a time. */
    synchronized void refresh() throws IOException {
        Instant now = setup.clock().instant();
        Map<String, TokenKeyState> registered = registered();
        read();
        requireOneCurrency();
        Set<String> fresh = rotate(registered, now);
        Set<String> closed = closed(registered);
        if (!now.isBefore(counted.plus(SOLVENCY_EVERY))) {
            closed.addAll(closeInsolvent());
            counted = now;
        }
        List<MintKey> listed = new ArrayList<>();
        for (MintKey key : have) {
            boolean live = !now.isAfter(key.published().swapUntil()) && !closed.contains(key.keyId());
            if (live && isRegistered(key, registered, fresh.contains(key.keyId()))) {
                listed.add(key);
            }
        }
        list(listed);
        tidy(closed, now);
    }

    /** A payee with books of its own is registered; what it took could be changed here a second time (F-TK-89). */
    void requireNoRemoteAmong(Set<Origin> sharing) {
        for (Origin payee : sharing) {
            if (await(ledger.payees().find(payee.text())).isPresent()) {
                throw new IllegalStateException(
                        "The payee " + payee + " is registered as one with books of its own, so the"
                                + " mint must not be told that it shares this ledger: its tokens could be spent there and"
                                + " changed here.");
            }
        }
    }

    /** Closes a key for good, at the word of the operator. */
    synchronized void close(String keyId, String reason) {
        if (await(ledger.tokens().closeKey(keyId, reason))) {
            list(ring.keys().stream().filter(key -> !key.keyId().equals(keyId)).toList());
        }
    }

    private Map<String, TokenKeyState> registered() {
        Map<String, TokenKeyState> mine = new HashMap<>();
        for (TokenKeyState key : await(ledger.tokens().keys())) {
            if (key.terms().mine() && key.terms().issuer().equals(setup.issuer().text())) {
                mine.put(key.terms().keyId(), key);
            }
        }
        return mine;
    }

    private static Set<String> closed(Map<String, TokenKeyState> registered) {
        Set<String> closed = new HashSet<>();
        registered.forEach((id, key) -> {
            if (key.closed() != null) {
                closed.add(id);
            }
        });
        return closed;
    }

    // ---- files ---------------------------------------------------------------------------------------------------

    private void read() throws IOException {
        if (files == null) {
            have = setup.keys().read();
            return;
        }
        if (setup.rotates()) {
            files.makeFolder();
        }
        String found = files.state();
        if (!found.equals(state)) {
            have = files.read();
            state = found;
        }
    }

    /** The directory has one currency, and the money behind old tokens is in theirs. */
    private void requireOneCurrency() {
        for (MintKey key : have) {
            if (!key.published().currency().equals(setup.currency())) {
                throw new IllegalStateException(
                        setup.keys() + " has keys of " + key.published().currency()
                                + ", and the mint is set to " + setup.currency()
                                + ". Tokens of two currencies need two mints, each with its origin and folder.");
            }
        }
    }

    /** Makes what is due; returns the ids of keys that did not exist before. */
    private Set<String> rotate(Map<String, TokenKeyState> registered, Instant now) throws IOException {
        if (files == null || !setup.rotates() || isFolderOfOthers(registered, now)) {
            return Set.of();
        }
        Set<String> before = new HashSet<>();
        have.forEach(key -> before.add(key.keyId()));
        Set<Integer> taken = new HashSet<>();
        registered.values().forEach(key -> taken.add(key.terms().truncatedId()));
        Rotation rotation = new Rotation(files, setup.life(), setup.denominations(), setup.currency(), setup.maker());
        if (rotation.complete(have, taken, now) > 0) {
            read();
        }
        Set<String> fresh = new HashSet<>();
        have.forEach(key -> fresh.add(key.keyId()));
        fresh.removeAll(before);
        return fresh;
    }

    /** Two servers with folders of their own would split the buyers, and each could not sign what the other sold. */
    private boolean isFolderOfOthers(Map<String, TokenKeyState> registered, Instant now) {
        Set<String> here = new HashSet<>();
        have.forEach(key -> here.add(key.keyId()));
        long lacking = registered.values().stream()
                .filter(key -> key.closed() == null
                        && now.isBefore(key.terms().notAfter())
                        && !here.contains(key.terms().keyId()))
                .count();
        if (lacking > 0) {
            say(
                    null,
                    "The ledger knows " + lacking + " keys of " + setup.issuer() + " that are not in " + setup.keys()
                            + ", so none are made here. Copy the files token-*.key of the mint's other servers, or close"
                            + " these keys if their files are lost.");
        }
        return lacking > 0;
    }

    private void tidy(Set<String> closed, Instant now) throws IOException {
        if (files == null || !setup.rotates()) {
            return;
        }
        for (MintKey key : have) {
            if (closed.contains(key.keyId())) {
                files.putAway(key);
            }
        }
        for (PublishedKey key : files.prune(now)) {
            LOG.info("Token key {} has ended and its file is deleted", key.key().keyId());
        }
    }

    // ---- the ledger ----------------------------------------------------------------------------------------------

    private boolean isRegistered(MintKey key, Map<String, TokenKeyState> registered, boolean fresh) throws IOException {
        TokenKeyTerms terms = terms(key.published());
        TokenKeyState known = registered.get(key.keyId());
        if (known != null && known.terms().equals(terms)) {
            return true;
        }
        KeyResult result = await(ledger.tokens().openKey(terms));
        if (result instanceof KeyResult.Open open) {
            return open.key().closed() == null;
        }
        if (result instanceof KeyResult.SameLastByte && fresh && files != null) {
            // Another server of these books was first; nobody has seen this key, and the next look makes another.
            files.discard(key);
            return false;
        }
        say(key.keyId(), "The ledger does not take token key " + key.keyId() + ", so it is not listed: " + why(result));
        return false;
    }

    private static String why(KeyResult result) {
        if (result instanceof KeyResult.OtherTerms) {
            return "it is registered with other terms. Put the file back as it was.";
        }
        if (result instanceof KeyResult.SameLastByte other) {
            return "the id of key " + other.keyId() + " ends with the same byte. Remove the file of the newer one.";
        }
        return "its time is over by the ledger's clock.";
    }

    private TokenKeyTerms terms(PublishedKey key) {
        return new TokenKeyTerms(
                key.key().keyId(),
                setup.issuer().text(),
                true,
                key.value().baseUnits(),
                key.currency().text(),
                key.notBefore(),
                key.notAfter(),
                key.spendUntil(),
                key.redeemUntil(),
                key.swapUntil());
    }

    /** More used than issued means that somebody else has the key (F-TK-97). */
    private Set<String> closeInsolvent() {
        Set<String> insolvent = new HashSet<>();
        Set<String> own = new HashSet<>();
        have.forEach(key -> own.add(key.keyId()));
        for (Solvency key : await(ledger.tokens().solvency())) {
            if (!key.sound() && own.contains(key.keyId())) {
                await(ledger.tokens().closeKey(key.keyId(), "more tokens were used than issued"));
                insolvent.add(key.keyId());
                alarm(new MintAlarm(
                        MintAlarm.Kind.INSOLVENT,
                        key.keyId(),
                        key.used() + " tokens of key " + key.keyId() + " were used and " + key.issued()
                                + " were issued: somebody else signs with it. The key is closed. Find out how its file"
                                + " was read, and rotate the others."));
            }
        }
        return insolvent;
    }

    private void list(List<MintKey> listed) {
        if (!ring.lists(listed)) {
            ring = new MintRing(listed, setup::directory);
            LOG.info("The directory of {} lists {} token keys", setup.issuer(), listed.size());
        }
    }

    // ---- what the operator hears ---------------------------------------------------------------------------------

    /** Says something once an hour (F-TK-99). */
    synchronized void say(@Nullable String keyId, String sentence) {
        Instant now = setup.clock().instant();
        Instant last = said.get(sentence);
        if (last == null || !now.isBefore(last.plus(SAY_AGAIN))) {
            said.put(sentence, now);
            alarm(new MintAlarm(MintAlarm.Kind.KEYS, keyId, sentence));
        }
    }

    private void alarm(MintAlarm alarm) {
        LOG.error("Mint {}: {}", setup.issuer(), alarm.sentence());
        try {
            setup.alarm().accept(alarm);
        } catch (RuntimeException e) {
            LOG.error("Whoever hears the alarms of the mint failed", e);
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LEDGER_DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("The ledger failed: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("The ledger has not answered within " + LEDGER_DEADLINE + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The mint is being stopped.", e);
        }
    }
}
