package org.farthing.server.ledger;

/** Waiting for a thread that has been told to end. */
final class Ending {

    private Ending() {}

    /** Returns when the thread has ended, not before: what it has open must not be taken from under it. An interrupt is kept. */
    static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
