package org.farthing.server.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets the demo clean up when the process is told to end (Ctrl-C): the thread that runs it is interrupted, and the process
 * waits until it has closed what it opened.
 */
final class Stopping {

    /** A shop, a wallet service and a mint stop one after the other, and then there is a folder to remove. */
    private static final long PATIENCE_MS = 6 * ShopConnector.STOP_WITHIN_MS;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    private Stopping(Thread runner) {
        this.hook = new Thread(() -> {
            runner.interrupt();
            await();
        });
    }

    /** Watches over the calling thread until {@link #done}, which comes last. */
    static Stopping watch() {
        Stopping stopping = new Stopping(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(stopping.hook);
        return stopping;
    }

    private void await() {
        try {
            // Bounded: a demo that hangs must not keep the process from ending.
            closed.await(PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything is closed: the process may end. */
    void done() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The process is ending already, and the hook is what let us get here.
        }
    }
}
