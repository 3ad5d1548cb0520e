package org.farthing.server.trust;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the key documents of origins that the operator named (specification: keys.md, F-KY-50 to F-KY-53): over https, to a
 * public address, within 3 seconds and 64 KiB, and each origin at most once a minute whatever happens and whoever asks. In the
 * loopback profile plain http to a loopback literal is allowed too.
 *
 * <p>The caller keeps the document, decides how long, and asks again when a signature names a key it does not know. It passes
 * origins of its own configuration or registry, never one that stands in a message.
 *
 * <p>Safe to share between threads; never blocks. Stages complete on a thread of this object or of who asks: do nothing long
 * there. Close it
 * last.
 */
public final class KeyDocuments implements AutoCloseable {

    /** An origin is asked at most this often (F-KY-52). */
    public static final Duration BETWEEN_FETCHES = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(KeyDocuments.class);

    /** Beyond this, what is older than a minute is forgotten. */
    private static final int MOST_KEPT = 1000;

    private final KeyRequests requests;
    private final InstantSource clock;
    private final Map<Origin, Fetch> last = new HashMap<>();

    private record Fetch(Instant started, CompletableFuture<KeyDirectory> result) {

        boolean isCurrent(Instant now) {
            return !result.isDone() || now.isBefore(started.plus(BETWEEN_FETCHES));
        }
    }

    private KeyDocuments(KeyRequests requests, InstantSource clock) {
        this.requests = requests;
        this.clock = clock;
    }

    /**
     * Makes a fetcher and starts it.
     *
     * @param clock the time by which an origin may be asked again
     * @param loopbackProfile whether plain http to a loopback literal is allowed, for development on one machine
     * @return the fetcher
     */
    public static KeyDocuments open(InstantSource clock, boolean loopbackProfile) {
        return open(clock, loopbackProfile, KeyRequests.Surroundings.world());
    }

    static KeyDocuments open(InstantSource clock, boolean loopbackProfile, KeyRequests.Surroundings around) {
        KeyRequests requests = new KeyRequests(around, loopbackProfile);
        requests.start();
        return new KeyDocuments(requests, clock);
    }

    /**
     * Returns what an origin publishes, not older than a minute: the result of the fetch under way, or of the one within the
     * last {@link #BETWEEN_FETCHES}, failures included, or of a new one.
     *
     * @param origin whose document; configured or registered
     * @return the document as it was published, to be used for this origin and nothing else, whatever it says of itself; or a
     *     failure with {@link KeysUnavailableException}
     */
    public CompletionStage<KeyDirectory> fetch(Origin origin) {
        CompletableFuture<KeyDirectory> result = new CompletableFuture<>();
        synchronized (last) {
            Instant now = clock.instant();
            Fetch known = last.get(origin);
            if (known != null && known.isCurrent(now)) {
                return known.result().copy();
            }
            if (last.size() >= MOST_KEPT) {
                last.values().removeIf(fetch -> !fetch.isCurrent(now));
            }
            last.put(origin, new Fetch(now, result));
        }
        var unused = begin(origin).whenComplete((directory, failure) -> {
            if (failure == null) {
                result.complete(directory);
            } else {
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                LOG.warn("{}", cause.getMessage());
                result.completeExceptionally(cause);
            }
        });
        return result.copy();
    }

    private CompletableFuture<KeyDirectory> begin(Origin origin) {
        try {
            return requests.get(origin);
        } catch (RuntimeException e) {
            // After a close. Whoever waits for the result must not wait for ever.
            return CompletableFuture.failedFuture(
                    new KeysUnavailableException("The keys of " + origin + " are not fetched any more."));
        }
    }

    /** Ends the fetches under way and frees the threads. Blocks until done. */
    @Override
    public void close() {
        requests.stop();
    }
}
