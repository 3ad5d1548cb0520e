package org.farthing.server.gate;

import java.time.Duration;

/** Where the gate's delayed work comes from: the server's scheduler, or a test's hands. */
@FunctionalInterface
public interface Timers {

    /**
     * Runs a task later, once.
     *
     * @param delay how much later
     * @param task what to do; it does not block
     * @return a handle to cancel it
     */
    Timer after(Duration delay, Runnable task);

    /** A task that waits for its time. */
    @FunctionalInterface
    interface Timer {

        /** Cancels the task if it has not started; otherwise does nothing. */
        void cancel();
    }
}
