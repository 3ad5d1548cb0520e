package org.farthing.server.ledger;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread with a connection that runs operations in turn. What waits while a transaction is committed shares the next one,
 * so one sync of the disk serves many; a lone operation waits for nobody. Nobody hears of anything before the commit, because
 * what one operation saw may be what another of the same transaction wrote; then all of them hear together, on as few of the
 * callers' threads as keep its processors busy, because waking a thread for each costs more than what it then does.
 */
final class Lane implements AutoCloseable {

    /** What one of the callers' threads is woken for, if there is that much. */
    private static final int TOLD_TOGETHER = 16;

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final String name;
    private final Transactor transactor;
    private final Executor completions;
    private final FairQueue<Task<?>> queue;
    private final int most;
    private final Thread thread;
    private volatile boolean closed;

    /** A lane that puts at most so many operations into one transaction. */
    Lane(String name, Transactor.Opener opener, LedgerOptions options, int most) {
        this.name = name;
        this.most = most;
        this.transactor = new Transactor(name, opener);
        this.completions = options.completions();
        this.queue = new FairQueue<>(options.queueCapacity());
        this.thread = new Thread(this::work, name);
        thread.setDaemon(true);
    }

    Lane start() {
        thread.start();
        return this;
    }

    /** Runs an operation when it is its key's turn. */
    <T> CompletionStage<T> submit(String key, Operation<T> operation) {
        Task<T> task = new Task<>(key, operation);
        return accepted(task, queue.offer(key, task));
    }

    /** Runs an operation before everything that waits for its turn: for what ends a charge. */
    <T> CompletionStage<T> submitFirst(String key, Operation<T> operation) {
        Task<T> task = new Task<>(key, operation);
        return accepted(task, queue.offerFirst(task));
    }

    private <T> CompletionStage<T> accepted(Task<T> task, boolean accepted) {
        if (!accepted) {
            String why = closed ? "it is closed" : "too many operations wait; try again";
            task.fail(transactor.unavailable(Effect.NONE, why, null));
            task.tell();
        }
        return task.result();
    }

    private void work() {
        try {
            for (List<Task<?>> tasks = queue.take(most); !tasks.isEmpty(); tasks = queue.take(most)) {
                handOn(transactor.run(tasks, (taken, nanos) -> queue.poll(most - taken, nanos)));
                transactor.between();
            }
        } finally {
            // Normally there is nothing left; if this thread dies, nobody may wait for ever.
            closed = true;
            queue.close();
            transactor.discardSession();
            List<Task<?>> left = queue.drain();
            left.forEach(task -> task.fail(transactor.unavailable(Effect.NONE, "it is closed", null)));
            handOn(left);
        }
    }

    private void handOn(List<Task<?>> done) {
        int parts = Math.min(PROCESSORS, (done.size() + TOLD_TOGETHER - 1) / TOLD_TOGETHER);
        for (int part = 0; part < parts; part++) {
            List<Task<?>> share = done.subList(done.size() * part / parts, done.size() * (part + 1) / parts);
            execute(() -> share.forEach(Task::tell));
        }
    }

    /** Callers' code never runs on this thread, not even when their executor has been shut down. */
    private void execute(Runnable completion) {
        try {
            completions.execute(completion);
        } catch (RuntimeException e) {
            LOG.warn("{}: the callers' executor refused a completion: {}", name, e.toString());
            var unused = CompletableFuture.runAsync(completion);
        }
    }

    /** Refuses new operations, runs those accepted, and ends the thread. */
    @Override
    public void close() {
        closed = true;
        queue.close();
        Ending.await(thread);
    }
}
