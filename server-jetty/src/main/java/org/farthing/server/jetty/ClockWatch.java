package org.farthing.server.jetty;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.farthing.server.gate.Timers;
import org.farthing.server.ledger.Ledger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this node's clock with the ledger's (specification: charge.md, F-ST-24). A challenge says by this node's clock until
 * when it can be paid, and the ledger judges holds and windows by its own: on a node whose clock is wrong a payer would be
 * offered what cannot be paid any more, or is never over.
 *
 * <p>The clock counts as off only if it is certain: the answer's time lies more than 2 seconds outside of what this clock showed
 * between question and answer, so a slow ledger proves nothing. While there is no answer, the last one counts.
 *
 * <p>Thread-safe; blocks nothing.
 */
final class ClockWatch {

    /** How much the clocks may differ. */
    static final Duration TOLERANCE = Duration.ofSeconds(2);

    /** How often the ledger is asked. */
    static final Duration INTERVAL = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(PaymentHandler.class);

    private final Ledger ledger;
    private final Timers timers;
    private final InstantSource clock;
    private volatile boolean inTime = true;
    private boolean open = true;
    private boolean asking;
    private Timers.@Nullable Timer next;

    ClockWatch(Ledger ledger, Timers timers, InstantSource clock) {
        this.ledger = ledger;
        this.timers = timers;
        this.clock = clock;
    }

    /** Whether nothing is known against this clock. */
    boolean isInTime() {
        return inTime;
    }

    /** Asks now and then again and again. */
    void start() {
        synchronized (this) {
            if (!open) {
                return;
            }
            next = timers.after(INTERVAL, this::start);
            if (asking) {
                // The ledger hangs: one question waits, not one every 15 seconds.
                return;
            }
            asking = true;
        }
        ask();
    }

    private void ask() {
        Instant before = clock.instant();
        CompletionStage<Instant> answer;
        try {
            answer = ledger.now();
        } catch (RuntimeException e) {
            answered();
            LOG.debug("The ledger's time is not known", e);
            return;
        }
        var unused = answer.handle((time, failure) -> {
            try {
                if (failure == null) {
                    judge(before, time, clock.instant());
                }
            } finally {
                // Not before it is judged: an answer never counts after that to a later question.
                answered();
            }
            return time;
        });
    }

    private synchronized void answered() {
        asking = false;
    }

    private void judge(Instant before, Instant time, Instant after) {
        Duration ahead = Duration.between(time, before);
        Duration behind = Duration.between(after, time);
        Duration off = ahead.compareTo(behind) > 0 ? ahead : behind;
        boolean good = off.compareTo(TOLERANCE) <= 0;
        if (inTime && !good) {
            LOG.error(
                    "The clock of this machine is {} ms {} the ledger's: nothing is offered until it is set right. Let it be"
                            + " set by NTP.",
                    off.toMillis(),
                    off.equals(ahead) ? "ahead of" : "behind");
        } else if (!inTime && good) {
            LOG.info("The clock of this machine is right again.");
        }
        inTime = good;
    }

    /** Asks no more. */
    synchronized void close() {
        open = false;
        if (next != null) {
            next.cancel();
            next = null;
        }
    }
}
