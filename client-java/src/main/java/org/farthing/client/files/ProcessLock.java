package org.farthing.client.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Mutual exclusion between threads of this process and between processes, on a lock file of its own that is never
 * renamed or written. The operating system frees it when its holder dies, however it dies.
 *
 * <p>Two traps are closed here: POSIX drops a process's lock when <em>any</em> channel on the file is closed, so a file
 * is open at most once in this process; and a lock on a file whose name has since been given to another file excludes
 * nobody, so the file is compared with its name after locking.
 */
public final class ProcessLock {

    private static final ConcurrentMap<Path, ReentrantLock> IN_THIS_PROCESS = new ConcurrentHashMap<>();
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Path file;
    private final Duration patience;

    /**
     * Names the lock; nothing is opened yet.
     *
     * @param file the lock file, in an existing directory; created when first needed
     * @param patience how long to wait for another holder before giving up
     */
    public ProcessLock(Path file, Duration patience) {
        this.file = file.toAbsolutePath().normalize();
        this.patience = patience;
    }

    /** What is done while the lock is held. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /**
     * Waits for the lock, at most for the patience given, and does the work while holding it.
     *
     * @throws IOException if somebody else held it all the time, the file system has no locks, the thread was interrupted
     *     ({@link InterruptedIOException}), or the work failed
     */
    public <T> T holding(Work<T> work) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
        long deadline = System.nanoTime() + patience.toNanos();
        OwnerOnly.touch(file);
        ReentrantLock local = IN_THIS_PROCESS.computeIfAbsent(file.toRealPath(), path -> new ReentrantLock());
        if (local.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread holds the lock on " + file + " already");
        }
        try {
            if (!local.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
        try {
            FileChannel channel = lockFile(deadline);
            try {
                return work.run();
            } finally {
                channel.close();
            }
        } finally {
            local.unlock();
        }
    }

    private FileChannel lockFile(long deadline) throws IOException {
        while (true) {
            OwnerOnly.touch(file);
            Object named = fileKey();
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            boolean keep = false;
            try {
                keep = tryLock(channel) != null && named != null && named.equals(fileKey());
                if (keep) {
                    return channel;
                }
            } finally {
                if (!keep) {
                    channel.close();
                }
            }
            if (System.nanoTime() - deadline >= 0) {
                throw busy();
            }
            LockSupport.parkNanos(RETRY_NANOS);
            if (Thread.interrupted()) {
                throw interrupted();
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByAnotherClassLoader) {
            return null;
        }
    }

    private @Nullable Object fileKey() {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException gone) {
            return null;
        }
    }

    private InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for the lock on " + file);
    }

    private IOException busy() {
        return new IOException("another process has held " + file + " for " + patience.toSeconds()
                + " s; stop it, or wait and try again");
    }
}
