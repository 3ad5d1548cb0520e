package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.farthing.server.ledger.Operation.Step;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneTest {

    private static final String MARK = "SAVEPOINT one";
    private static final String FORGET = "RELEASE SAVEPOINT one";
    private static final String UNDO = "ROLLBACK TO SAVEPOINT one";
    private static final String WRITER = "lane-under-test";

    private final ToldStore store = new ToldStore();
    private final List<String> told = store.told();
    private final ExecutorService callers = Executors.newSingleThreadExecutor(work -> new Thread(work, "caller"));

    @AfterEach
    void stopCallers() {
        callers.shutdownNow();
    }

    @Test
    void submit_keptStep_isCommittedBeforeAnybodyHears() {
        List<String> whenHeard = new ArrayList<>();
        Executor hears = work -> {
            whenHeard.addAll(told);
            callers.execute(work);
        };
        try (Lane lane = lane(hears, 10)) {
            assertThat(value(lane.submit("w", (session, now) -> Step.keep(7)))).isEqualTo(7);
        }
        assertThat(whenHeard).containsExactly("OPEN", "BEGIN", "COMMIT");
    }

    @Test
    void submit_discardedStep_isRolledBack() {
        try (Lane lane = lane(callers, 10)) {
            assertThat(value(lane.submit("w", (session, now) -> Step.discard(7))))
                    .isEqualTo(7);
        }
        assertThat(told).containsExactly("OPEN", "BEGIN", "ROLLBACK", "CLOSE");
    }

    @Test
    void submit_callersCode_neverRunsOnTheLane() throws Exception {
        try (Lane lane = lane(callers, 10)) {
            CountDownLatch attached = new CountDownLatch(1);
            CompletionStage<String> thread = lane.submit("w", (session, now) -> {
                        awaitLatch(attached);
                        return Step.keep(1);
                    })
                    .thenApply(value -> Thread.currentThread().getName());
            attached.countDown();
            assertThat(await(thread)).isEqualTo("caller");
        }
    }

    @Test
    void submit_callersExecutorHasStopped_stillCompletesElsewhere() {
        Executor stopped = work -> {
            throw new RejectedExecutionException("stopped");
        };
        try (Lane lane = lane(stopped, 10)) {
            CountDownLatch attached = new CountDownLatch(1);
            CompletionStage<String> thread = lane.submit("w", (session, now) -> {
                        awaitLatch(attached);
                        return Step.keep(1);
                    })
                    .thenApply(value -> Thread.currentThread().getName());
            attached.countDown();
            assertThat(await(thread)).isNotEqualTo(WRITER);
        }
    }

    @Test
    @Requirement({"T47"})
    void submit_storeFailsBeforeTheCommit_nothingHappened_andTheNextOneWorks() {
        try (Lane lane = lane(callers, 10)) {
            CompletionStage<Integer> failed = lane.submit("w", (session, now) -> {
                throw new SQLException("disk full");
            });
            assertUnavailable(failed, Effect.NONE);
            assertThat(value(lane.submit("w", (session, now) -> Step.keep(7)))).isEqualTo(7);
        }
        assertThat(told).containsExactly("OPEN", "BEGIN", "ROLLBACK", "BEGIN", "COMMIT", "CLOSE");
    }

    @Test
    @Requirement({"T47"})
    void submit_storeFailsWhileCommitting_isUnknown_andTheConnectionIsNotUsedAgain() {
        try (Lane lane = lane(callers, 10)) {
            store.failAt("COMMIT");
            assertUnavailable(lane.submit("w", (session, now) -> Step.keep(7)), Effect.UNKNOWN);
            store.failAt("");
            assertThat(value(lane.submit("w", (session, now) -> Step.keep(8)))).isEqualTo(8);
        }
        assertThat(told).containsExactly("OPEN", "BEGIN", "COMMIT", "CLOSE", "OPEN", "BEGIN", "COMMIT", "CLOSE");
    }

    @Test
    void submit_rollbackFails_theConnectionIsNotUsedAgain() {
        try (Lane lane = lane(callers, 10)) {
            store.failAt("ROLLBACK");
            assertThat(value(lane.submit("w", (session, now) -> Step.discard(7))))
                    .isEqualTo(7);
            store.failAt("");
            assertThat(value(lane.submit("w", (session, now) -> Step.keep(8)))).isEqualTo(8);
        }
        assertThat(told).containsExactly("OPEN", "BEGIN", "ROLLBACK", "CLOSE", "OPEN", "BEGIN", "COMMIT", "CLOSE");
    }

    @Test
    void submit_storeIsGone_nothingHappened_andItRecoversByItself() {
        try (Lane lane = lane(callers, 10)) {
            store.failAt("OPEN");
            assertUnavailable(lane.submit("w", (session, now) -> Step.keep(7)), Effect.NONE);
            store.failAt("BEGIN");
            assertUnavailable(lane.submit("w", (session, now) -> Step.keep(7)), Effect.NONE);
            store.failAt("");
            assertThat(value(lane.submit("w", (session, now) -> Step.keep(8)))).isEqualTo(8);
        }
    }

    @Test
    void submit_operationThrows_theCallerGetsJustThat() {
        try (Lane lane = lane(callers, 10)) {
            CompletionStage<Integer> failed = lane.submit("w", (session, now) -> {
                throw new IllegalArgumentException("no such thing");
            });
            assertThatThrownBy(() -> await(failed))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no such thing");
            assertThat(value(lane.submit("w", (session, now) -> Step.keep(8)))).isEqualTo(8);
        }
    }

    @Test
    @Requirement({"T68"})
    void submit_queueIsFull_isRefusedAtOnce() {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        try (Lane lane = lane(callers, 2)) {
            CompletionStage<Integer> first = lane.submit("w", (session, now) -> {
                running.countDown();
                awaitLatch(go);
                return Step.keep(1);
            });
            awaitLatch(running);
            CompletionStage<Integer> second = lane.submit("w", (session, now) -> Step.keep(2));
            CompletionStage<Integer> third = lane.submit("w", (session, now) -> Step.keep(3));

            CompletableFuture<Integer> fourth =
                    lane.submit("w", (session, now) -> Step.keep(4)).toCompletableFuture();

            assertThat(fourth).isCompletedExceptionally();
            assertUnavailable(fourth, Effect.NONE);
            go.countDown();
            assertThat(value(first) + value(second) + value(third)).isEqualTo(6);
        }
    }

    @Test
    @Requirement({"F-ST-145"})
    void submit_whatWaits_sharesOneCommit_andNobodyHearsBefore() {
        List<CompletionStage<Integer>> three = new ArrayList<>();
        List<Boolean> heardBefore = new ArrayList<>();
        try (Lane lane = lane(callers, 10)) {
            behindABusyLane(lane, () -> {
                for (int i = 0; i < 3; i++) {
                    int number = i;
                    three.add(lane.submit("w" + i, (session, now) -> {
                        heardBefore.add(three.stream()
                                .anyMatch(one -> one.toCompletableFuture().isDone()));
                        return Step.keep(number);
                    }));
                }
            });
            assertThat(three).map(LaneTest::value).containsExactly(0, 1, 2);
        }
        assertThat(heardBefore).containsExactly(false, false, false);
        assertThat(told).containsExactly("OPEN", "BEGIN", "COMMIT", "BEGIN", "COMMIT", "CLOSE");
    }

    @Test
    @Requirement({"F-ST-145"})
    void submit_oneOfManyFails_failsAlone() {
        List<CompletionStage<Integer>> all = new ArrayList<>();
        try (Lane lane = lane(callers, 10)) {
            behindABusyLane(lane, () -> {
                all.add(lane.submit("a", (session, now) -> Step.keep(1)));
                all.add(lane.submit("b", (session, now) -> {
                    throw new SQLException("a constraint");
                }));
                all.add(lane.submit("c", (session, now) -> Step.discard(3)));
                all.add(lane.submit("d", (session, now) -> {
                    throw new IllegalStateException("a mistake");
                }));
                all.add(lane.submit("e", (session, now) -> Step.keep(5)));
            });
            assertThat(value(all.get(0))).isEqualTo(1);
            assertUnavailable(all.get(1), Effect.NONE);
            assertThat(value(all.get(2))).isEqualTo(3);
            assertThat(all.get(3).toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableThat()
                    .withMessageContaining("a mistake");
            assertThat(value(all.get(4))).isEqualTo(5);
        }
        assertThat(told.subList(told.lastIndexOf("BEGIN"), told.size()))
                .containsExactly(
                        "BEGIN", MARK, FORGET, MARK, UNDO, FORGET, MARK, FORGET, MARK, UNDO, FORGET, MARK, FORGET,
                        "COMMIT", "CLOSE");
        assertThat(Collections.frequency(told, "ROLLBACK")).isEqualTo(1);
    }

    @Test
    void submit_oneOfManyFailed_theNextManyAreCareful_untilNoneOfThemFails() {
        try (Lane lane = lane(callers, 10)) {
            for (boolean fails : new boolean[] {true, false, false}) {
                List<CompletionStage<Integer>> two = new ArrayList<>();
                behindABusyLane(lane, () -> {
                    two.add(lane.submit("a", (session, now) -> Step.keep(1)));
                    two.add(lane.submit("b", (session, now) -> {
                        if (fails) {
                            throw new SQLException("a constraint");
                        }
                        return Step.keep(2);
                    }));
                });
                two.forEach(one -> one.toCompletableFuture()
                        .handle((value, failure) -> true)
                        .join());
            }
        }
        // The failing two and the two behind them; the two after those go without.
        assertThat(Collections.frequency(told, MARK)).isEqualTo(4);
    }

    @Test
    @Requirement({"F-ST-143"})
    void submit_anotherNodeIsInTheWay_isDoneOnceMore() {
        AtomicInteger runs = new AtomicInteger();
        try (Lane lane = lane(callers, 10)) {
            CompletionStage<Integer> done = lane.submit("w", (session, now) -> {
                if (runs.incrementAndGet() < 3) {
                    throw new SQLException("deadlock", ToldStore.CONFLICT);
                }
                return Step.keep(7);
            });
            assertThat(value(done)).isEqualTo(7);
        }
        assertThat(told).containsExactly("OPEN", "BEGIN", "ROLLBACK", "BEGIN", "ROLLBACK", "BEGIN", "COMMIT", "CLOSE");
    }

    @Test
    @Requirement({"F-ST-144", "T47"})
    void submit_connectionIsLostBeforeTheCommit_isDoneOnAnother_once() {
        AtomicInteger runs = new AtomicInteger();
        try (Lane lane = lane(callers, 10)) {
            assertThat(value(lane.submit("w", (session, now) -> Step.keep(1)))).isEqualTo(1);
            CompletionStage<Integer> done = lane.submit("w", (session, now) -> {
                if (runs.incrementAndGet() == 1) {
                    throw new SQLException("gone", ToldStore.LOST);
                }
                return Step.keep(7);
            });
            assertThat(value(done)).isEqualTo(7);
            assertUnavailable(
                    lane.submit("w", (session, now) -> {
                        throw new SQLException("gone", ToldStore.LOST);
                    }),
                    Effect.NONE);
        }
        assertThat(Collections.frequency(told, "OPEN")).isEqualTo(3);
    }

    @Test
    @Requirement({"F-ST-143"})
    void submit_otherNodesAreAlwaysInTheWay_nothingHappened() {
        try (Lane lane = lane(callers, 10)) {
            assertUnavailable(
                    lane.submit("w", (session, now) -> {
                        throw new SQLException("deadlock", ToldStore.CONFLICT);
                    }),
                    Effect.NONE);
            assertThat(value(lane.submit("w", (session, now) -> Step.keep(8)))).isEqualTo(8);
        }
    }

    @Test
    void submit_manyShareACommit_fewOfTheCallersThreadsAreWoken() {
        AtomicInteger woken = new AtomicInteger();
        Executor counting = work -> {
            woken.incrementAndGet();
            callers.execute(work);
        };
        List<CompletionStage<Integer>> all = new ArrayList<>();
        try (Lane lane = lane(counting, 100)) {
            behindABusyLane(lane, () -> {
                for (int i = 0; i < 8; i++) {
                    all.add(lane.submit("w" + i, (session, now) -> Step.keep(1)));
                }
            });
            assertThat(all).map(LaneTest::value).containsOnly(1);
        }
        assertThat(woken).hasValue(2);
    }

    @Test
    @Requirement({"T47"})
    void submit_commitOfManyFails_isUnknownToWhoWroteAndNothingToWhoDidNot() {
        List<CompletionStage<Integer>> all = new ArrayList<>();
        try (Lane lane = lane(callers, 10)) {
            behindABusyLane(lane, () -> {
                store.failAt("COMMIT");
                all.add(lane.submit("a", (session, now) -> Step.keep(1)));
                all.add(lane.submit("b", (session, now) -> Step.discard(2)));
            });
            assertUnavailable(all.get(0), Effect.UNKNOWN);
            assertUnavailable(all.get(1), Effect.NONE);
        }
    }

    @Test
    @Requirement({"T47"})
    void submit_transactionOfManyIsLost_nothingHappenedToAnyOfThem() {
        List<CompletionStage<Integer>> all = new ArrayList<>();
        try (Lane lane = lane(callers, 10)) {
            behindABusyLane(lane, () -> {
                store.failAt(UNDO);
                all.add(lane.submit("a", (session, now) -> Step.keep(1)));
                all.add(lane.submit("b", (session, now) -> {
                    throw new SQLException("disk full");
                }));
                all.add(lane.submit("c", (session, now) -> Step.keep(3)));
            });
            all.forEach(one -> assertUnavailable(one, Effect.NONE));
            assertThat(told).endsWith("CLOSE");
            store.failAt("");
            assertThat(value(lane.submit("d", (session, now) -> Step.keep(4)))).isEqualTo(4);
        }
    }

    /** Submits while the lane is at work, so that all of it waits together. */
    private void behindABusyLane(Lane lane, Runnable submitting) {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletionStage<Integer> first = lane.submit("first", (session, now) -> {
            busy.countDown();
            awaitLatch(goOn);
            return Step.keep(0);
        });
        awaitLatch(busy);
        submitting.run();
        goOn.countDown();
        // Where the commit is made to fail, this one is unknown too.
        first.toCompletableFuture().handle((value, failure) -> true).join();
    }

    @Test
    void close_acceptedOperationsAreDone_laterOnesAreRefused() {
        CountDownLatch go = new CountDownLatch(1);
        Lane lane = lane(callers, 10);
        CompletionStage<Integer> first = lane.submit("w", (session, now) -> {
            awaitLatch(go);
            return Step.keep(1);
        });
        CompletionStage<Integer> second = lane.submit("w", (session, now) -> Step.keep(2));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(lane::close);
        go.countDown();
        await(closing);

        assertThat(value(first)).isEqualTo(1);
        assertThat(value(second)).isEqualTo(2);
        assertUnavailable(lane.submit("w", (session, now) -> Step.keep(3)), Effect.NONE);
        lane.close();
        assertThat(told).endsWith("CLOSE");
    }

    private static int value(CompletionStage<Integer> stage) {
        return await(stage);
    }

    private static void assertUnavailable(CompletionStage<?> stage, Effect effect) {
        assertThatThrownBy(() -> await(stage))
                .isInstanceOfSatisfying(
                        LedgerUnavailableException.class,
                        e -> assertThat(e.effect()).isEqualTo(effect));
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Lane lane(Executor completions, int capacity) {
        LedgerOptions options = LedgerOptions.builder(completions)
                .clock(new TestClock())
                .queueCapacity(capacity)
                .build();
        return new Lane(WRITER, store::open, options, 8).start();
    }
}
