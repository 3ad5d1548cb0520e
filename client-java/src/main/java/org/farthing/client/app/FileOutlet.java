package org.farthing.client.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes content to a file that appears under its name when it is whole. The place is tried before anything is paid: who
 * cannot write there must not have bought.
 */
final class FileOutlet implements Outlet {

    private final Path file;
    private final Path part;
    private final FileChannel channel;

    FileOutlet(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || directory == null) {
            throw new IOException(file + " is a folder; name a file");
        }
        this.file = file;
        this.part = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        // With the permissions of any other new file: content is the user's to share.
        this.channel = FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    @Override
    public void start() throws IOException {
        channel.truncate(0);
    }

    @Override
    public boolean write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return true;
    }

    @Override
    public void complete() throws IOException {
        channel.force(true);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(part);
    }
}
