package org.farthing.client.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of a log: JSON Lines, appended and forced. Every call is made under the lock of the log's owner.
 *
 * <p>A last line without its line feed was never forced, so nothing was done on its strength: it is cut off before the
 * next append. Any other fault makes the file unusable; guessing what a damaged budget or purse was is not for a program.
 */
public final class LogFile {

    private static final int MOST_FILE_BYTES = 1 << 30;

    private final Path path;
    private byte[] first = new byte[0];
    private long end;
    private int sum;
    private boolean failed;

    /** Names the file; nothing is read yet. */
    public LogFile(Path path) {
        this.path = path;
    }

    /**
     * What is new in the file.
     *
     * @param fromStart the file was rewritten, or is read for the first time: forget everything known
     */
    public record News(boolean fromStart, List<LogLine> lines) {}

    /** Reads the whole lines that were added since the last call, by whatever process. */
    public News refresh() throws IOException {
        if (failed) {
            throw new LogException("writing " + path + " failed before; open it again");
        }
        if (!Files.exists(path)) {
            throw new LogException(path + " is gone; restore it, or start a new one on purpose");
        }
        OwnerOnly.check(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            boolean fromStart = first.length == 0 || !Arrays.equals(first, read(channel, 0, first.length));
            if (fromStart) {
                forget();
            }
            if (channel.size() < end || channel.size() > MOST_FILE_BYTES) {
                throw new LogException(path + " is shorter than it was, or far too long; restore it");
            }
            List<LogLine> lines = split(read(channel, end, (int) (channel.size() - end)));
            if (first.length == 0) {
                throw new LogException(path + " holds no whole line; it is not ours");
            }
            return new News(fromStart, lines);
        } catch (LogException e) {
            forget();
            throw e;
        }
    }

    /** Appends lines after the last whole one and forces them to the disk. Call {@link #refresh} before. */
    public void append(List<LogLine> lines) throws IOException {
        int next = sum;
        List<byte[]> parts = new ArrayList<>();
        for (LogLine line : lines) {
            LogLine.Encoded encoded = line.encode(next);
            next = encoded.sum();
            parts.add(encoded.bytes());
        }
        byte[] bytes = join(parts);
        failed = true;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(end);
            channel.position(end);
            OwnerOnly.writeAll(channel, bytes);
            channel.force(true);
        } catch (ClosedByInterruptException e) {
            // Nothing is wrong with the disk; what was written will be read again, and counted if it is whole.
            failed = false;
            throw e;
        }
        failed = false;
        end += bytes.length;
        sum = next;
    }

    /** Puts a new file with these lines in place of the old one, in one step. */
    public void rewrite(List<LogLine> lines) throws IOException {
        int next = 0;
        List<byte[]> parts = new ArrayList<>();
        for (LogLine line : lines) {
            LogLine.Encoded encoded = line.encode(next);
            next = encoded.sum();
            parts.add(encoded.bytes());
        }
        byte[] bytes = join(parts);
        OwnerOnly.replace(path, bytes);
        first = parts.get(0);
        end = bytes.length;
        sum = next;
    }

    /** Forgets everything known, so that the next {@link #refresh} reads from the start. */
    public void forget() {
        first = new byte[0];
        end = 0;
        sum = 0;
    }

    private List<LogLine> split(byte[] bytes) throws LogException {
        List<LogLine> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            LogLine line;
            try {
                line = LogLine.decode(Arrays.copyOfRange(bytes, from, i), sum);
            } catch (LogException e) {
                throw new LogException(path + " is damaged at byte " + end + ": " + e.getMessage());
            }
            byte[] whole = Arrays.copyOfRange(bytes, from, i + 1);
            sum = line.encode(sum).sum();
            if (first.length == 0) {
                first = whole;
            }
            lines.add(line);
            end += whole.length;
            from = i + 1;
        }
        return lines;
    }

    private static byte[] read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                break;
            }
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static byte[] join(List<byte[]> parts) {
        ByteBuffer all =
                ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(all::put);
        return all.array();
    }
}
