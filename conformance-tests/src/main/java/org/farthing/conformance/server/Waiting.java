package org.farthing.conformance.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time, and waiting for one: a challenge that expires can only be seen by waiting for it. */
public interface Waiting {

    /** What time it is. */
    Instant now();

    /** Returns when it is that time. */
    void until(Instant time);

    /** The machine's clock. */
    static Waiting system() {
        return new Waiting() {
            private final InstantSource clock = InstantSource.system();

            @Override
            public Instant now() {
                return clock.instant();
            }

            @Override
            public void until(Instant time) {
                try {
                    Duration left = Duration.between(now(), time);
                    if (!left.isNegative()) {
                        Thread.sleep(left.toMillis() + 1);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted while waiting for " + time, e);
                }
            }
        };
    }
}
