package org.farthing.client.budget;

import java.nio.file.Path;
import org.farthing.client.testing.SettableClock;

/** Spends one hundredth of a cent after the other until the budget is used up, and prints how often it could. */
final class SpendingProcess {

    static final SpendingPolicy POLICY = SpendingPolicy.builder()
            .allowOrigin(Payments.ORIGIN)
            .perRequest("0.02usd")
            .total("0.02usd")
            .build();

    private SpendingProcess() {}

    public static void main(String[] arguments) throws Exception {
        SpendingJournal journal = SpendingJournal.open(Path.of(arguments[0]), new SettableClock());
        System.out.println("ready");
        System.in.read();
        int paid = 0;
        while (Payments.reserve(journal, POLICY, Payments.microDollars(100)) instanceof Reservation.Reserved done) {
            journal.sign(done.entry(), () -> "token");
            journal.send(done.entry());
            journal.served(done.entry(), null);
            paid++;
        }
        System.out.println(paid);
    }
}
