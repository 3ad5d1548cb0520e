package org.farthing.client.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.testing.ChildProcess;
import org.farthing.client.testing.SettableClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-CL-32", "T11"})
class JournalProcessesTest {

    @TempDir
    Path temp;

    @Test
    void reserve_twoProcesses_shareOneBudgetExactly() throws Exception {
        Path file = temp.resolve("journal.jsonl");
        List<Process> processes = List.of(
                ChildProcess.startReadable(SpendingProcess.class, file),
                ChildProcess.startReadable(SpendingProcess.class, file));
        for (Process process : processes) {
            assertThat(process.inputReader().readLine()).isEqualTo("ready");
        }
        for (Process process : processes) {
            process.outputWriter().append('\n').flush();
        }
        int paid = 0;
        for (Process process : processes) {
            paid += Integer.parseInt(process.inputReader().readLine());
            assertThat(ChildProcess.await(process)).isZero();
        }
        assertThat(paid).isEqualTo(200);
        assertThat(SpendingJournal.open(file, new SettableClock())
                        .spent("usd", false)
                        .format())
                .isEqualTo("0.02 USD");
    }

    @Test
    void reserve_manyThreadsTwoInstances_shareOneBudgetExactly() throws Exception {
        Path file = temp.resolve("journal.jsonl");
        List<SpendingJournal> journals = List.of(
                SpendingJournal.open(file, new SettableClock()), SpendingJournal.open(file, new SettableClock()));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        int paid = 0;
        try {
            List<Callable<Boolean>> tries = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                SpendingJournal journal = journals.get(i % 2);
                tries.add(() -> Payments.reserve(journal, SpendingProcess.POLICY, Payments.microDollars(100))
                        instanceof Reservation.Reserved);
            }
            for (Future<Boolean> done : threads.invokeAll(tries)) {
                paid += done.get() ? 1 : 0;
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(paid).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"signed, not stored", "stored, not written down", "ended, not erased"})
    @Requirement({"F-CL-41", "F-CL-43", "F-OU-14"})
    void open_killedWithinAStep_sumIsRightAndNoBytesAreLeftOver(String step) throws Exception {
        Path file = temp.resolve("journal.jsonl");
        Process process = ChildProcess.startReadable(KilledProcess.class, file, step);
        assertThat(process.inputReader().readLine()).isEqualTo("reached");
        ChildProcess.kill(process);
        SpendingJournal journal = SpendingJournal.open(file, new SettableClock());
        assertThat(journal.spent("usd", false).format()).isEqualTo("0.0001 USD");
        JournalEntry entry = journal.entries().get(0);
        boolean ended = step.startsWith("ended");
        assertThat(entry.state()).isEqualTo(ended ? State.SERVED : State.INTENT);
        assertThat(journal.credential(entry)).isEmpty();
        assertThat(Files.exists(temp.resolve("journal.jsonl.open").resolve(entry.id())))
                .as("bytes of a closed payment")
                .isEqualTo(step.startsWith("stored"));
        if (!ended) {
            assertThat(journal.sign(entry, () -> "token")).isEqualTo("token");
        }
    }
}
