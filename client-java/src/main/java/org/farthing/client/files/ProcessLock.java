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
 * <p>Nobody starves: whoever waits holds a turnstile that the others must pass before they try again.
 *
 * <p>Two traps are closed here: POSIX drops a process's lock when <em>any</em> channel on the file is closed, so a file
 * is open at most once in this process; and a lock on a file whose name has since been given to another file excludes
 * nobody, so the file is compared with its name after locking.
 */
public final class ProcessLock {

    private static final ConcurrentMap<Path, ReentrantLock> IN_THIS_PROCESS = new ConcurrentHashMap<>();
    private static final long TURNSTILE = 0;
    private static final long LOCK = 1;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Path file;
    private final Duration patience;

    /**
     * Names the lock; nothing is opened yet.
     *
     * @param file the lock file, in an existing directory; created when first needed
     * @param patience how long to wait for another process before giving up
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
     * Waits for the lock and does the work while holding it. The wait for other threads of this process ends when they do;
     * the wait for other processes ends with the patience given.
     *
     * @throws IOException if another process held it all the time, the file system has no locks, the thread was interrupted
     *     ({@link InterruptedIOException}), or the work failed
     */
    public <T> T holding(Work<T> work) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
        OwnerOnly.touch(file);
        ReentrantLock local = IN_THIS_PROCESS.computeIfAbsent(file.toRealPath(), path -> new ReentrantLock(true));
        if (local.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread holds the lock on " + file + " already");
        }
        try {
            local.lockInterruptibly();
        } catch (InterruptedException e) {
            throw interrupted();
        }
        try {
            FileChannel channel = lockFile(System.nanoTime() + patience.toNanos());
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
                FileLock turnstile = lockByte(channel, TURNSTILE, deadline);
                lockByte(channel, LOCK, deadline);
                turnstile.release();
                keep = named != null && named.equals(fileKey());
                if (keep) {
                    return channel;
                }
            } finally {
                if (!keep) {
                    channel.close();
                }
            }
        }
    }

    private FileLock lockByte(FileChannel channel, long at, long deadline) throws IOException {
        while (true) {
            try {
                FileLock lock = channel.tryLock(at, 1, false);
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException e) {
                // Held by this process behind our back: a class loader that has this class a second time.
                throw busy();
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
