package org.farthing.server.collect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.farthing.server.gate.Timers;
import org.farthing.server.ledger.kit.TestClock;

/** Timers of a clock that a test moves. */
final class ManualTimers implements Timers {

    private final TestClock clock;
    private final List<Entry> entries = new ArrayList<>();

    private record Entry(Instant due, Duration delay, Runnable task) {}

    ManualTimers(TestClock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Timer after(Duration delay, Runnable task) {
        Entry entry = new Entry(clock.instant().plus(delay), delay, task);
        entries.add(entry);
        notifyAll();
        return () -> remove(entry);
    }

    @SuppressWarnings("ReferenceEquality") // this entry, and not one that looks like it
    private synchronized void remove(Entry entry) {
        entries.removeIf(other -> other == entry);
    }

    /** Waits until a task with this delay waits for its time. */
    synchronized void await(Duration delay) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        try {
            while (entries.stream().noneMatch(entry -> entry.delay().equals(delay))) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("nothing waits for " + delay);
                }
                wait(1_000);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Moves the clock and runs what is due then, once each. */
    void pass(Duration by) {
        clock.advance(by);
        List<Entry> due = new ArrayList<>();
        synchronized (this) {
            Optional<Entry> next = next();
            while (next.isPresent()) {
                due.add(next.get());
                entries.remove(next.get());
                next = next();
            }
        }
        due.forEach(entry -> entry.task().run());
    }

    private Optional<Entry> next() {
        return entries.stream()
                .filter(entry -> !entry.due().isAfter(clock.instant()))
                .min(Comparator.comparing(Entry::due));
    }
}
