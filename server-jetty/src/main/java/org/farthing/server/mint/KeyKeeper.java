package org.farthing.server.mint;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.server.keys.MintKey;
import org.farthing.server.keys.MintKeyFiles;
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
    private static final Duration SOLVENCY_EVERY = Duration.ofMinutes(1);

    private final Setup setup;
    private final KeyRegister register;
    private final Notices notices;
    private final @Nullable MintKeyFiles files;
    private volatile MintRing ring;
    private volatile Map<String, TokenKeyTerms> closed = Map.of();
    private Instant counted = Instant.MIN;
    private String state = "";
    private List<MintKey> have = List.of();

    KeyKeeper(Setup setup, Notices notices) {
        this.setup = setup;
        this.notices = notices;
        this.register = new KeyRegister(setup, notices);
        this.files = setup.keys().files();
        this.ring = new MintRing(List.of(), setup::directory);
    }

    /** The keys that are listed now; always the same object until they change. */
    MintRing ring() {
        return ring;
    }

    /** When the directory changes next, as far as can be foreseen: a key ends, or the next epoch is published. */
    Instant nextChange() {
        List<PublishedKey> listed = ring.keys().stream().map(MintKey::published).toList();
        Instant ends = listed.stream()
                .map(PublishedKey::swapUntil)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
        Instant published = files == null || !setup.rotates()
                ? Instant.MAX
                : listed.stream()
                        .map(PublishedKey::notAfter)
                        .max(Instant::compareTo)
                        .map(last -> last.minus(setup.life().ahead()))
                        .orElse(Instant.MAX);
        return ends.isBefore(published) ? ends : published;
    }

    /** What a closed key stood for whose time is not over: nothing of it is listed, but its tokens can be recalled (F-TK-171). */
    Optional<TokenKeyTerms> closed(String keyId, Instant now) {
        return Optional.ofNullable(closed.get(keyId)).filter(terms -> !now.isAfter(terms.swapUntil()));
    }

    /** Looks at everything now. Blocks; one at a time. */
    synchronized void refresh() throws IOException {
        Instant now = setup.clock().instant();
        Map<String, TokenKeyState> registered = register.keys();
        read();
        requireOneCurrency();
        Set<String> fresh = rotate(registered, now);
        Set<String> over = new HashSet<>();
        registered.values().stream()
                .filter(key -> key.closed() != null)
                .forEach(key -> over.add(key.terms().keyId()));
        if (!now.isBefore(counted.plus(SOLVENCY_EVERY))) {
            over.addAll(register.closeInsolvent(registered));
            counted = now;
        }
        Map<String, TokenKeyTerms> terms = new HashMap<>();
        registered.forEach((keyId, key) -> {
            if (over.contains(keyId)) {
                terms.put(keyId, key.terms());
            }
        });
        tell(registered.values());
        List<MintKey> listed = new ArrayList<>();
        for (MintKey key : have) {
            boolean live = !now.isAfter(key.published().swapUntil()) && !over.contains(key.keyId());
            if (live && register.takes(key, registered, fresh.contains(key.keyId()))) {
                listed.add(key);
            }
        }
        list(listed);
        closed = Map.copyOf(terms);
        tidy(over, now);
    }

    /** Who closed a key may have died before anybody heard of it, or was another server, or a command (F-TK-177). */
    private void tell(Collection<TokenKeyState> registered) {
        for (TokenKeyState key : registered) {
            String why = key.closed();
            if (why != null && !closed.containsKey(key.terms().keyId())) {
                notices.keys(
                        key.terms().keyId(),
                        "The token key " + key.terms().keyId() + " is closed: " + why
                                + ". Who bought its tokens has them changed for others until "
                                + key.terms().swapUntil() + ".");
            }
        }
    }

    /** Refuses to share books with a payee that has its own. */
    void requireNoRemotePayees() {
        register.requireNoRemoteAmong(setup.sharing());
    }

    /** Closes a key for good, at the word of the operator. */
    synchronized void close(String keyId, String reason) {
        if (register.close(keyId, reason)) {
            list(ring.keys().stream().filter(key -> !key.keyId().equals(keyId)).toList());
            Map<String, TokenKeyTerms> terms = new HashMap<>(closed);
            Optional.ofNullable(register.keys().get(keyId)).ifPresent(key -> terms.put(keyId, key.terms()));
            closed = Map.copyOf(terms);
        }
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
            notices.keys(
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

    private void list(List<MintKey> listed) {
        if (!ring.lists(listed)) {
            ring = new MintRing(listed, setup::directory);
            LOG.info("The directory of {} lists {} token keys", setup.issuer(), listed.size());
        }
    }
}
