package org.farthing.server.ledger;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps and purges a ledger from time to time, on one daemon thread of its own. Whoever opens a ledger starts this with it,
 * and closes this before the ledger; without it, overdue holds stay held.
 */
public final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    /** A purge looks for rows that are hours old; once in so many rounds is enough. */
    static final int ROUNDS_A_PURGE = 12;

    /** No round goes on for ever, even if rows fall due faster than they are ended. */
    private static final int MOST_STEPS = 1000;

    private final Ledger ledger;
    private final ScheduledExecutorService thread;
    private int rounds;

    Housekeeping(Ledger ledger) {
        this.ledger = ledger;
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread daemon = new Thread(work, "farthing-ledger-housekeeping");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /**
     * Starts to keep house: the first round at once, the next after each pause.
     *
     * @param ledger the ledger
     * @param pause the time between two rounds; 5 s fits holds of 30 s
     * @return what to close before the ledger
     * @throws IllegalArgumentException if the pause is not longer than zero
     */
    public static Housekeeping start(Ledger ledger, Duration pause) {
        long nanos = Arguments.positive("pause", pause).toNanos();
        Housekeeping housekeeping = new Housekeeping(ledger);
        var unused = housekeeping.thread.scheduleWithFixedDelay(housekeeping::round, 0, nanos, TimeUnit.NANOSECONDS);
        return housekeeping;
    }

    /** One round. It never throws: a scheduled task that throws is not scheduled again. */
    void round() {
        try {
            sweep();
            if (rounds++ % ROUNDS_A_PURGE == 0) {
                purge();
            }
        } catch (CompletionException | CancellationException e) {
            LOG.warn("Housekeeping could not finish and tries again later: {}", String.valueOf(e.getCause()));
        } catch (RuntimeException | Error e) {
            LOG.error("Housekeeping failed and tries again later.", e);
        }
    }

    private void sweep() {
        for (int i = 0; i < MOST_STEPS; i++) {
            SweepReport report = ledger.sweep().toCompletableFuture().join();
            if (report.released() + report.refunded() > 0) {
                LOG.info("Swept: {} holds released, {} charges refunded.", report.released(), report.refunded());
            }
            if (!report.more()) {
                return;
            }
        }
    }

    private void purge() {
        for (int i = 0; i < MOST_STEPS; i++) {
            if (!ledger.purge().toCompletableFuture().join().more()) {
                return;
            }
        }
    }

    /** Stops. A step under way is finished by the ledger. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
