package org.farthing.client.budget;

import java.nio.file.Path;
import org.farthing.client.testing.SettableClock;

/** Makes one payment and dies within one of its steps, without a chance to clean up. */
final class KilledProcess {

    static final int KILLED = 137;

    private KilledProcess() {}

    public static void main(String[] arguments) throws Exception {
        JournalProbe probe = step -> {
            if (step.equals(arguments[1])) {
                Runtime.getRuntime().halt(KILLED);
            }
        };
        SpendingJournal journal = SpendingJournal.open(Path.of(arguments[0]), new SettableClock(), probe);
        JournalEntry entry = Payments.reserved(journal, SpendingProcess.POLICY, Payments.microDollars(100));
        journal.sign(entry, () -> "token");
        journal.send(entry);
        journal.served(entry, null);
    }
}
