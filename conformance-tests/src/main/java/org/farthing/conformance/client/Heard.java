package org.farthing.conformance.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * What a command writes, taken down as it comes. On a thread of its own: the pipe stays open as long as anything lives that the
 * command left behind, and other threads have other things to do than to wait for that.
 */
final class Heard {

    private static final int MOST = 64 * 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread thread;

    private Heard(InputStream in) {
        thread = new Thread(() -> listen(in), "client-output");
        thread.setDaemon(true);
    }

    /** Listens from here on. */
    static Heard from(InputStream in) {
        Heard heard = new Heard(in);
        heard.thread.start();
        return heard;
    }

    private void listen(InputStream in) {
        byte[] some = new byte[8 * 1024];
        try (in) {
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                synchronized (bytes) {
                    bytes.write(some, 0, Math.min(read, MOST - bytes.size()));
                }
            }
        } catch (IOException e) {
            // The pipe is gone; what came before counts.
        }
    }

    /**
     * What was written, the first 64 KiB of it.
     *
     * @param most when to wait no longer for the end of it, in {@link System#nanoTime}
     */
    String by(long most) throws InterruptedException {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(most - System.nanoTime())));
        synchronized (bytes) {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
