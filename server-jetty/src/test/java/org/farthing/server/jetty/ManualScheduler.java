package org.farthing.server.jetty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** A server's scheduler whose time moves when a test says so. */
final class ManualScheduler extends AbstractLifeCycle implements Scheduler {

    private final List<Entry> entries = new ArrayList<>();
    private long now;

    private record Entry(long due, long delay, Runnable task) {}

    @Override
    public synchronized Task schedule(Runnable task, long delay, TimeUnit units) {
        Entry entry = new Entry(now + units.toNanos(delay), units.toNanos(delay), task);
        entries.add(entry);
        notifyAll();
        return () -> remove(entry);
    }

    private synchronized boolean remove(Entry entry) {
        return entries.remove(entry);
    }

    /** Waits until so many tasks with this delay wait for their time; half a minute, so that nobody waits for ever. */
    synchronized void awaitScheduled(Duration delay, int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        try {
            while (scheduled(delay) < count) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError(scheduled(delay) + " and not " + count + " wait for " + delay);
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private long scheduled(Duration delay) {
        return entries.stream()
                .filter(entry -> entry.delay() == delay.toNanos())
                .count();
    }

    /** Runs what waits with exactly this delay, without moving time. */
    void run(Duration delay) {
        List<Entry> due;
        synchronized (this) {
            due = entries.stream()
                    .filter(entry -> entry.delay() == delay.toNanos())
                    .toList();
            entries.removeAll(due);
        }
        due.forEach(entry -> entry.task().run());
    }

    /** Moves time, and runs what is due in its order, also what that schedules. */
    void advance(Duration by) {
        long until;
        synchronized (this) {
            until = now + by.toNanos();
        }
        for (Entry next = next(until); next != null; next = next(until)) {
            next.task().run();
        }
        synchronized (this) {
            now = until;
        }
    }

    private synchronized @Nullable Entry next(long until) {
        Entry first = entries.stream()
                .filter(entry -> entry.due() <= until)
                .min(Comparator.comparingLong(Entry::due))
                .orElse(null);
        if (first != null) {
            entries.remove(first);
            now = first.due();
        }
        return first;
    }
}
