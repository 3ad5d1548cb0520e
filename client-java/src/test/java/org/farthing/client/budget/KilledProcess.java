package org.farthing.client.budget;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.farthing.client.testing.SettableClock;

/** Makes one payment and stops within one of its steps, until it is killed there. */
final class KilledProcess {

    private KilledProcess() {}

    private static void awaitTheEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("killed, not interrupted", e);
        }
    }

    public static void main(String[] arguments) throws Exception {
        JournalProbe probe = step -> {
            if (step.equals(arguments[1])) {
                System.out.println("reached");
                awaitTheEnd();
            }
        };
        SpendingJournal journal = SpendingJournal.open(Path.of(arguments[0]), new SettableClock(), probe, 1000);
        JournalEntry entry = Payments.reserved(journal, SpendingProcess.POLICY, Payments.microDollars(100));
        journal.sign(entry, () -> "token");
        journal.send(entry);
        journal.served(entry, null);
    }
}
