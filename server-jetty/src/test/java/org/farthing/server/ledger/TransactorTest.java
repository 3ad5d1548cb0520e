package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.farthing.server.ledger.Operation.Step;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a transaction waits for, and what one failure means to the others of it. */
class TransactorTest {

    private final ToldStore store = new ToldStore();
    /** What the time is to the transactor: the real one would be up whenever the machine is busy with something else. */
    private long nanos;

    private final Transactor transactor = new Transactor("transactor-under-test", store::open, () -> nanos);

    /** How long it was ready to wait, each time it asked for more. */
    private final List<Long> waits = new ArrayList<>();

    @Test
    void run_fewAfterMany_waitForTheOthersUntilMostAreBack() {
        transactor.run(tasks(16), (already, patience) -> List.of());

        List<Task<?>> run = transactor.run(tasks(1), this::oneMoreUpTo20);

        assertThat(run).hasSize(20);
        assertThat(waits.subList(0, 11)).allMatch(nanos -> nanos > 0 && nanos <= 500_000);
        assertThat(waits.subList(11, waits.size())).containsOnly(0L);
    }

    @Test
    void run_theOthersComeSlowly_waitsNoLongerThanItsPatience() {
        transactor.run(tasks(16), (already, patience) -> List.of());

        transactor.run(tasks(1), (already, left) -> {
            nanos += 200_000;
            return oneMoreUpTo20(already, left);
        });

        assertThat(waits.subList(0, 4)).containsExactly(500_000L, 300_000L, 100_000L, 0L);
        assertThat(waits.subList(4, waits.size())).containsOnly(0L);
    }

    @Test
    void run_fewAfterManyAndNobodyComes_waitsOnce_andTheNextNotAtAll() {
        transactor.run(tasks(16), (already, patience) -> List.of());

        transactor.run(tasks(1), this::nobody);
        assertThat(waits).hasSize(1).allMatch(nanos -> nanos > 0);

        waits.clear();
        transactor.run(tasks(1), this::nobody);
        assertThat(waits).containsOnly(0L);
    }

    @Test
    void run_aloneAfterAFew_neverWaits() {
        transactor.run(tasks(15), this::nobody);
        transactor.run(tasks(1), this::nobody);

        assertThat(waits).containsOnly(0L);
    }

    @Test
    @Requirement({"F-ST-144", "T47"})
    void run_storeIsTooSlowForOneOfMany_nothingHappenedToAny_andNoneIsTriedAgain() {
        givesUp(ToldStore.TOO_SLOW);
        assertThat(store.told()).containsExactly("OPEN", "BEGIN", "CLOSE");
    }

    @Test
    @Requirement({"F-ST-144", "T47"})
    void run_connectionIsLostTwiceInOneOfMany_nothingHappenedToAny() {
        transactor.run(tasks(1), this::nobody);
        store.told().clear();

        givesUp(ToldStore.LOST);
        assertThat(store.told()).containsExactly("BEGIN", "CLOSE", "OPEN", "BEGIN", "CLOSE");
    }

    @Test
    @Requirement({"F-ST-143", "F-TK-147"})
    void run_manyMeetAnotherNodeAgainAndAgain_eachIsRunAlone() {
        List<Task<?>> run = transactor.run(whoConflict(Step.keep(1)), this::nobody);

        assertThat(run).hasSize(3).allMatch(Task::keeps);
        assertThat(Collections.frequency(store.told(), "COMMIT")).isEqualTo(3);
        assertThat(Collections.frequency(store.told(), "ROLLBACK")).isEqualTo(3);
    }

    @Test
    @Requirement({"F-ST-144", "F-TK-147", "T47"})
    void run_storeIsTooSlowForOneThatIsRunAlone_nothingHappenedToTheRest_andNoneIsTried() {
        List<Task<?>> run = transactor.run(whoConflict(null), this::nobody);

        assertThat(run.get(0).keeps()).isTrue();
        assertThat(run.subList(1, 3))
                .noneMatch(Task::keeps)
                .allSatisfy(task -> assertThat(task.failure()).isInstanceOf(LedgerUnavailableException.class));
        assertThat(Collections.frequency(store.told(), "COMMIT")).isEqualTo(1);
    }

    /** Three, of which the second fails whenever it shares the first's transaction, and else comes to this, or takes too long. */
    private List<Task<?>> whoConflict(@Nullable Step<Integer> comesTo) {
        AtomicInteger before = new AtomicInteger();
        Task<Integer> first = new Task<>("a", (session, now) -> {
            before.set(transactions());
            return Step.keep(0);
        });
        Task<Integer> second = new Task<>("b", (session, now) -> {
            if (before.get() == transactions()) {
                throw new SQLException("made to fail", ToldStore.CONFLICT);
            }
            if (comesTo == null) {
                throw new SQLException("made to fail", ToldStore.TOO_SLOW);
            }
            return comesTo;
        });
        return List.of(first, second, new Task<>("c", (session, now) -> Step.keep(2)));
    }

    private int transactions() {
        return Collections.frequency(store.told(), "BEGIN");
    }

    private void givesUp(String state) {
        List<Task<?>> three = new ArrayList<>(tasks(1));
        three.add(new Task<Integer>("b", (session, now) -> {
            throw new SQLException("made to fail", state);
        }));
        three.addAll(tasks(1));

        List<Task<?>> run = transactor.run(three, this::nobody);

        assertThat(run)
                .hasSize(3)
                .allSatisfy(task -> assertThat(task.failure())
                        .isInstanceOfSatisfying(
                                LedgerUnavailableException.class,
                                failure -> assertThat(failure.effect()).isEqualTo(Effect.NONE)));
    }

    private List<Task<?>> oneMoreUpTo20(int already, long patience) {
        waits.add(patience);
        return already < 20 ? tasks(1) : List.of();
    }

    private List<Task<?>> nobody(int already, long patience) {
        waits.add(patience);
        return List.of();
    }

    private static List<Task<?>> tasks(int count) {
        return IntStream.range(0, count)
                .<Task<?>>mapToObj(i -> new Task<>("w" + i, (session, now) -> Step.keep(i)))
                .toList();
    }
}
