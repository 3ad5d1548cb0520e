package org.farthing.client.jetty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.io.Content;

/** An answer's content, held in memory up to a limit. What lies beyond is not read: the exchange is broken off there. */
final class HeldContent {

    private static final int MOST_HELD = 64 * 1024;

    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private volatile boolean cutOff;

    /** Reads all there is, as it comes. */
    void read(Response response, Content.Source source) {
        while (true) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                source.demand(() -> read(response, source));
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                source.fail(chunk.getFailure());
                return;
            }
            boolean last = chunk.isLast();
            boolean fits = keep(chunk.getByteBuffer());
            boolean unused = chunk.release();
            if (!fits) {
                cutOff = true;
                source.fail(
                        new IOException("an answer that may not be the last is held up to " + MOST_HELD + " bytes"));
                return;
            }
            if (last) {
                return;
            }
        }
    }

    private boolean keep(ByteBuffer buffer) {
        byte[] part = new byte[Math.min(buffer.remaining(), MOST_HELD - held.size())];
        buffer.get(part);
        held.write(part, 0, part.length);
        return !buffer.hasRemaining();
    }

    /** Whether we broke it off ourselves, so that its failure is none. */
    boolean isCutOff() {
        return cutOff;
    }

    byte[] bytes() {
        return held.toByteArray();
    }
}
