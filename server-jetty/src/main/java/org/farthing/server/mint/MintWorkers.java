package org.farthing.server.mint;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;

/**
 * The threads a mint signs and verifies on: as many as there are processors, with a bounded line before them, so that somebody
 * who asks for much slows down the mint and not the server (specification: token-mint.md, F-TK-73). Idle threads end by
 * themselves.
 */
final class MintWorkers {

    /** How many bodies wait for each processor; one of 100 messages takes some 150 ms. */
    private static final int WAITING = 64;

    private static final Duration SOON = Duration.ofSeconds(5);

    private final ThreadPoolExecutor threads;

    MintWorkers() {
        int processors = Runtime.getRuntime().availableProcessors();
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                processors, processors, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING * processors), task -> {
                    Thread thread = new Thread(task, "farthing-mint-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Does work there; the stage fails with {@link MintRefusedException} if too much waits already. */
    <T> CompletionStage<T> run(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedStage(new MintRefusedException(
                    Problem.of(ProblemType.LEDGER_UNAVAILABLE, "The mint is busy; nothing was done.")
                            .with("retryable", true),
                    SOON));
        }
    }
}
