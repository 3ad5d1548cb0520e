package org.farthing.client.files;

import java.nio.file.Path;
import java.time.Duration;

/** A process whose threads take a lock again the moment they gave it up, for ever. */
final class GreedyProcess {

    private GreedyProcess() {}

    public static void main(String[] arguments) throws Exception {
        ProcessLock lock = new ProcessLock(Path.of(arguments[0]), Duration.ofSeconds(60));
        for (int i = 0; i < 3; i++) {
            new Thread(() -> take(lock)).start();
        }
        System.out.println("greedy");
    }

    private static void take(ProcessLock lock) {
        try {
            while (true) {
                long until = System.nanoTime() + 1_000_000;
                lock.holding(() -> {
                    while (System.nanoTime() - until < 0) {
                        Thread.onSpinWait();
                    }
                    return until;
                });
            }
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
