package org.farthing.server.ledger;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews a node's lease three times in its length, before everything else that waits for the writer. */
final class LeaseKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private final ScheduledExecutorService thread;

    private LeaseKeeper() {
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread daemon = new Thread(work, "farthing-ledger-lease");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    static LeaseKeeper start(Leases leases, Duration length, Writers writer) {
        LeaseKeeper keeper = new LeaseKeeper();
        long third = Math.max(1, length.toNanos() / 3);
        var unused =
                keeper.thread.scheduleWithFixedDelay(() -> renew(leases, writer), third, third, TimeUnit.NANOSECONDS);
        return keeper;
    }

    private static void renew(Leases leases, Writers writer) {
        var unused = writer.submitFirst(FairQueue.NOBODY, leases.renew()).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("The node's lease could not be renewed: {}", failure.toString());
            }
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
