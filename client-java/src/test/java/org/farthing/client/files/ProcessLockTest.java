package org.farthing.client.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.client.testing.ChildProcess;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Requirement("F-CL-40")
class ProcessLockTest {

    /** Only against hanging: who starves never gets the lock, and how long a turn takes is the machine's affair. */
    private static final Duration PATIENT = Duration.ofSeconds(60);

    @TempDir
    Path temp;

    @Test
    void holding_heldByOtherProcess_failsAfterPatience() throws Exception {
        Path file = temp.resolve("lock");
        Process holder = ChildProcess.startReadable(LockHolder.class, file);
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("held");
            ProcessLock lock = new ProcessLock(file, Duration.ofMillis(50));
            assertThatThrownBy(() -> lock.holding(() -> "never")).hasMessageContaining("another process");
        } finally {
            holder.destroyForcibly();
        }
        holder.waitFor();
        assertThat(new ProcessLock(file, PATIENT).holding(() -> "free"))
                .as("a killed holder holds nothing")
                .isEqualTo("free");
    }

    @Test
    void holding_manyThreads_oneAtATime() throws Exception {
        Path file = temp.resolve("lock");
        AtomicInteger inside = new AtomicInteger();
        int[] plain = new int[1];
        Callable<Integer> work = () -> new ProcessLock(file, PATIENT).holding(() -> {
            assertThat(inside.incrementAndGet()).isOne();
            plain[0]++;
            return inside.decrementAndGet();
        });
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> all = new ArrayList<>(java.util.Collections.nCopies(100, work));
            for (Future<Integer> done : threads.invokeAll(all)) {
                assertThat(done.get()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(plain[0]).isEqualTo(100);
    }

    @Test
    void holding_withinItself_isRefused() throws IOException {
        ProcessLock lock = new ProcessLock(temp.resolve("lock"), Duration.ofMillis(50));
        lock.holding(() -> {
            assertThatThrownBy(() -> lock.holding(() -> "never")).isInstanceOf(IllegalStateException.class);
            return lock;
        });
    }

    @Test
    void holding_workFails_lockIsFree() throws IOException {
        ProcessLock lock = new ProcessLock(temp.resolve("lock"), Duration.ofMillis(50));
        assertThatThrownBy(() -> lock.holding(() -> {
                    throw new IOException("the disk is full");
                }))
                .hasMessage("the disk is full");
        assertThat(lock.<String>holding(() -> "again")).isEqualTo("again");
    }

    @Test
    void holding_interrupted_saysSo() {
        ProcessLock lock = new ProcessLock(temp.resolve("lock"), PATIENT);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> lock.holding(() -> "never")).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void holding_lockFileReadableByOthers_isRefused() throws IOException {
        Path file = Files.createFile(temp.resolve("lock"));
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw-rw-"));
        ProcessLock lock = new ProcessLock(file, Duration.ofMillis(50));
        assertThatThrownBy(() -> lock.holding(() -> "never")).isInstanceOf(ExposedFileException.class);
    }

    @Test
    void holding_againstAGreedyProcess_getsItsTurn() throws Exception {
        Path file = temp.resolve("lock");
        Process greedy = ChildProcess.startReadable(GreedyProcess.class, file);
        try {
            assertThat(greedy.inputReader().readLine()).isEqualTo("greedy");
            for (int i = 0; i < 20; i++) {
                assertThat(new ProcessLock(file, PATIENT).<String>holding(() -> "mine"))
                        .isEqualTo("mine");
            }
        } finally {
            ChildProcess.kill(greedy);
        }
    }
}
