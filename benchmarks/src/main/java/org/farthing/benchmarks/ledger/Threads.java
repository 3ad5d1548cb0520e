package org.farthing.benchmarks.ledger;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Where callers go on, as many threads as the machine has cores. */
final class Threads {

    private Threads() {}

    static ExecutorService callers() {
        return Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), work -> {
            Thread thread = new Thread(work, "callers");
            thread.setDaemon(true);
            return thread;
        });
    }
}
