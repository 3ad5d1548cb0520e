package org.farthing.server.ledger;

import static org.farthing.server.ledger.kit.Payments.VALID;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.ledger.kit.TwoLedgers;

/** A payee and a wallet service in a process that the tests kill amid payments; it prints what was acknowledged. */
final class TwoLedgersChild {

    private TwoLedgersChild() {}

    public static void main(String[] args) throws IOException {
        TestClock clock = new TestClock();
        Executor executor = Executors.newCachedThreadPool();
        Ledger payee = SqliteLedger.open(Path.of(args[0], "payee.db"), options(clock, executor));
        Ledger service = SqliteLedger.open(Path.of(args[0], "service.db"), options(clock, executor));
        TwoLedgers both = new TwoLedgers(clock, payee, service);
        both.open(1_000_000);
        for (int thread = 0; thread < 4; thread++) {
            String prefix = "c" + thread + "-";
            new Thread(() -> pay(both, clock, prefix)).start();
        }
        new Thread(() -> {
                    for (int round = 0; ; round++) {
                        both.carry(round % 3 > 0);
                    }
                })
                .start();
        var unused = System.in.read();
    }

    /** Every fifth is left to the sweeper, every third of the others refunded in part. */
    private static void pay(TwoLedgers both, TestClock clock, String prefix) {
        for (int i = 0; ; i++) {
            String id = prefix + i;
            if (!(both.pay(id, 7) instanceof Vouched.Held)) {
                return;
            }
            System.out.println("vouched " + id);
            Reserved reserved = both.show(id, 7, clock.instant().plus(VALID));
            if (reserved instanceof Reserved.Held held && i % 5 < 4) {
                both.serve(held.ref(), 2 + i % 6);
                System.out.println("served " + id);
                if (i % 3 == 0) {
                    both.refund(id, 1, "r1");
                }
            }
        }
    }

    static LedgerOptions options(TestClock clock, Executor executor) {
        return LedgerOptions.builder(executor)
                .clock(clock)
                .maxHolds(1_000_000)
                .releasesPerMinute(1_000_000)
                .build();
    }
}
