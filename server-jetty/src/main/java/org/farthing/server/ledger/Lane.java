package org.farthing.server.ledger;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with one session that runs operations in the order they came, each in a transaction of its own, and hands the
 * results to the callers' executor after the commit. The writer is a lane, and so are the readers.
 */
final class Lane implements AutoCloseable {

    /** Opens the session a lane works on; called again after the store failed. */
    @FunctionalInterface
    interface Opener {
        Session open() throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /** An operation and whoever waits for it. Not a record: two tasks are never equal. */
    private static final class Task<T> {

        private final Operation<T> operation;
        private final CompletableFuture<T> result = new CompletableFuture<>();

        Task(Operation<T> operation) {
            this.operation = operation;
        }
    }

    private final String name;
    private final Opener opener;
    private final InstantSource clock;
    private final Executor completions;
    private final FairQueue<Task<?>> queue;
    private final Thread thread;
    private volatile boolean closed;
    private @Nullable Session session;

    Lane(String name, Opener opener, LedgerOptions options) {
        this.name = name;
        this.opener = opener;
        this.clock = options.clock();
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
        Task<T> task = new Task<>(operation);
        return accepted(task, queue.offer(key, task));
    }

    /** Runs an operation before everything that waits for its turn: for what ends a charge. */
    <T> CompletionStage<T> submitFirst(Operation<T> operation) {
        Task<T> task = new Task<>(operation);
        return accepted(task, queue.offerFirst(task));
    }

    private <T> CompletionStage<T> accepted(Task<T> task, boolean accepted) {
        if (!accepted) {
            String why = closed ? "it is closed" : "too many operations wait; try again";
            task.result.completeExceptionally(unavailable(Effect.NONE, why, null));
        }
        return task.result;
    }

    private void work() {
        try {
            for (Task<?> task = queue.take(); task != null; task = queue.take()) {
                run(task);
            }
        } finally {
            // Normally there is nothing left; if this thread dies, nobody may wait for ever.
            closed = true;
            queue.close();
            discardSession();
            for (Task<?> task : queue.drain()) {
                handOn(() -> task.result.completeExceptionally(unavailable(Effect.NONE, "it is closed", null)));
            }
        }
    }

    private <T> void run(Task<T> task) {
        Session open;
        try {
            open = session();
            open.begin();
        } catch (SQLException | RuntimeException e) {
            discardSession();
            fail(task, unavailable(Effect.NONE, "its store cannot be used", e));
            return;
        }
        Operation.Step<T> step;
        try {
            step = task.operation.run(open, clock.millis());
        } catch (SQLException e) {
            rollBack(open);
            fail(task, unavailable(Effect.NONE, "its store failed, and the step was undone", e));
            return;
        } catch (RuntimeException | Error e) {
            rollBack(open);
            fail(task, e);
            return;
        }
        if (!step.keep()) {
            rollBack(open);
            finish(task, step.value());
            return;
        }
        try {
            open.commit();
        } catch (SQLException | RuntimeException e) {
            discardSession();
            fail(task, unavailable(Effect.UNKNOWN, "its store failed while committing", e));
            return;
        }
        finish(task, step.value());
    }

    private Session session() throws SQLException {
        Session open = session;
        if (open == null) {
            open = opener.open();
            session = open;
        }
        return open;
    }

    /** A session that cannot even roll back is not used again: closing it undoes what was not committed. */
    private void rollBack(Session open) {
        try {
            open.rollback();
        } catch (SQLException | RuntimeException e) {
            discardSession();
        }
    }

    private void discardSession() {
        Session open = session;
        session = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException | RuntimeException e) {
                LOG.warn("{} could not close its connection: {}", name, e.toString());
            }
        }
    }

    private <T> void finish(Task<T> task, T value) {
        handOn(() -> task.result.complete(value));
    }

    private void fail(Task<?> task, Throwable why) {
        if (why instanceof LedgerUnavailableException unavailable) {
            LOG.error("{}", unavailable.getMessage(), unavailable.getCause());
        }
        handOn(() -> task.result.completeExceptionally(why));
    }

    /** Callers' code never runs on this thread, not even when their executor has been shut down. */
    private void handOn(Runnable completion) {
        try {
            completions.execute(completion);
        } catch (RuntimeException e) {
            LOG.warn("{}: the callers' executor refused a completion: {}", name, e.toString());
            var unused = CompletableFuture.runAsync(completion);
        }
    }

    private LedgerUnavailableException unavailable(Effect effect, String why, @Nullable Throwable cause) {
        return new LedgerUnavailableException(effect, "The ledger (" + name + ") cannot serve: " + why + ".", cause);
    }

    /** Refuses new operations, runs those accepted, and ends the thread. */
    @Override
    public void close() {
        closed = true;
        queue.close();
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
