package org.farthing.server.gate;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator that nothing can be sold for want of a key, once a minute and not once a request. */
final class KeyAlarm {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentGate.class);
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final AtomicReference<Instant> said = new AtomicReference<>(Instant.MIN);

    KeyAlarm(InstantSource clock) {
        this.clock = clock;
    }

    void sound() {
        Instant now = clock.instant();
        Instant last = requireNonNull(said.get());
        if ((last.equals(Instant.MIN) || last.plus(QUIET).isBefore(now)) && said.compareAndSet(last, now)) {
            LOG.error("No signing key may be used at this time: nothing is offered, and payments are answered 503."
                    + " farthing-server keys list shows the keys and their times.");
        }
    }
}
