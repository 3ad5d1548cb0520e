package org.farthing.server.trust;

import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.IssuerDirectory;

/**
 * Fetches the directories of token issuers that the operator named (specification: keys.md, F-KY-50 to F-KY-53; token-remote.md,
 * F-TK-103), by the rules by which {@link KeyDocuments} fetches keys: over https, to a public address, within 3 seconds and 64
 * KiB, and each origin at most once a minute. In the loopback profile plain http to a loopback literal is allowed too.
 *
 * <p>Safe to share between threads; never blocks. Stages complete on a thread of this object or of who asks: do nothing long
 * there. Close it last.
 */
public final class IssuerDocuments implements AutoCloseable {

    private static final KeyRequests.Kind<Fetched> KIND = new KeyRequests.Kind<>(
            IssuerDirectory.WELL_KNOWN_PATH,
            IssuerDirectory.MEDIA_TYPE,
            IssuerDirectory.MAX_BYTES,
            (body, freshness) -> new Fetched(IssuerDirectory.parse(body), freshness));

    private final SparingFetches<Fetched> fetches;

    /**
     * A directory as it came.
     *
     * @param directory the directory, with the hash of its very bytes
     * @param freshness how old it was then, and when its issuer expects to change it
     */
    public record Fetched(IssuerDirectory directory, Freshness freshness) {}

    private IssuerDocuments(SparingFetches<Fetched> fetches) {
        this.fetches = fetches;
    }

    /**
     * Makes a fetcher and starts it.
     *
     * @param clock the time by which an origin may be asked again
     * @param loopbackProfile whether plain http to a loopback literal is allowed, for development on one machine
     * @return the fetcher
     */
    public static IssuerDocuments open(InstantSource clock, boolean loopbackProfile) {
        return open(clock, loopbackProfile, KeyRequests.Surroundings.world());
    }

    static IssuerDocuments open(InstantSource clock, boolean loopbackProfile, KeyRequests.Surroundings around) {
        return new IssuerDocuments(SparingFetches.start(new KeyRequests<>(KIND, around, loopbackProfile), clock));
    }

    /**
     * Returns what an issuer publishes, not older than a minute, failures included.
     *
     * @param issuer whose directory; configured
     * @return the directory as it was published, to be used for this issuer and nothing else, whatever it says of itself; or a
     *     failure with {@link KeysUnavailableException}
     */
    public CompletionStage<Fetched> fetch(Origin issuer) {
        return fetches.fetch(issuer);
    }

    /** Ends the fetches under way and frees the threads. Blocks until done. */
    @Override
    public void close() {
        fetches.close();
    }
}
