package org.farthing.benchmarks.ledger;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/**
 * The clock and the executor a ledger is opened with. Through them its group commits are seen from outside: the writer reads
 * the clock when it begins a batch, and hands results on when the batch is durable.
 */
final class Batches implements InstantSource, Executor {

    /** The writer's own name for itself; the lanes that read use the same clock. */
    static final String WRITER = "farthing-ledger-writer";

    private final Executor callers;
    private final LongAdder tasks = new LongAdder();
    private volatile Nanos times = new Nanos();
    private long began;
    private boolean begun;

    Batches(Executor callers) {
        this.callers = callers;
    }

    /** Forgets what was seen. */
    void reset() {
        tasks.reset();
        times = new Nanos();
    }

    /** How long each group commit took, from its first operation until it was handed on. */
    Nanos times() {
        return times;
    }

    /** How many tasks the callers' executor was given. */
    long tasks() {
        return tasks.sum();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        if (!begun && onWriter()) {
            begun = true;
            began = System.nanoTime();
        }
        return System.currentTimeMillis();
    }

    @Override
    public void execute(Runnable completion) {
        tasks.increment();
        if (onWriter() && begun) {
            begun = false;
            times.add(System.nanoTime() - began);
        }
        callers.execute(completion);
    }

    private static boolean onWriter() {
        return Thread.currentThread().getName().startsWith(WRITER);
    }
}
