package org.farthing.client.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Creates, checks and replaces files and directories that nobody but their owner can read or write. Whatever is written
 * here has reached the disk, its name included, when the call returns.
 *
 * <p>A file system that cannot say who may read a file (no POSIX permissions) is refused: a purse there would be a guess.
 */
public final class OwnerOnly {

    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private OwnerOnly() {}

    /**
     * Makes sure that the directory exists and that nobody else can enter it.
     *
     * @throws ExposedFileException if it exists and others can read or write it
     */
    public static void directory(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        supportsOwners(directory);
        try {
            Files.createDirectory(directory, DIRECTORY);
            syncDirectory(parent);
        } catch (FileAlreadyExistsException existing) {
            if (!Files.isDirectory(directory)) {
                throw existing;
            }
        }
        check(directory);
    }

    /**
     * Refuses a file or directory that others can read, write or enter, and a file that is a symbolic link.
     *
     * @throws ExposedFileException if others have any permission on it, or the file system cannot tell
     * @throws NoSuchFileException if it does not exist
     */
    public static void check(Path path) throws IOException {
        supportsOwners(path);
        if (Files.isSymbolicLink(path) && !Files.isDirectory(path)) {
            throw new ExposedFileException(path, "is a symbolic link; name the file itself");
        }
        Set<PosixFilePermission> others = EnumSet.noneOf(PosixFilePermission.class);
        others.addAll(Files.getPosixFilePermissions(path));
        others.removeAll(OWNER);
        if (!others.isEmpty()) {
            throw new ExposedFileException(
                    path,
                    "can be used by others (" + PosixFilePermissions.toString(others) + "); run chmod go-rwx on it");
        }
    }

    /**
     * Creates a file that must not exist yet.
     *
     * @throws FileAlreadyExistsException if it exists
     */
    public static void create(Path file, byte[] content) throws IOException {
        supportsOwners(file);
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
            writeAll(channel, content);
            channel.force(true);
        }
        syncDirectory(file.toAbsolutePath().getParent());
    }

    /** Creates an empty file unless it exists already; either way it is checked. */
    public static void touch(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            try {
                create(file, new byte[0]);
            } catch (FileAlreadyExistsException existing) {
                // Somebody else was quicker, which is as good.
            }
        }
        check(file);
    }

    /**
     * Puts new content under the name in one step: a reader, or a crash, sees the old content or the new, never a mix.
     * The caller holds the lock that keeps two writers apart.
     */
    public static void replace(Path file, byte[] content) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        create(next, content);
        try {
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.deleteIfExists(next);
            throw e;
        }
        syncDirectory(file.toAbsolutePath().getParent());
    }

    /**
     * Reads a small file after checking it.
     *
     * @throws IOException also if it is longer than {@code limit} bytes
     */
    public static byte[] read(Path file, int limit) throws IOException {
        check(file);
        if (Files.size(file) > limit) {
            throw new IOException(file + " is longer than " + limit + " bytes; it is not ours");
        }
        return Files.readAllBytes(file);
    }

    /** Writes every byte at the channel's position. */
    public static void writeAll(FileChannel channel, byte[] content) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    /** Makes a new or removed name durable. */
    public static void syncDirectory(@Nullable Path directory) throws IOException {
        if (directory == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void supportsOwners(Path path) throws IOException {
        Path there = path.toAbsolutePath();
        while (there != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = there.getParent();
        }
        if (there == null || !Files.getFileStore(there).supportsFileAttributeView("posix")) {
            throw new ExposedFileException(
                    path, "lies on a file system without owner permissions; choose one that has them");
        }
    }
}
