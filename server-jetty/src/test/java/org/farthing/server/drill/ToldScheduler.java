package org.farthing.server.drill;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A server's scheduler by which nothing falls due, however slow the machine is and however long the process was paused: no hold
 * is renewed in the middle of a drill, and the ledger is late when the drill says so.
 */
final class ToldScheduler extends AbstractLifeCycle implements Scheduler {

    /** How long a request waits for the ledger: what nothing else is scheduled for. */
    static final Duration DEADLINE = Duration.ofMinutes(59);

    private final Set<Entry> entries = ConcurrentHashMap.newKeySet();

    private static final class Entry {

        private final Duration delay;
        private final Runnable task;

        Entry(Duration delay, Runnable task) {
            this.delay = delay;
            this.task = task;
        }
    }

    @Override
    public Task schedule(Runnable task, long delay, TimeUnit units) {
        Entry entry = new Entry(Duration.of(delay, units.toChronoUnit()), task);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    /** Ends the time of those who wait for the ledger now; returns how many they were. */
    int late() {
        List<Entry> late =
                entries.stream().filter(entry -> entry.delay.equals(DEADLINE)).toList();
        int ended = 0;
        for (Entry entry : late) {
            if (entries.remove(entry)) {
                entry.task.run();
                ended++;
            }
        }
        return ended;
    }
}
