package org.farthing.server.keys;

import java.time.Instant;

/**
 * A challenge secret in a key folder, without the secret.
 *
 * @param name the name of its file
 * @param from from when it makes ids; it verifies also before (specification: binding.md, F-BI-14)
 * @param until the last moment it verifies, {@link Instant#MAX} while no later secret is there
 */
public record SecretFile(String name, Instant from, Instant until) {

    /**
     * Tells whether nothing it made can come any more.
     *
     * @param now the time
     * @return true if it verifies nothing now and later
     */
    public boolean isSpent(Instant now) {
        return now.isAfter(until);
    }
}
