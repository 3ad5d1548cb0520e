package org.farthing.conformance.privacy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/** A server's ear: keeps every byte that came in and went out. */
final class RecordingConnector extends ServerConnector {

    private final Queue<ByteArrayOutputStream> heard = new ConcurrentLinkedQueue<>();

    RecordingConnector(Server server) {
        super(server, new HttpConnectionFactory(configuration()));
        setHost("127.0.0.1");
        // No connection is closed while it waits for its next request, which would go out on it at that very moment.
        setIdleTimeout(Duration.ofHours(1).toMillis());
    }

    /** The wall clock's date is in no answer: the test's time is the only one. */
    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendDateHeader(false);
        configuration.setRequestHeaderSize(16 * 1024);
        configuration.setResponseHeaderSize(16 * 1024);
        return configuration;
    }

    /** What was heard so far, each direction of each connection by itself. */
    List<byte[]> heard() {
        List<byte[]> all = new ArrayList<>();
        for (ByteArrayOutputStream direction : heard) {
            synchronized (direction) {
                all.add(direction.toByteArray());
            }
        }
        return all;
    }

    /** Forgets what was heard. */
    void forget() {
        for (ByteArrayOutputStream direction : heard) {
            synchronized (direction) {
                direction.reset();
            }
        }
    }

    private ByteArrayOutputStream direction() {
        ByteArrayOutputStream direction = new ByteArrayOutputStream();
        heard.add(direction);
        return direction;
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint ear = new Ear(channel, selector, key, getScheduler());
        ear.setIdleTimeout(getIdleTimeout());
        return ear;
    }

    private final class Ear extends SocketChannelEndPoint {

        private final ByteArrayOutputStream in = direction();
        private final ByteArrayOutputStream out = direction();

        Ear(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
            super(channel, selector, key, scheduler);
        }

        @Override
        public int fill(ByteBuffer buffer) throws IOException {
            int filled = super.fill(buffer);
            if (filled > 0) {
                ByteBuffer came = buffer.duplicate();
                keep(in, came.position(came.limit() - filled));
            }
            return filled;
        }

        @Override
        public boolean flush(ByteBuffer... buffers) throws IOException {
            ByteBuffer[] before = new ByteBuffer[buffers.length];
            for (int i = 0; i < buffers.length; i++) {
                before[i] = buffers[i].duplicate();
            }
            boolean all = super.flush(buffers);
            for (int i = 0; i < buffers.length; i++) {
                int left = buffers[i].remaining();
                keep(out, before[i].limit(before[i].limit() - left));
            }
            return all;
        }

        private void keep(ByteArrayOutputStream direction, ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            synchronized (direction) {
                direction.writeBytes(copy);
            }
        }
    }
}
