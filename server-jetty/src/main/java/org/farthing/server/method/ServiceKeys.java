package org.farthing.server.method;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the wallet services a payee has configured, kept fresh (spec/wallet-service.md, F-WS-60 to F-WS-63; spec/keys.md,
 * F-KY-15).
 *
 * <p><b>Guarantees.</b> Documents are fetched from configured origins only: nothing a message says can add an origin (T21). A
 * document older than the age limit counts no more, because a key may have been revoked since (T37). A name that is not in a
 * document causes at most one fetch a minute for each service, and concurrent fetches of one service are one.
 *
 * <p><b>Threads.</b> Thread-safe; never blocks. It has no timer: {@link #refresh} is called by who has one.
 */
public final class ServiceKeys {

    /** How often documents are to be refreshed; the specification allows at most 5 minutes. */
    public static final Duration REFRESH_EVERY = Duration.ofMinutes(4);

    /** How old a document may be unless configured otherwise. */
    public static final Duration DEFAULT_MAX_AGE = Duration.ofMinutes(15);

    private final Map<String, ServiceDocument> services = new LinkedHashMap<>();
    private final List<Origin> origins;

    /**
     * Creates a keeper that has no document yet: {@link #refresh} it before the first payment.
     *
     * @param services the wallet services' origins
     * @param source where documents come from
     * @param maxAge how old a document may be to count, more than {@link #REFRESH_EVERY}
     * @param clock the time
     * @throws IllegalArgumentException if no service is named, one is named twice, or the age is not longer than the time
     *     between two refreshes
     */
    public ServiceKeys(List<Origin> services, KeySource source, Duration maxAge, InstantSource clock) {
        if (services.isEmpty()) {
            throw new IllegalArgumentException("name at least one wallet service");
        }
        if (maxAge.compareTo(REFRESH_EVERY) <= 0) {
            throw new IllegalArgumentException(
                    "the keys of wallet services are refreshed every " + REFRESH_EVERY + ": let them count for longer");
        }
        this.origins = List.copyOf(services);
        for (Origin service : origins) {
            ServiceDocument document = new ServiceDocument(service, source, maxAge, clock);
            if (this.services.put(service.text(), document) != null) {
                throw new IllegalArgumentException("the wallet service " + service + " is configured twice");
            }
        }
    }

    /**
     * Returns the configured services.
     *
     * @return their origins, in the order of the configuration
     */
    public List<Origin> services() {
        return origins;
    }

    /**
     * Fetches all documents. A document that cannot be fetched leaves the one before in place.
     *
     * @return true if every fetch succeeded; never fails
     */
    public CompletionStage<Boolean> refresh() {
        CompletableFuture<Boolean> all = CompletableFuture.completedFuture(true);
        for (ServiceDocument document : services.values()) {
            all = all.thenCombine(document.fetch(), Boolean::logicalAnd);
        }
        return all;
    }

    /**
     * Tells whether every service has a document that counts now.
     *
     * @return false while payments through a service cannot be verified
     */
    public boolean isReady() {
        return services.values().stream().noneMatch(document -> document.current() == null);
    }

    /** Tells whether a service is configured. */
    boolean knows(String issuer) {
        return services.containsKey(issuer);
    }

    /**
     * The document of a configured service that counts now, fetched again if it lacks a key of this name.
     *
     * @return null if no document counts now: whether a key is good cannot be told
     */
    CompletionStage<@Nullable KeyDirectory> documentFor(String issuer, String kid) {
        ServiceDocument document = services.get(issuer);
        return document == null ? CompletableFuture.completedFuture(null) : document.having(kid);
    }
}
