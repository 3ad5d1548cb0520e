package org.farthing.server.gate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a listener that throws from ending a request whose money has moved. */
record GuardedEvents(PaymentEvents listener) implements PaymentEvents {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentGate.class);

    @Override
    public void record(PaymentEvent event) {
        try {
            listener.record(event);
        } catch (RuntimeException e) {
            LOG.error("A listener of payment events failed at {}", event.kind(), e);
        }
    }
}
