package org.farthing.server.jetty;

import java.time.Duration;
import org.eclipse.jetty.util.thread.Scheduler;
import org.farthing.server.gate.Timers;

/** The gate's delayed work on the server's own scheduler. */
final class ServerTimers implements Timers {

    private final Scheduler scheduler;

    ServerTimers(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        Scheduler.Task scheduled = scheduler.schedule(task, delay);
        return scheduled::cancel;
    }
}
