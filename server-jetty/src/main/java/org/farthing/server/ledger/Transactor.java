package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs operations in one transaction, on one connection, by one thread. Who fails, fails alone: usually none of many has
 * anything to take back, so they run without savepoints first, and if one does have, all of them once more with one each.
 * Operations are free of side effects until the commit, so running them again is safe.
 */
final class Transactor {

    /** Opens the session to work on; called again after the store failed. */
    @FunctionalInterface
    interface Opener {
        Session open() throws SQLException;
    }

    /** Where the operations of a transaction that has begun come from. */
    @FunctionalInterface
    interface Arrivals {
        /** What has come, or comes within so many nanoseconds, if there are so many already. */
        List<Task<?>> take(int already, long nanos);
    }

    /** From how many on those who were served together are expected to come back together. */
    private static final int CROWD = 16;

    /** How long a transaction waits for them: a part of what a sync takes, which they would otherwise wait for twice. */
    private static final long PATIENCE_NANOS = 500_000;

    /**
     * How often many that met another node's transaction are run together. Each alone locks its rows in the order all do, and
     * waits for a while at most; together they may meet the same ones again and again.
     */
    private static final int MOST_TOGETHER = 3;

    /** How often a transaction that met another node's is run before its callers are told to come again. */
    private static final int MOST_ATTEMPTS = 8;

    private static final Arrivals NOBODY = (already, nanos) -> List.of();

    private static final String GONE = "its store is gone or too slow; try again";
    private static final String UNDONE = "its store failed, and the step was undone";
    private static final Logger LOG = LoggerFactory.getLogger(Transactor.class);

    /** What came of one attempt. */
    private enum Attempt {
        /** All were run, and nothing is in the way of the commit; after it, every task knows what came of it. */
        DONE,
        /** Undone, and every task knows it: the store would fail the others as it failed one. */
        GIVEN_UP,
        /** Undone, because the connection of the transaction before was lost; connections that rest are cut by many things. */
        AFRESH,
        /** Undone, because one of many has to be taken back alone. */
        WITH_SAVEPOINTS,
        /** Undone, because another node was in the way. */
        CONFLICT
    }

    private final String name;
    private final Opener opener;
    private final LongSupplier ticker;
    private @Nullable Session session;

    /** Set when the last transaction of many had something to take back: then the next is likely to have it too. */
    private boolean careful;

    /** How many the last transaction had. */
    private int last;

    /** How long this transaction may still wait for as many, in nanoseconds. */
    private long patience;

    Transactor(String name, Opener opener) {
        this(name, opener, System::nanoTime);
    }

    /** Waits by this clock, in nanoseconds. */
    Transactor(String name, Opener opener, LongSupplier ticker) {
        this.name = name;
        this.opener = opener;
        this.ticker = ticker;
    }

    /**
     * Runs tasks, and those that come while they run: callers of the transaction before come back one by one, and if each
     * few of them had a commit of their own, half of all would wait for the other half for ever. For the same reason a few that
     * follow many wait for a moment, which gives the processor to the threads that bring the others. Who is alone never waits.
     *
     * @param more gives what has come
     * @return all tasks that were run; each knows what came of it, and what it came to is durable
     */
    List<Task<?>> run(List<Task<?>> first, Arrivals more) {
        List<Task<?>> tasks = new ArrayList<>(first);
        boolean afresh = false;
        int conflicts = 0;
        patience = PATIENCE_NANOS;
        while (true) {
            switch (attempt(tasks, more, !afresh)) {
                case DONE, GIVEN_UP -> {
                    last = tasks.size();
                    return tasks;
                }
                case AFRESH -> {
                    LOG.info("{} lost its connection before the commit and opens another.", name);
                    afresh = true;
                }
                case WITH_SAVEPOINTS -> careful = true;
                case CONFLICT -> {
                    conflicts++;
                    if (conflicts == MOST_TOGETHER && tasks.size() > 1) {
                        oneByOne(tasks);
                        last = tasks.size();
                        return tasks;
                    }
                    if (conflicts == MOST_ATTEMPTS) {
                        failAll(tasks, Effect.NONE, "other nodes were in its way; try again", null);
                        return tasks;
                    }
                }
            }
        }
    }

    /** Each in a transaction of its own, until the store is gone or too slow for one. */
    private void oneByOne(List<Task<?>> tasks) {
        for (int i = 0; i < tasks.size(); i++) {
            run(List.of(tasks.get(i)), NOBODY);
            List<Task<?>> left = tasks.subList(i + 1, tasks.size());
            if (session == null && !left.isEmpty()) {
                failAll(left, Effect.NONE, GONE, tasks.get(i).failure());
                return;
            }
        }
    }

    private Attempt attempt(List<Task<?>> tasks, Arrivals more, boolean mayBeginAfresh) {
        boolean rested = session != null;
        Session open = null;
        try {
            open = session();
            open.begin();
            long now = open.now();
            Attempt attempt = operate(open, tasks, more, now, mayBeginAfresh && rested);
            return attempt == Attempt.DONE ? end(open, tasks) : attempt;
        } catch (SQLException | RuntimeException e) {
            if (open != null && isConflict(open, e)) {
                rollBack(open);
                return Attempt.CONFLICT;
            }
            discardSession();
            if (rested && mayBeginAfresh) {
                return Attempt.AFRESH;
            }
            failAll(tasks, Effect.NONE, "its store cannot be used", e);
            return Attempt.DONE;
        }
    }

    /** Runs all, and what comes meanwhile; if it is to be attempted again, nothing of it is left. */
    private Attempt operate(Session open, List<Task<?>> tasks, Arrivals more, long now, boolean mayBeginAfresh)
            throws SQLException {
        if (open.shared()) {
            // Asking for the time took a while, and what came meanwhile can still be put in order.
            for (List<Task<?>> come = come(tasks, more); !come.isEmpty(); come = come(tasks, more)) {
                tasks.addAll(come);
            }
        }
        boolean savepoints = careful && tasks.size() > 1;
        boolean tookBack = false;
        List<Task<?>> next = open.shared() ? byKey(tasks) : tasks;
        while (!next.isEmpty()) {
            for (Task<?> task : next) {
                Attempt attempt = operate(open, task, savepoints, tasks.size() == 1, now, mayBeginAfresh);
                if (attempt == Attempt.GIVEN_UP) {
                    failAll(tasks, Effect.NONE, GONE, task.failure());
                }
                if (attempt != Attempt.DONE) {
                    return attempt;
                }
                tookBack |= takesBack(open, task);
            }
            // Where rows are locked in the order of keys, what comes late would come out of order. And if there is
            // something to take back that has no savepoint, the transaction ends here.
            boolean full = open.shared() || (tookBack && !savepoints);
            next = full ? List.of() : come(tasks, more);
            tasks.addAll(next);
        }
        careful = savepoints ? tookBack : careful;
        return Attempt.DONE;
    }

    private List<Task<?>> come(List<Task<?>> already, Arrivals more) {
        boolean few = last >= CROWD && already.size() < last / 4 * 3;
        if (!few || patience <= 0) {
            return more.take(already.size(), 0);
        }
        long began = ticker.getAsLong();
        List<Task<?>> come = more.take(already.size(), patience);
        patience -= ticker.getAsLong() - began;
        return come;
    }

    private Attempt operate(
            Session open, Task<?> task, boolean savepoint, boolean alone, long now, boolean mayBeginAfresh)
            throws SQLException {
        if (savepoint) {
            open.execute("SAVEPOINT one");
        }
        open.beginStep();
        task.run(open, now);
        if (isConflict(open, task.failure())) {
            rollBack(open);
            return Attempt.CONFLICT;
        }
        if (task.failure() instanceof SQLException e && (open.isLost(e) || open.isTooSlow(e))) {
            discardSession();
            return open.isLost(e) && mayBeginAfresh ? Attempt.AFRESH : Attempt.GIVEN_UP;
        }
        boolean takeBack = takesBack(open, task);
        if (takeBack && !savepoint && !alone) {
            rollBack(open);
            return Attempt.WITH_SAVEPOINTS;
        }
        if (savepoint && takeBack) {
            open.undoStep("one");
        }
        if (savepoint) {
            open.execute("RELEASE SAVEPOINT one");
        }
        return Attempt.DONE;
    }

    /** Whether the task that ran last left something that must not stay. */
    private static boolean takesBack(Session open, Task<?> task) {
        return task.failure() != null || (!task.keeps() && open.hasWritten());
    }

    /** Stable: what has the same key stays in the order in which it came. */
    private static List<Task<?>> byKey(List<Task<?>> tasks) {
        List<Task<?>> ordered = new ArrayList<>(tasks);
        ordered.sort(Comparator.comparing(Task::key));
        return ordered;
    }

    private Attempt end(Session open, List<Task<?>> tasks) {
        if (tasks.stream().noneMatch(Task::keeps)) {
            rollBack(open);
        } else {
            try {
                open.commit();
            } catch (SQLException | RuntimeException e) {
                discardSession();
                if (isConflict(open, e)) {
                    return Attempt.CONFLICT;
                }
                notCommitted(tasks, e);
                return Attempt.DONE;
            }
        }
        for (Task<?> task : tasks) {
            if (task.failure() instanceof SQLException e) {
                LedgerUnavailableException failure = unavailable(Effect.NONE, UNDONE, e);
                LOG.error("{}", failure.getMessage(), e);
                task.fail(failure);
            }
        }
        return Attempt.DONE;
    }

    /** Also who wrote nothing is told to ask again: what it saw may be gone. */
    private void notCommitted(List<Task<?>> tasks, Throwable cause) {
        String why = "its store failed while committing";
        LedgerUnavailableException unknown = unavailable(Effect.UNKNOWN, why, cause);
        LedgerUnavailableException none = unavailable(Effect.NONE, why, cause);
        LOG.error("{}", unknown.getMessage(), cause);
        for (Task<?> task : tasks) {
            task.fail(task.keeps() ? unknown : none);
        }
    }

    /** One error, and one line in the log, for all of them. */
    private void failAll(List<Task<?>> tasks, Effect effect, String why, @Nullable Throwable cause) {
        LedgerUnavailableException failure = unavailable(effect, why, cause);
        LOG.error("{}", failure.getMessage(), cause);
        tasks.forEach(task -> task.fail(failure));
    }

    LedgerUnavailableException unavailable(Effect effect, String why, @Nullable Throwable cause) {
        return new LedgerUnavailableException(effect, "The ledger (" + name + ") cannot serve: " + why + ".", cause);
    }

    private static boolean isConflict(Session open, @Nullable Throwable failure) {
        return failure instanceof SQLException e && open.isConflict(e);
    }

    private Session session() throws SQLException {
        Session open = session;
        if (open == null) {
            open = opener.open();
            session = open;
        }
        return open;
    }

    /** To be called when everybody knows what came of the transaction. */
    void between() {
        Session open = session;
        if (open != null) {
            try {
                open.between();
            } catch (SQLException | RuntimeException e) {
                LOG.warn("{} opens another connection: {}", name, e.toString());
                discardSession();
            }
        }
    }

    /** A session that cannot even roll back is not used again: closing it undoes what was not committed. */
    private void rollBack(Session open) {
        try {
            open.rollback();
        } catch (SQLException | RuntimeException e) {
            discardSession();
        }
    }

    void discardSession() {
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
}
