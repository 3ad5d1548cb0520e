package org.farthing.client.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.farthing.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** What a scripted server does next. */
public final class Reply {

    private final int status;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private byte[] body = new byte[0];
    private int sent = Integer.MAX_VALUE;
    private boolean dropped;
    private @Nullable Stream stream;
    private int pauseAfter = Integer.MAX_VALUE;
    private @Nullable CountDownLatch goOn;

    private Reply(int status) {
        this.status = status;
    }

    public static Reply of(int status) {
        return new Reply(status);
    }

    public static Reply ok(String body) {
        return of(200).body(body);
    }

    public static Reply problem(Problem problem) {
        return of(problem.status())
                .header("Content-Type", "application/problem+json")
                .body(problem.toJson());
    }

    /**
     * Closes the connection in the middle of the first line. (Not before it: {@code java.net.http} then tries a GET again by
     * itself, with the same bytes.)
     */
    public static Reply drop() {
        Reply reply = of(0);
        reply.dropped = true;
        return reply;
    }

    public Reply header(String name, String value) {
        headers.add(Map.entry(name, value));
        return this;
    }

    public Reply body(String text) {
        body = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** Says the whole length, sends so many bytes of it, and closes the connection. */
    public Reply cutOffAfter(int bytes) {
        sent = bytes;
        return this;
    }

    /** Sends so many bytes of the body, and the rest when the latch opens. */
    public Reply pauseAfter(int bytes, CountDownLatch latch) {
        pauseAfter = bytes;
        goOn = latch;
        return this;
    }

    public Reply body(byte[] bytes) {
        body = bytes.clone();
        return this;
    }

    /** What writes a body of no known length. */
    @FunctionalInterface
    public interface Stream {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Sends a body of no known length, as long as this writes one. */
    public Reply streamed(Stream writer) {
        stream = writer;
        return this;
    }

    void writeTo(OutputStream out, boolean head) throws IOException {
        if (dropped) {
            out.write("HTTP/1.1 2".getBytes(StandardCharsets.US_ASCII));
            return;
        }
        StringBuilder start = new StringBuilder("HTTP/1.1 " + status + " \r\n");
        headers.forEach(header -> start.append(header.getKey())
                .append(": ")
                .append(header.getValue())
                .append("\r\n"));
        start.append("Connection: close\r\n");
        if (stream == null) {
            start.append("Content-Length: ").append(body.length).append("\r\n");
        }
        out.write(start.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        if (stream != null) {
            stream.writeTo(out);
        } else if (!head) {
            int length = Math.min(body.length, sent);
            int before = Math.min(length, pauseAfter);
            out.write(body, 0, before);
            out.flush();
            await();
            out.write(body, before, length - before);
        }
        out.flush();
    }

    private void await() throws IOException {
        CountDownLatch latch = goOn;
        try {
            if (latch != null && !latch.await(60, TimeUnit.SECONDS)) {
                throw new IOException("nobody let it go on");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
