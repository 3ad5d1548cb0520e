package org.farthing.client.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Writes content to standard output as it comes. What went down a pipe cannot be taken back: when the content starts anew,
 * the part that was written already is compared and left out.
 */
final class StreamOutlet implements Outlet {

    private final PrintStream out;
    private final MessageDigest written = sha256();
    private long length;
    private MessageDigest again = sha256();
    private long skipped;

    StreamOutlet(PrintStream out) {
        this.out = out;
    }

    @Override
    public void start() {
        again = sha256();
        skipped = 0;
    }

    @Override
    public boolean write(ByteBuffer bytes) throws IOException {
        skip(bytes);
        byte[] part = new byte[bytes.remaining()];
        bytes.get(part);
        out.write(part, 0, part.length);
        written.update(part);
        length += part.length;
        skipped += part.length;
        return !out.checkError();
    }

    private void skip(ByteBuffer bytes) throws IOException {
        if (skipped == length || !bytes.hasRemaining()) {
            return;
        }
        int known = (int) Math.min(bytes.remaining(), length - skipped);
        byte[] part = new byte[known];
        bytes.get(part);
        again.update(part);
        skipped += known;
        if (skipped == length && !Arrays.equals(again.digest(), digestSoFar())) {
            throw new IOException("the server sent something else the second time; what was printed is not whole");
        }
    }

    private byte[] digestSoFar() {
        try {
            return ((MessageDigest) written.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 can be cloned", e);
        }
    }

    @Override
    public void complete() {
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
