package org.farthing.client.budget;

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
import org.farthing.client.files.OwnerOnly;

/**
 * The journal's bytes: JSON Lines, appended and forced. Every call is made under the journal's lock.
 *
 * <p>A last line without its line feed was never forced, so nothing was signed on its strength: it is cut off before the
 * next append. Any other fault makes the file unusable; guessing what a damaged budget was is not for a program.
 */
final class JournalFile {

    private static final int MOST_FILE_BYTES = 1 << 30;

    private final Path path;
    private byte[] first = new byte[0];
    private long end;
    private int sum;
    private boolean failed;

    JournalFile(Path path) {
        this.path = path;
    }

    /**
     * What is new in the file.
     *
     * @param fromStart the file was rewritten, or is read for the first time: forget everything known
     */
    record News(boolean fromStart, List<JournalLine> lines) {}

    /** Reads the whole lines that were added since the last call, by whatever process. */
    News refresh() throws IOException {
        if (failed) {
            throw new JournalException("writing " + path + " failed before; open the journal again");
        }
        if (!Files.exists(path)) {
            throw new JournalException(path + " is gone; restore it, or start a new journal on purpose");
        }
        OwnerOnly.check(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            boolean fromStart = first.length == 0 || !Arrays.equals(first, read(channel, 0, first.length));
            if (fromStart) {
                forget();
            }
            if (channel.size() < end || channel.size() > MOST_FILE_BYTES) {
                throw new JournalException(path + " is shorter than it was, or far too long; restore it");
            }
            List<JournalLine> lines = split(read(channel, end, (int) (channel.size() - end)));
            if (first.length == 0) {
                throw new JournalException(path + " holds no whole line; it is no journal");
            }
            return new News(fromStart, lines);
        } catch (JournalException e) {
            forget();
            throw e;
        }
    }

    /** Appends lines after the last whole one and forces them to the disk. Call {@link #refresh} before. */
    void append(List<JournalLine> lines) throws IOException {
        int next = sum;
        List<byte[]> parts = new ArrayList<>();
        for (JournalLine line : lines) {
            JournalLine.Encoded encoded = line.encode(next);
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
    void rewrite(List<JournalLine> lines) throws IOException {
        int next = 0;
        List<byte[]> parts = new ArrayList<>();
        for (JournalLine line : lines) {
            JournalLine.Encoded encoded = line.encode(next);
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
    void forget() {
        first = new byte[0];
        end = 0;
        sum = 0;
    }

    private List<JournalLine> split(byte[] bytes) throws JournalException {
        List<JournalLine> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            JournalLine line;
            try {
                line = JournalLine.decode(Arrays.copyOfRange(bytes, from, i), sum);
            } catch (JournalException e) {
                throw new JournalException(path + " is damaged at byte " + end + ": " + e.getMessage());
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
