package org.farthing.client.testing;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import org.farthing.client.trust.KeyFetcher;

/**
 * Key documents for tests that are not about time: a machine that is busy with something else may need more than the 3
 * seconds of F-KY-50, and a payment without keys is declined.
 */
public final class PatientKeys {

    /** How long a fetch may take: only so that nothing hangs. */
    public static final Duration LIMIT = Duration.ofSeconds(60);

    private PatientKeys() {}

    /** For {@code keyFetcher} of a client's builder. */
    public static Function<HttpClient, KeyFetcher> at(InstantSource clock) {
        return like -> new KeyFetcher(like, clock, Runnable::run, LIMIT);
    }
}
