package org.farthing.server.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of an embedded ledger: readable by its owner only, and used by one process at a time. The lock is a file beside it
 * ({@code NAME.lock}), because locks on the database file itself belong to SQLite.
 */
final class StoreFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreFile.class);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /**
     * Stores open in this process. The system's locks are the process's, not the channel's: opening and closing a second
     * channel on the lock file would silently drop the first one's lock, so it must not come to that.
     */
    private static final Set<Path> OPEN = new HashSet<>();

    private final Path path;
    private final FileChannel lockChannel;

    private StoreFile(Path path, FileChannel lockChannel) {
        this.path = path;
        this.lockChannel = lockChannel;
    }

    static StoreFile open(Path given) {
        try {
            Path folder = given.toAbsolutePath().normalize().getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                throw refused(given, "its folder does not exist; create it first", null);
            }
            return open(given, usable(given, folder.toRealPath().resolve(given.getFileName())));
        } catch (IOException e) {
            throw refused(given, "it cannot be read or created (" + e + ")", e);
        }
    }

    /** The path of a file that is there, without a lock: for those who only read. */
    static Path existing(Path given) {
        try {
            if (!Files.isRegularFile(given)) {
                throw refused(given, "there is no such file", null);
            }
            return usable(given, given.toRealPath());
        } catch (IOException e) {
            throw refused(given, "it cannot be read (" + e + ")", e);
        }
    }

    private static Path usable(Path given, Path path) {
        if (path.toString().indexOf('?') >= 0) {
            throw refused(given, "its path has a question mark, which the driver reads as an option; rename it", null);
        }
        return path;
    }

    private static StoreFile open(Path given, Path path) throws IOException {
        synchronized (OPEN) {
            if (!OPEN.add(path)) {
                throw refused(given, "this process has it open already; one ledger serves all its callers", null);
            }
        }
        FileChannel channel = null;
        boolean done = false;
        try {
            Path lockFile = path.resolveSibling(path.getFileName() + ".lock");
            makeOwnerOnly(lockFile);
            channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw refused(
                        given,
                        "another process uses it; stop that process, or use a store that processes can share",
                        null);
            }
            for (String suffix : List.of("", "-wal", "-shm")) {
                Path file = path.resolveSibling(path.getFileName() + suffix);
                if (suffix.isEmpty() || Files.exists(file)) {
                    makeOwnerOnly(file);
                }
            }
            done = true;
            return new StoreFile(path, channel);
        } finally {
            if (!done) {
                forget(path, channel);
            }
        }
    }

    /** Creates the file with the right permissions from its first moment, or takes them away from everybody else. */
    static void makeOwnerOnly(Path file) throws IOException {
        boolean posix =
                Files.getFileAttributeView(file.toAbsolutePath().getParent(), PosixFileAttributeView.class) != null;
        try {
            FileAttribute<?>[] attributes = posix
                    ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                    : new FileAttribute<?>[0];
            Files.createFile(file, attributes);
        } catch (FileAlreadyExistsException e) {
            if (posix && !OWNER_ONLY.equals(Files.getPosixFilePermissions(file))) {
                Files.setPosixFilePermissions(file, OWNER_ONLY);
                LOG.warn("{} was open to others; only its owner may use it now.", file);
            }
        }
    }

    Path path() {
        return path;
    }

    static StoreRefusedException refused(Path path, String why, @Nullable Throwable cause) {
        return new StoreRefusedException("The ledger's store " + path + " cannot be opened: " + why + ".", cause);
    }

    private static void forget(Path path, @Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.warn("The lock of {} could not be closed: {}", path, e.toString());
        } finally {
            synchronized (OPEN) {
                OPEN.remove(path);
            }
        }
    }

    /** Gives the lock back. The lock file stays: deleting it would let two processes lock two different files. */
    @Override
    public void close() {
        forget(path, lockChannel);
    }
}
