package org.farthing.server.trust;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;

/**
 * Fetches the key documents of origins that the operator named (specification: keys.md, F-KY-50 to F-KY-53): over https, to a
 * public address, within 3 seconds and 64 KiB, and each origin at most once a minute whatever happens and whoever asks. In the
 * loopback profile plain http to a loopback literal is allowed too.
 *
 * <p>The caller keeps the document, decides how long, and asks again when a signature names a key it does not know. It passes
 * origins of its own configuration or registry, never one that stands in a message.
 *
 * <p>Safe to share between threads; never blocks. Stages complete on a thread of this object or of who asks: do nothing long
 * there. Close it last.
 */
public final class KeyDocuments implements AutoCloseable {

    /** An origin is asked at most this often (F-KY-52). */
    public static final Duration BETWEEN_FETCHES = SparingFetches.BETWEEN_FETCHES;

    static final int MOST_BYTES = 64 * 1024;

    private static final KeyRequests.Kind<KeyDirectory> KIND = new KeyRequests.Kind<>(
            KeyDirectory.WELL_KNOWN_PATH,
            "application/jwk-set+json",
            MOST_BYTES,
            (body, freshness) -> KeyDirectory.parse(body));

    private final SparingFetches<KeyDirectory> fetches;

    private KeyDocuments(SparingFetches<KeyDirectory> fetches) {
        this.fetches = fetches;
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
        return new KeyDocuments(SparingFetches.start(new KeyRequests<>(KIND, around, loopbackProfile), clock));
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
        return fetches.fetch(origin);
    }

    /** Ends the fetches under way and frees the threads. Blocks until done. */
    @Override
    public void close() {
        fetches.close();
    }
}
