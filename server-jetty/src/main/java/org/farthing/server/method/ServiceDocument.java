package org.farthing.server.method;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The key document of one wallet service: the last one fetched, for as long as it counts. Thread-safe; never blocks. */
final class ServiceDocument {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceKeys.class);

    /** How often messages can cause a fetch (F-KY-52). */
    private static final Duration ON_DEMAND_EVERY = Duration.ofMinutes(1);

    private final Origin service;
    private final KeySource source;
    private final Duration maxAge;
    private final InstantSource clock;
    private @Nullable Fetched last;
    private @Nullable CompletableFuture<Boolean> underWay;
    private @Nullable Instant demanded;

    /** A document, and when asking for it began: it is at least as new as that. */
    private record Fetched(KeyDirectory document, Instant at) {}

    ServiceDocument(Origin service, KeySource source, Duration maxAge, InstantSource clock) {
        this.service = service;
        this.source = source;
        this.maxAge = maxAge;
        this.clock = clock;
    }

    /** The document, or null if there is none that counts now. */
    synchronized @Nullable KeyDirectory current() {
        Fetched known = last;
        return known == null || !clock.instant().isBefore(known.at().plus(maxAge)) ? null : known.document();
    }

    /** The document, fetched again first if it is missing, too old, or does not list the name; once a minute. */
    CompletionStage<@Nullable KeyDirectory> having(String kid) {
        KeyDirectory known = current();
        if ((known != null && lists(known, kid)) || (!isFetching() && !mayDemand())) {
            return CompletableFuture.completedFuture(known);
        }
        return fetch().thenApply(done -> current());
    }

    private synchronized boolean isFetching() {
        return underWay != null;
    }

    private static boolean lists(KeyDirectory document, String kid) {
        return document.keys().stream().anyMatch(key -> key.kid().equals(kid));
    }

    private synchronized boolean mayDemand() {
        Instant now = clock.instant();
        Instant before = demanded;
        if (before != null && now.isBefore(before.plus(ON_DEMAND_EVERY))) {
            return false;
        }
        demanded = now;
        return true;
    }

    /** Fetches, or joins the fetch under way. Never fails: false is a fetch that brought nothing. */
    CompletableFuture<Boolean> fetch() {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        synchronized (this) {
            if (underWay != null) {
                return underWay.copy();
            }
            underWay = mine;
        }
        Instant asked = clock.instant();
        asked().whenComplete((document, failure) -> {
            boolean good = failure == null && document != null && isOwn(document);
            if (failure != null) {
                LOG.warn("The keys of the wallet service {} could not be fetched: {}", service, cause(failure));
            }
            synchronized (this) {
                underWay = null;
                if (good) {
                    last = new Fetched(document, asked);
                }
            }
            mine.complete(good);
        });
        return mine.copy();
    }

    private CompletionStage<KeyDirectory> asked() {
        try {
            return source.fetch(service);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A document speaks for the origin it was fetched from, and has to know it. */
    private boolean isOwn(KeyDirectory document) {
        boolean own = document.payee().equals(service.text());
        if (!own) {
            LOG.error("The key document of the wallet service {} names another payee and is not used", service);
        }
        return own;
    }

    private static String cause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
