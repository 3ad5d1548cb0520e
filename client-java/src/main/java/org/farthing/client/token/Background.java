package org.farthing.client.token;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for what blocks on the disk, or computes for long. They keep no program from ending. */
final class Background {

    private static final int MOST = 8;

    static final Executor THREADS = threads();

    private Background() {}

    private static Executor threads() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(MOST, MOST, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "farthing-tokens");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
