package org.farthing.conformance.client;

import java.io.IOException;

/** Sends whoever is checked on an errand and waits until it is back. */
interface Runner {

    /** Whether it knows a kind of errand. */
    boolean knows(String kind);

    /** The command for a kind of errand, as a person would type it. */
    default String typed(String kind) {
        return "COMMAND";
    }

    /**
     * Runs it.
     *
     * @throws IOException if it could not even be started
     * @throws InterruptedException if the waiting thread was interrupted
     */
    Ran run(Errand errand) throws IOException, InterruptedException;
}
