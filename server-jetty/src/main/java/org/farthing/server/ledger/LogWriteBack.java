package org.farthing.server.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what SQLite's log holds into the database file, on a thread and a connection of its own. Otherwise the writer does it
 * while it commits, and everybody waits for as long as four commits of many take. Nothing depends on it: if it fails or falls
 * behind, the writer moves the log at its own limit, {@link #WRITERS_PAGES}, and says what is wrong with the disk.
 */
final class LogWriteBack implements AutoCloseable {

    /** How long the log gets before the writer moves all of it itself, in pages of 4096 bytes. */
    static final int WRITERS_PAGES = 98_304;

    /**
     * What is worth moving while much is written. Each time, those who are being served then wait for the disk, so it must
     * happen to few of them: with logs half as long, it was one in thirty.
     */
    static final int PAGES = 49_152;

    /** What is worth moving while little is written: nobody notices, and the log of a quiet ledger stays short. */
    private static final int CALM_PAGES = 4_096;

    /** Little is at most so many pages between two looks that are at least so far apart. */
    private static final int CALM_GROWTH = 512;

    private static final long CALM_NANOS = 100_000_000;

    /** How many commits pass between two looks; even of the largest, fewer than a pass is worth. */
    private static final int COMMITS = 8;

    /** The first version that tells the length of the log without moving it. */
    private static final int[] TELLS = {3, 51};

    private static final String LENGTH = "PRAGMA wal_checkpoint(NOOP)";
    private static final String MOVE = "PRAGMA wal_checkpoint(PASSIVE)";
    private static final Logger LOG = LoggerFactory.getLogger(LogWriteBack.class);

    private final Transactor.Opener opener;
    private final int pages;
    private final Thread thread = new Thread(this::work, "farthing-ledger-log");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition due = lock.newCondition();
    private int commits;
    private boolean closed;
    private volatile boolean little;

    /** Moves the log when it holds so many pages. */
    LogWriteBack(Transactor.Opener opener, int pages) {
        this.opener = opener;
        this.pages = pages;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Called by the writer after each commit. */
    void committed() {
        lock.lock();
        try {
            commits++;
            if (commits == COMMITS) {
                due.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Called by the writer between transactions. The log begins anew only if all of it has been moved and nobody writes, so the
     * writer itself moves the last bit.
     */
    void between(Connection writer) throws SQLException {
        if (little) {
            little = false;
            try (Statement statement = writer.createStatement()) {
                statement.execute(MOVE);
            }
        }
    }

    private void work() {
        boolean warned = false;
        while (awaitCommits()) {
            try (Session session = opener.open()) {
                if (!tellsLength(session.first("SELECT sqlite_version()", row -> row.getString(1)))) {
                    LOG.info(
                            "This SQLite is older than 3.51: the ledger's writer moves its log itself, while it commits.");
                    return;
                }
                moveUntilClosed(session);
            } catch (SQLException | RuntimeException e) {
                if (!warned) {
                    LOG.warn("The ledger's log could not be moved beside the writer, who will do it: {}", e.toString());
                }
                warned = true;
            }
        }
    }

    private void moveUntilClosed(Session session) throws SQLException {
        int before = 0;
        long then = System.nanoTime();
        do {
            int waiting = waiting(session);
            long now = System.nanoTime();
            boolean calm = now - then >= CALM_NANOS && waiting - before <= CALM_GROWTH;
            if (waiting >= (calm ? Math.min(CALM_PAGES, pages) : pages)) {
                session.first(MOVE, row -> row.getInt(1));
                // What was committed meanwhile.
                session.first(MOVE, row -> row.getInt(1));
                little = true;
                waiting = waiting(session);
            }
            before = waiting;
            then = now;
        } while (awaitCommits());
    }

    /** False once it is closed. */
    private boolean awaitCommits() {
        lock.lock();
        try {
            while (commits < COMMITS && !closed) {
                due.awaitUninterruptibly();
            }
            commits = 0;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private static int waiting(Session session) throws SQLException {
        Integer pages = session.first(LENGTH, row -> row.getInt("log") - row.getInt("checkpointed"));
        return pages == null ? 0 : pages;
    }

    /** Whether this version of SQLite has the mode NOOP; an older one would take it for PASSIVE. */
    static boolean tellsLength(@Nullable String version) {
        String[] parts = version == null ? new String[0] : version.split("\\.", -1);
        return parts.length >= 2
                && Comparator.comparingInt((int[] one) -> one[0])
                                .thenComparingInt(one -> one[1])
                                .compare(new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])}, TELLS)
                        >= 0;
    }

    /** Ends the thread; blocks while a pass is under way. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            due.signal();
        } finally {
            lock.unlock();
        }
        Ending.await(thread);
    }
}
