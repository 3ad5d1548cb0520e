package org.farthing.server.gate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps limits that fail from stopping sales: who cannot be counted goes on, and the log says so. */
record GuardedAdmission(Admission limits) implements Admission {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentGate.class);

    @Override
    public Duration admit(Step step, Inquiry inquiry, @Nullable String payer) {
        try {
            Duration wait = limits.admit(step, inquiry, payer);
            if (wait == null) {
                throw new IllegalStateException("the limits said nothing");
            }
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (RuntimeException e) {
            LOG.error("The limits of requests failed at {}, so this request is not limited", step, e);
            return Duration.ZERO;
        }
    }
}
