package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.farthing.server.jetty.SingleUse.Admission;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

@Requirement({"T1", "T3", "T41"})
class SingleUseTest {

    private Instant now = Instant.parse("2026-11-22T10:00:00Z");
    private final SingleUse used = new SingleUse(Duration.ofMinutes(2), 3, () -> now);

    @Test
    void admit_sameIdTwice_refusesTheSecond() {
        assertThat(used.admit("a")).isEqualTo(Admission.FIRST);
        assertThat(used.admit("a")).isEqualTo(Admission.AGAIN);
        assertThat(used.admit("b")).isEqualTo(Admission.FIRST);
    }

    @Test
    void admit_justBeforeItIsForgotten_stillRefuses() {
        used.admit("a");
        now = now.plus(Duration.ofMinutes(2)).minusNanos(1);

        assertThat(used.admit("a")).isEqualTo(Admission.AGAIN);
    }

    @Test
    void admit_full_refusesNewIdsAndForgetsNone() {
        used.admit("a");
        used.admit("b");
        used.admit("c");

        assertThat(used.admit("d")).isEqualTo(Admission.FULL);
        assertThat(used.admit("a")).isEqualTo(Admission.AGAIN);
    }

    @Test
    void admit_afterTheOldestExpired_hasRoomAgain() {
        used.admit("a");
        now = now.plus(Duration.ofMinutes(1));
        used.admit("b");
        used.admit("c");
        now = now.plus(Duration.ofMinutes(1));

        assertThat(used.admit("d")).isEqualTo(Admission.FIRST);
        assertThat(used.admit("e")).isEqualTo(Admission.FULL);
    }

    @Test
    void admit_oneIdFromManyThreads_isFirstOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Admission>> answers = IntStream.range(0, 32)
                    .mapToObj(i -> threads.submit(() -> {
                        start.await();
                        return used.admit("a");
                    }))
                    .toList();
            start.countDown();
            int first = 0;
            for (Future<Admission> answer : answers) {
                first += answer.get() == Admission.FIRST ? 1 : 0;
            }
            assertThat(first).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }
}
