package org.farthing.server.gate;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * How many demands are made at once: each costs signatures, and who has not paid must not take all processors from who has
 * (spec/server.md, F-SV-68). A few are made on the threads that ask; the next ones wait their turn without a thread; beyond that
 * the server is too busy, and says so.
 *
 * <p><b>Threads.</b> Thread-safe; nothing blocks.
 */
final class DemandLane {

    private final Executor executor;
    private final int atOnce;
    private final int mostWaiting;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int running;

    /**
     * Creates a lane.
     *
     * @param executor where those that had to wait are made
     * @param atOnce how many are made at once, at least 1
     * @param mostWaiting how many may wait
     */
    DemandLane(Executor executor, int atOnce, int mostWaiting) {
        if (atOnce < 1 || mostWaiting < 0) {
            throw new IllegalArgumentException("at least one demand is made at once, and none or more wait, not "
                    + atOnce + " and " + mostWaiting);
        }
        this.executor = executor;
        this.atOnce = atOnce;
        this.mostWaiting = mostWaiting;
    }

    private record Waiting(Supplier<Decision> demand, CompletableFuture<Decision> answer) {

        void run() {
            try {
                answer.complete(demand.get());
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        }
    }

    /**
     * Makes a demand now, soon, or not at all.
     *
     * @param demand makes it
     * @param cheap tells whether its signatures are there already, so that it need not wait
     * @param busy what to answer if too many wait
     * @return the answer
     */
    CompletionStage<Decision> run(Supplier<Decision> demand, BooleanSupplier cheap, Supplier<Decision> busy) {
        if (enter()) {
            return now(demand);
        }
        if (cheap.getAsBoolean()) {
            return CompletableFuture.completedFuture(demand.get());
        }
        CompletableFuture<Decision> answer = new CompletableFuture<>();
        boolean place = false;
        synchronized (this) {
            if (running >= atOnce) {
                if (waiting.size() < mostWaiting) {
                    waiting.add(new Waiting(demand, answer));
                    return answer;
                }
            } else {
                running++;
                place = true;
            }
        }
        return place ? now(demand) : CompletableFuture.completedFuture(busy.get());
    }

    private CompletionStage<Decision> now(Supplier<Decision> demand) {
        try {
            return CompletableFuture.completedFuture(demand.get());
        } finally {
            leave();
        }
    }

    private synchronized boolean enter() {
        if (running >= atOnce) {
            return false;
        }
        running++;
        return true;
    }

    /** Gives the place to those who wait, if any do. */
    private void leave() {
        synchronized (this) {
            if (waiting.isEmpty()) {
                running--;
                return;
            }
        }
        try {
            executor.execute(this::drain);
        } catch (RuntimeException e) {
            // No thread for them: this one does it, or they would wait for nobody.
            drain();
        }
    }

    private void drain() {
        while (true) {
            Waiting next;
            synchronized (this) {
                next = waiting.poll();
                if (next == null) {
                    running--;
                    return;
                }
            }
            next.run();
        }
    }
}
