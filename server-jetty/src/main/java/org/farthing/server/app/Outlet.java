package org.farthing.server.app;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where data goes: standard output, or a file that gets its name when it is whole and that only its owner can read. What
 * cannot be written fails; a full disk or a closed pipe never looks like the end of the data.
 */
final class Outlet implements AutoCloseable {

    /** The same for all who write much: few calls, and yet little in memory. */
    private static final int BUFFER = 1 << 16;

    private final Writer writer;
    private final @Nullable FileChannel channel;
    private final @Nullable Path part;
    private final @Nullable Path file;

    private Outlet(Writer writer, @Nullable FileChannel channel, @Nullable Path part, @Nullable Path file) {
        this.writer = new BufferedWriter(writer, BUFFER);
        this.channel = channel;
        this.part = part;
        this.file = file;
    }

    /** To a new file, or to standard output if no file is named. */
    static Outlet to(@Nullable Path file, PrintWriter out) throws IOException {
        if (file == null) {
            return new Outlet(new Strict(out), null, null, null);
        }
        requireNew(file);
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new CommandFailedException("The folder of " + file + " does not exist; create it first.");
        }
        // A temporary file is its owner's only, wherever the system knows such a thing.
        Path part = Files.createTempFile(folder, "." + file.getFileName() + ".", ".part");
        FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE);
        return new Outlet(
                new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8), channel, part, file);
    }

    private static void requireNew(Path file) {
        if (Files.exists(file)) {
            throw new CommandFailedException(file + " is there already; name another file, or remove it.");
        }
    }

    /** Writes text as it is. */
    void write(String text) {
        try {
            writer.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says that all is written: only now a file gets its name. */
    void complete() throws IOException {
        writer.flush();
        if (channel != null && part != null && file != null) {
            channel.force(true);
            requireNew(file);
            Files.move(part, file);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null && part != null) {
            channel.close();
            Files.deleteIfExists(part);
        }
    }

    /** Standard output as a writer that says so when nobody reads it any more; {@link PrintWriter} keeps it to itself. */
    private static final class Strict extends Writer {

        private final PrintWriter out;

        Strict(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            out.write(text, from, length);
            if (out.checkError()) {
                throw new IOException(
                        "Standard output was closed, or its disk is full; what was written is not whole.");
            }
        }

        @Override
        public void flush() throws IOException {
            write(new char[0], 0, 0);
        }

        @Override
        public void close() {
            out.flush();
        }
    }
}
