package org.farthing.server.gate;

/**
 * Listens to what happens at the gate, for counters and alerts. Called on the threads that serve requests: it must not block.
 * What it throws is logged and changes nothing: money has moved by then.
 */
@FunctionalInterface
public interface PaymentEvents {

    /** Listens to nothing. */
    PaymentEvents NONE = event -> {};

    /**
     * Takes note of an event.
     *
     * @param event what happened
     */
    void record(PaymentEvent event);

    /**
     * Adds a listener.
     *
     * @param next called after this one
     * @return both
     */
    default PaymentEvents and(PaymentEvents next) {
        return event -> {
            record(event);
            next.record(event);
        };
    }
}
