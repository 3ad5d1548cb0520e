package org.farthing.server.collect;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.farthing.server.gate.PaymentEvents;
import org.farthing.server.gate.Timers;
import org.farthing.server.gate.Timers.Timer;
import org.farthing.server.ledger.Outbox;
import org.farthing.server.ledger.OutboxItem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the outbox to the wallet services: captures, releases and refunds, until each has an answer that counts
 * (specification: wallet-service.md, F-WS-70 to F-WS-79).
 *
 * <p><b>Guarantees.</b> An item is finished only on the service's own word; what is not known is asked again, with growing
 * pauses, and asking again is harmless. A capture the service will not honour is marked failed, logged as an error and counted
 * as {@link org.farthing.server.gate.PaymentEvent.Kind#COLLECT_FAILED}; the exposure to that service stays until the operator
 * writes it off. One service that is slow or away does not hold up another. Nothing is kept here that the outbox does not
 * have: a process may end at any time.
 *
 * <p><b>Threads.</b> Thread-safe; never blocks. {@link #wake} may be called after every payment.
 */
public final class CaptureCourier implements AutoCloseable {

    /** How long the outbox keeps an item from others: some calls long, and what a restart may have to wait for. */
    static final Duration LEASE = Duration.ofSeconds(30);

    /**
     * From one call to a service until the next, unless a whole batch waits: what is sold meanwhile goes along, and a service
     * that counts calls is asked less than 600 times a minute.
     */
    static final Duration BETWEEN_CALLS = Duration.ofMillis(105);

    /** How often the outbox is looked into without being woken: for what other nodes and the sweeper leave there. */
    static final Duration IDLE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(CaptureCourier.class);
    private static final int MOST_AT_ONCE = 500;
    private static final int MOST_IN_MEMORY = 2_000;

    private final Outbox outbox;
    private final ServiceCalls calls;
    private final Timers timers;
    private final InstantSource clock;
    private final PaymentEvents events;
    private final Map<Counter, ServiceLine> lines = new HashMap<>();
    private int inMemory;
    private boolean looking;
    private boolean woken;
    private boolean open;
    private @Nullable Timer timer;
    private @Nullable Instant retryAt;

    /** Where items are carried, and for whom. */
    record Counter(String service, String payee) {}

    /**
     * Creates a courier that rests until {@link #start}.
     *
     * @param outbox what is to be told
     * @param calls how services are spoken to
     * @param timers delayed work
     * @param clock the time
     * @param events who hears what was collected and what failed; a listener that throws is only logged
     */
    public CaptureCourier(Outbox outbox, ServiceCalls calls, Timers timers, InstantSource clock, PaymentEvents events) {
        this.outbox = outbox;
        this.calls = calls;
        this.timers = timers;
        this.clock = clock;
        this.events = events;
    }

    /** Starts to work: first on what an earlier process left. */
    public void start() {
        synchronized (this) {
            open = true;
        }
        wake();
    }

    /** Says that there may be something to do. Cheap: several calls make one look. */
    public void wake() {
        synchronized (this) {
            if (!open) {
                return;
            }
            if (looking || inMemory >= MOST_IN_MEMORY) {
                woken = true;
                return;
            }
            looking = true;
            woken = false;
            stopTimer();
        }
        try {
            outbox.due(MOST_AT_ONCE, LEASE).whenComplete(this::found);
        } catch (RuntimeException | Error e) {
            found(null, e);
        }
    }

    /** Stops looking and sending. What is under way ends by itself; what is not done stays in the outbox. */
    @Override
    public void close() {
        synchronized (this) {
            open = false;
            stopTimer();
        }
    }

    private void found(@Nullable List<OutboxItem> items, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.warn("The outbox cannot be read: {}", Causes.of(failure).getMessage());
        }
        List<OutboxItem> due = items == null ? List.of() : items;
        boolean more;
        synchronized (this) {
            looking = false;
            inMemory += due.size();
            more = open && (woken || due.size() == MOST_AT_ONCE) && failure == null;
            if (open && !more) {
                stopTimer();
                timer = timers.after(IDLE, this::wake);
            }
        }
        due.stream()
                .collect(Collectors.groupingBy(
                        item -> new Counter(item.service(), item.payee()), LinkedHashMap::new, Collectors.toList()))
                .forEach((counter, theirs) -> line(counter).add(theirs));
        if (more) {
            wake();
        }
    }

    private synchronized ServiceLine line(Counter counter) {
        return lines.computeIfAbsent(counter, c -> new ServiceLine(c, this));
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    // ---- for the lines -------------------------------------------------------------------------------------------

    Outbox outbox() {
        return outbox;
    }

    ServiceCalls calls() {
        return calls;
    }

    InstantSource clock() {
        return clock;
    }

    PaymentEvents events() {
        return events;
    }

    synchronized boolean isOpen() {
        return open;
    }

    /** Does something later, unless this courier has stopped by then. */
    void after(Duration delay, Runnable task) {
        timers.after(delay, task);
    }

    /** These items are off this courier's hands, done or put off. */
    void laidDown(int count) {
        boolean again;
        synchronized (this) {
            inMemory -= count;
            again = woken;
        }
        if (again) {
            wake();
        }
    }

    /** What was put off is due then: one timer for the earliest, what is due later is found at the turns between. */
    synchronized void wakeAfter(Duration wait) {
        Instant at = clock.instant().plus(wait);
        if (!open || (retryAt != null && !at.isBefore(retryAt))) {
            return;
        }
        retryAt = at;
        timers.after(wait, () -> retry(at));
    }

    private void retry(Instant at) {
        synchronized (this) {
            if (at.equals(retryAt)) {
                retryAt = null;
            }
        }
        wake();
    }
}
