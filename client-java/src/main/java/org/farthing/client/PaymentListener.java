package org.farthing.client;

/**
 * Hears of the steps of payments, in their order, on the threads that take them. It should return soon; what it throws is
 * dropped.
 */
@FunctionalInterface
public interface PaymentListener {

    /** Hears nothing. */
    PaymentListener NONE = event -> {};

    /**
     * Called after each step.
     *
     * @param event the step
     */
    void on(PaymentEvent event);
}
