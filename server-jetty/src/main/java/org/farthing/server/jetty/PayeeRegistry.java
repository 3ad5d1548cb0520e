package org.farthing.server.jetty;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.server.ledger.Payee;
import org.farthing.server.ledger.Payees;
import org.farthing.server.trust.KeyDocuments;
import org.farthing.server.trust.KeysUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The payees a wallet service knows, each with its keys (specification: wallet-service.md, F-WS-20 to F-WS-23). Only an
 * administrator adds one; nothing in a message does (F-KY-14).
 *
 * <p>The document is in the ledger, so that a restart does not depend on payees, and is fetched again when it is an hour old or
 * lacks a key that a signature names. A payee that cannot be reached keeps its last document for a day, then has no keys.
 */
final class PayeeRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(PayeeRegistry.class);

    /** From this age on a document is renewed beside the request that needs it. */
    private static final Duration RENEWED_FROM = Duration.ofMinutes(45);

    /** From this age on the request waits for it: a revoked key counts no longer than this (F-KY-30). */
    private static final Duration FRESH = Duration.ofHours(1);

    /** What F-KY-4 lets a document live at most. */
    private static final Duration USABLE = Duration.ofDays(1);

    private static final int LONGEST_DOCUMENT = 64 * 1024;

    private final Payees payees;
    private final KeyDocuments documents;
    private final InstantSource clock;
    private final Map<String, Parsed> parsed = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Optional<Registered>>> renewals = new ConcurrentHashMap<>();

    PayeeRegistry(Payees payees, KeyDocuments documents, InstantSource clock) {
        this.payees = payees;
        this.documents = documents;
        this.clock = clock;
    }

    /** A payee and the keys that speak for it now. */
    record Registered(Payee payee, KeyDirectory keys) {

        Origin origin() {
            return new Origin(payee.origin());
        }

        boolean isFrozen() {
            return payee.status() == Payee.Status.FROZEN;
        }
    }

    private record Parsed(String text, KeyDirectory keys) {}

    /** Finds a payee by its origin, with keys that are fresh if the payee could be asked. */
    CompletionStage<Optional<Registered>> find(String origin) {
        return payees.find(origin).thenCompose(found -> {
            if (found.isEmpty()) {
                return CompletableFuture.completedStage(Optional.empty());
            }
            Payee payee = found.get();
            Duration age = age(payee);
            if (age.compareTo(FRESH) >= 0) {
                return renewed(payee);
            }
            if (age.compareTo(RENEWED_FROM) >= 0) {
                var unused = renewed(payee);
            }
            return CompletableFuture.completedStage(Optional.of(known(payee)));
        });
    }

    /** After a signature named a key that is not listed: what the payee publishes now, asked at most once a minute. */
    CompletionStage<Registered> again(Registered lacking) {
        if (age(lacking.payee()).compareTo(KeyDocuments.BETWEEN_FETCHES) < 0) {
            return CompletableFuture.completedStage(lacking);
        }
        return renewed(lacking.payee()).thenApply(found -> found.orElse(lacking));
    }

    /** Fetches a document for a payee that is registered, or about to be; it must be the payee's own. */
    CompletionStage<String> document(Origin origin) {
        return documents.fetch(origin).thenCompose(directory -> {
            String text = directory.format();
            if (directory.payee().equals(origin.text()) && text.length() <= LONGEST_DOCUMENT) {
                return CompletableFuture.completedStage(text);
            }
            return CompletableFuture.failedStage(new KeysUnavailableException(
                    "The key document at " + origin + " is not of this payee: it sells for another origin."));
        });
    }

    /** The keys of a payee as the ledger has them. */
    Registered known(Payee payee) {
        String text = payee.keyDocument();
        if (text == null || age(payee).compareTo(USABLE) >= 0) {
            return new Registered(payee, KeyDirectory.of(new Origin(payee.origin()), List.of()));
        }
        Parsed last = parsed.get(payee.origin());
        if (last == null || !last.text().equals(text)) {
            last = new Parsed(text, stored(text));
            parsed.put(payee.origin(), last);
        }
        return new Registered(payee, last.keys());
    }

    private Duration age(Payee payee) {
        Instant fetched = payee.fetchedAt();
        return fetched == null ? USABLE : Duration.between(fetched, clock.instant());
    }

    /** One renewal of a payee at a time; whoever needs it meanwhile waits for the same. */
    private CompletionStage<Optional<Registered>> renewed(Payee payee) {
        CompletableFuture<Optional<Registered>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<Registered>> running = renewals.putIfAbsent(payee.origin(), mine);
        if (running != null) {
            return running;
        }
        var unused = CompletableFuture.completedStage(new Origin(payee.origin()))
                .thenCompose(this::document)
                .thenCompose(text -> payees.keys(payee.origin(), text))
                .handle((stored, failure) -> {
                    if (failure == null) {
                        return stored.map(this::known);
                    }
                    LOG.warn("The keys of payee {} are still those of {}.", payee.origin(), payee.fetchedAt());
                    return Optional.of(known(payee));
                })
                .whenComplete((found, bug) -> {
                    renewals.remove(payee.origin(), mine);
                    if (bug == null) {
                        mine.complete(found);
                    } else {
                        mine.completeExceptionally(bug);
                    }
                });
        return mine;
    }

    private static KeyDirectory stored(String text) {
        try {
            return KeyDirectory.parse(text);
        } catch (MalformedException e) {
            throw new IllegalStateException("The ledger holds a key document that does not parse.", e);
        }
    }
}
