package org.farthing.server.mint;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
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

/** A mint's keys as its ledger knows them (specification: token-mint.md, F-TK-96 to F-TK-98). Blocks until the ledger answers. */
final class KeyRegister {

    private static final Duration LEDGER_DEADLINE = Duration.ofSeconds(30);

    private final Setup setup;
    private final Ledger ledger;
    private final Notices notices;

    KeyRegister(Setup setup, Notices notices) {
        this.setup = setup;
        this.ledger = setup.ledger();
        this.notices = notices;
    }

    /** The registered keys of this issuer by their ids, closed ones too. */
    Map<String, TokenKeyState> keys() {
        Map<String, TokenKeyState> mine = new HashMap<>();
        for (TokenKeyState key : await(ledger.tokens().keys())) {
            if (key.terms().mine() && key.terms().issuer().equals(setup.issuer().text())) {
                mine.put(key.terms().keyId(), key);
            }
        }
        return mine;
    }

    /** A payee with books of its own is registered; what it took could be changed here a second time (F-TK-89). */
    void requireNoRemoteAmong(Set<Origin> sharing) {
        for (Origin payee : sharing) {
            if (await(ledger.payees().find(payee.text())).isPresent()) {
                throw new IllegalStateException("The payee " + payee
                        + " is registered as one with books of its own, so the mint must not be told"
                        + " that it shares this ledger: its tokens could be spent there and changed here.");
            }
        }
    }

    /**
     * Registers a key unless that was done before.
     *
     * @param known the keys that are registered
     * @param fresh whether this process made it just now, so that nobody has seen it
     * @return whether it may be listed
     */
    boolean takes(MintKey key, Map<String, TokenKeyState> known, boolean fresh) throws IOException {
        TokenKeyTerms terms = terms(key.published());
        TokenKeyState before = known.get(key.keyId());
        if (before != null && before.terms().equals(terms)) {
            return true;
        }
        KeyResult result = await(ledger.tokens().openKey(terms));
        if (result instanceof KeyResult.Open open) {
            return open.key().closed() == null;
        }
        MintKeyFiles files = setup.keys().files();
        if (result instanceof KeyResult.SameLastByte && fresh && files != null) {
            // Another server of these books was first; nobody has seen this key, and the next look makes another.
            files.discard(key);
            return false;
        }
        notices.keys(
                key.keyId(),
                "The ledger does not take token key " + key.keyId() + ", so it is not listed: " + why(result));
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

    /** Closes a key for good; false if there is no such key. */
    boolean close(String keyId, String reason) {
        return await(ledger.tokens().closeKey(keyId, reason));
    }

    /** More used than issued means that somebody else has the key (F-TK-97): closes such keys of this issuer. */
    Set<String> closeInsolvent(Map<String, TokenKeyState> known) {
        Set<String> insolvent = new HashSet<>();
        for (Solvency key : await(ledger.tokens().solvency())) {
            TokenKeyState registered = known.get(key.keyId());
            if (!key.sound() && registered != null && registered.closed() == null) {
                close(key.keyId(), "more tokens were used than issued");
                insolvent.add(key.keyId());
                notices.alarm(new MintAlarm(
                        MintAlarm.Kind.INSOLVENT,
                        key.keyId(),
                        key.used() + " tokens of key " + key.keyId() + " were used and " + key.issued()
                                + " were issued: somebody else signs with it. The key is closed. Find out how its file"
                                + " was read, and close the others that lay beside it."));
            }
        }
        return insolvent;
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LEDGER_DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("The ledger failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("The ledger has not answered within " + LEDGER_DEADLINE + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The mint is being stopped.", e);
        }
    }
}
