package org.farthing.server.jetty;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers the ids of wallet requests for as long as such a request can be valid, so that each is used once (protocol
 * section 2.4, {@code jti}). Only ids of requests whose signature verified come here (T41).
 *
 * <p>The memory is this process's: another node would take the same request once more within its minute. That is sound
 * because every route it guards is a read or is idempotent in the ledger. Bounded: when full, nothing is admitted until
 * the oldest ids expire, so a flood cannot push a used id out. Safe to share between threads.
 */
final class SingleUse {

    /** What became of an id. */
    enum Admission {
        /** First use: go on. */
        FIRST,
        /** Seen before: refuse. */
        AGAIN,
        /** No room to remember it: refuse, and say when to come back. */
        FULL
    }

    private final InstantSource clock;
    private final Duration remember;
    private final int most;
    private final Map<String, Instant> seen = new LinkedHashMap<>();

    SingleUse(Duration remember, int most, InstantSource clock) {
        this.clock = clock;
        this.remember = remember;
        this.most = most;
    }

    synchronized Admission admit(String id) {
        Instant now = clock.instant();
        // All ids are kept equally long, so the map's order is the order in which they expire.
        Iterator<Instant> oldest = seen.values().iterator();
        while (oldest.hasNext() && !oldest.next().isAfter(now)) {
            oldest.remove();
        }
        if (seen.containsKey(id)) {
            return Admission.AGAIN;
        }
        if (seen.size() >= most) {
            return Admission.FULL;
        }
        seen.put(id, now.plus(remember));
        return Admission.FIRST;
    }
}
