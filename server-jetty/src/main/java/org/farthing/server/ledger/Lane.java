package org.farthing.server.ledger;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with one session that runs operations in the order they came and hands the results to the callers' executor after
 * the commit. The writer is a lane, and so are the readers.
 *
 * <p>What waits when the thread is free goes into one transaction, so that one sync of the disk serves all of it; nothing is
 * ever waited for. Each operation has a savepoint of its own, so one that fails, fails alone. Nobody hears of anything before the
 * commit, because what one operation saw may be what another of the same transaction wrote.
 */
final class Lane implements AutoCloseable {

    /** Opens the session a lane works on; called again after the store failed. */
    @FunctionalInterface
    interface Opener {
        Session open() throws SQLException;
    }

    private static final String UNDONE = "its store failed, and the step was undone";
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /** An operation and whoever waits for it. Not a record: two tasks are never equal. Changed by the lane's thread alone. */
    private static final class Task<T> {

        private final Operation<T> operation;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private Operation.@Nullable Step<T> step;
        private @Nullable Throwable failure;

        Task(Operation<T> operation) {
            this.operation = operation;
        }

        /**
         * Runs the operation; true if what it wrote is to stay. It throws only if the transaction is not what it was, and then
         * nothing of it can stay.
         */
        boolean run(Session session, long now, boolean amongOthers) throws SQLException {
            if (amongOthers) {
                session.execute("SAVEPOINT one");
            }
            try {
                step = operation.run(session, now);
            } catch (SQLException | RuntimeException | Error e) {
                failure = e;
            }
            boolean keep = step != null && step.keep();
            if (amongOthers) {
                if (!keep) {
                    session.execute("ROLLBACK TO SAVEPOINT one");
                }
                session.execute("RELEASE SAVEPOINT one");
            }
            return keep;
        }

        boolean wrote() {
            return step != null && step.keep();
        }
    }

    private final String name;
    private final Opener opener;
    private final InstantSource clock;
    private final Executor completions;
    private final FairQueue<Task<?>> queue;
    private final int most;
    private final Thread thread;
    private volatile boolean closed;
    private @Nullable Session session;

    /** A lane that puts at most so many operations into one transaction. */
    Lane(String name, Opener opener, LedgerOptions options, int most) {
        this.most = most;
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
            for (List<Task<?>> tasks = queue.take(most); !tasks.isEmpty(); tasks = queue.take(most)) {
                run(tasks);
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

    private void run(List<Task<?>> tasks) {
        Session open;
        try {
            open = session();
            open.begin();
        } catch (SQLException | RuntimeException e) {
            discardSession();
            tasks.forEach(task -> fail(task, unavailable(Effect.NONE, "its store cannot be used", e)));
            return;
        }
        boolean keep = false;
        try {
            for (Task<?> task : tasks) {
                keep |= task.run(open, clock.millis(), tasks.size() > 1);
            }
        } catch (SQLException | RuntimeException e) {
            rollBack(open);
            tasks.forEach(task -> fail(task, unavailable(Effect.NONE, UNDONE, e)));
            return;
        }
        if (!keep) {
            rollBack(open);
        } else if (!commit(open, tasks)) {
            return;
        }
        tasks.forEach(this::finish);
    }

    private boolean commit(Session open, List<Task<?>> tasks) {
        try {
            open.commit();
            return true;
        } catch (SQLException | RuntimeException e) {
            discardSession();
            for (Task<?> task : tasks) {
                // Also who wrote nothing: what it saw may be gone.
                Effect effect = task.wrote() ? Effect.UNKNOWN : Effect.NONE;
                fail(task, unavailable(effect, "its store failed while committing", e));
            }
            return false;
        }
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

    private <T> void finish(Task<T> task) {
        Throwable failure = task.failure;
        Operation.Step<T> step = task.step;
        if (step != null) {
            handOn(() -> task.result.complete(step.value()));
        } else if (failure instanceof SQLException) {
            fail(task, unavailable(Effect.NONE, UNDONE, failure));
        } else {
            fail(task, failure == null ? new IllegalStateException("an operation came to nothing") : failure);
        }
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
