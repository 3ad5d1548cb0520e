package org.farthing.server.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** Who shows no money takes turns. Re-entry stands for a second thread here: what runs is not over yet. */
@Requirement({"F-SV-68", "T39"})
class DemandLaneTest {

    private static final Decision BUSY = answer("busy");

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final DemandLane lane = new DemandLane(tasks::add, 1, 2);

    private static Decision answer(String text) {
        return new Decision.Refuse(Problem.of(ProblemType.RATE_LIMITED, text), null, null);
    }

    private CompletableFuture<Decision> run(Supplier<Decision> demand) {
        return lane.run(demand, () -> false, () -> BUSY).toCompletableFuture();
    }

    /** Runs something while the only place is taken. */
    private void whileTaken(Runnable meanwhile) {
        Decision first = answer("first");
        assertThat(run(() -> {
                    meanwhile.run();
                    return first;
                }))
                .isCompletedWithValue(first);
    }

    @Test
    void place_isFree_isMadeAtOnce() {
        Decision answer = answer("a");
        assertThat(run(() -> answer)).isCompletedWithValue(answer);
        assertThat(run(() -> answer)).isCompletedWithValue(answer);
        assertThat(tasks).isEmpty();
    }

    @Test
    void placeTaken_waits_andBeyondThatTheServerIsBusy() {
        List<CompletableFuture<Decision>> later = new ArrayList<>();
        Decision answer = answer("later");
        whileTaken(() -> {
            later.add(run(() -> answer));
            later.add(run(() -> answer));
            assertThat(run(() -> answer)).isCompletedWithValue(BUSY);
        });
        assertThat(later).noneMatch(CompletableFuture::isDone);
        assertThat(tasks).as("one task for all that wait").hasSize(1);
        tasks.remove().run();
        assertThat(later).allSatisfy(one -> assertThat(one).isCompletedWithValue(answer));
        assertThat(run(() -> answer)).as("the place is free again").isCompletedWithValue(answer);
        assertThat(tasks).isEmpty();
    }

    @Test
    void placeIsKept_whileThoseWhoWaitedAreServed() {
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        Supplier<Decision> counted = () -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            now.decrementAndGet();
            return BUSY;
        };
        whileTaken(() -> {
            CompletableFuture<Decision> unused = run(counted);
        });
        CompletableFuture<Decision> newcomer = run(counted);
        assertThat(newcomer).isNotDone();
        tasks.remove().run();
        assertThat(newcomer).isDone();
        assertThat(most).hasValue(1);
    }

    @Test
    void cheapOne_needsNoPlace() {
        Decision answer = answer("ready");
        whileTaken(
                () -> assertThat(lane.run(() -> answer, () -> true, () -> BUSY).toCompletableFuture())
                        .isCompletedWithValue(answer));
    }

    @Test
    void demandThatFails_givesItsPlaceBack() {
        assertThatThrownBy(() -> run(() -> {
                    throw new IllegalStateException("no price");
                }))
                .hasMessage("no price");
        List<CompletableFuture<Decision>> later = new ArrayList<>();
        whileTaken(() -> later.add(run(() -> {
            throw new IllegalStateException("no price");
        })));
        tasks.remove().run();
        assertThat(later.get(0)).isCompletedExceptionally();
        assertThat(run(() -> BUSY)).isCompletedWithValue(BUSY);
    }

    @Test
    void executorThatRefuses_leavesNobodyWaiting() {
        DemandLane stopping = new DemandLane(
                task -> {
                    throw new RejectedExecutionException("stopping");
                },
                1,
                2);
        List<CompletableFuture<Decision>> later = new ArrayList<>();
        Decision answer = answer("later");
        var unused = stopping.run(
                () -> {
                    later.add(
                            stopping.run(() -> answer, () -> false, () -> BUSY).toCompletableFuture());
                    return answer;
                },
                () -> false,
                () -> BUSY);
        assertThat(later.get(0)).isCompletedWithValue(answer);
    }

    @Test
    void new_withoutAPlace_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DemandLane(Runnable::run, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DemandLane(Runnable::run, 1, -1));
    }
}
