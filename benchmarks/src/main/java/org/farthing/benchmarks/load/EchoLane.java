package org.farthing.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A ledger that does nothing: one thread takes what waits, lets as much time pass as a group commit takes, and hands all of it
 * on at once. What a request costs with it and not without it is the hand-off.
 */
final class EchoLane {

    private final BlockingQueue<CompletableFuture<Void>> waiting = new LinkedBlockingQueue<>();
    private final Executor completions;
    private final long nanos;

    EchoLane(Executor completions, long nanos) {
        this.completions = completions;
        this.nanos = nanos;
    }

    void start() {
        Thread thread = new Thread(this::work, "echo");
        thread.setDaemon(true);
        thread.start();
    }

    /** Completes on the executor with the others that wait now. */
    CompletionStage<Void> operation() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        waiting.add(result);
        return result;
    }

    private void work() {
        try {
            while (true) {
                List<CompletableFuture<Void>> batch = new ArrayList<>();
                batch.add(waiting.take());
                LockSupport.parkNanos(nanos);
                waiting.drainTo(batch);
                completions.execute(() -> batch.forEach(result -> result.complete(null)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
