package org.farthing.server.trust;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.binding.Origin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches documents of one kind, each origin at most once a minute whatever happens and whoever asks (F-KY-52). Thread-safe;
 * never blocks but for closing.
 *
 * @param <T> the document as it is read
 */
final class SparingFetches<T> implements AutoCloseable {

    /** An origin is asked at most this often. */
    static final Duration BETWEEN_FETCHES = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(KeyDocuments.class);

    /** Beyond this, what is older than a minute is forgotten. */
    private static final int MOST_KEPT = 1000;

    private final KeyRequests<T> requests;
    private final InstantSource clock;
    private final Map<Origin, Fetch<T>> last = new HashMap<>();

    private record Fetch<T>(Instant started, CompletableFuture<T> result) {

        boolean isCurrent(Instant now) {
            return !result.isDone() || now.isBefore(started.plus(BETWEEN_FETCHES));
        }
    }

    private SparingFetches(KeyRequests<T> requests, InstantSource clock) {
        this.requests = requests;
        this.clock = clock;
    }

    static <T> SparingFetches<T> start(KeyRequests<T> requests, InstantSource clock) {
        requests.start();
        return new SparingFetches<>(requests, clock);
    }

    CompletionStage<T> fetch(Origin origin) {
        CompletableFuture<T> result = new CompletableFuture<>();
        synchronized (last) {
            Instant now = clock.instant();
            Fetch<T> known = last.get(origin);
            if (known != null && known.isCurrent(now)) {
                return known.result().copy();
            }
            if (last.size() >= MOST_KEPT) {
                last.values().removeIf(fetch -> !fetch.isCurrent(now));
            }
            last.put(origin, new Fetch<>(now, result));
        }
        var unused = begin(origin).whenComplete((document, failure) -> {
            if (failure == null) {
                result.complete(document);
            } else {
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                LOG.warn("{}", cause.getMessage());
                result.completeExceptionally(cause);
            }
        });
        return result.copy();
    }

    private CompletableFuture<T> begin(Origin origin) {
        try {
            return requests.get(origin);
        } catch (RuntimeException e) {
            // After a close. Whoever waits for the result must not wait for ever.
            return CompletableFuture.failedFuture(
                    new KeysUnavailableException("The keys of " + origin + " are not fetched any more."));
        }
    }

    @Override
    public void close() {
        requests.stop();
    }
}
