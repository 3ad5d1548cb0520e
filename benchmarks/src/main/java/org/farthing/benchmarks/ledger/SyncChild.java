package org.farthing.benchmarks.ledger;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutorService;

/** A process whose syncs are counted: it loads a ledger, and says how many operations it made from when to when. */
public final class SyncChild {

    private static final double WARM_UP_SECONDS = 5;

    private SyncChild() {}

    /**
     * Loads a ledger and prints one line for {@link SyncCount}.
     *
     * @param args the folder, how many callers, for how many seconds, and {@code sqlite} or {@code postgres}
     * @throws Exception if the ledger fails
     */
    public static void main(String[] args) throws Exception {
        ExecutorService threads = Threads.callers();
        Path folder = Path.of(args[0]);
        if (args[3].equals("sqlite")) {
            count(LoadedLedger.sqlite(folder.resolve("ledger.db"), threads, LoadedLedger.GROUPS), args);
        } else {
            try (PostgresServer server = PostgresServer.start(folder)) {
                count(LoadedLedger.postgres(server.schema("counted"), threads, LoadedLedger.GROUPS, 1), args);
            }
        }
        threads.shutdown();
    }

    private static void count(LoadedLedger opened, String[] args) throws InterruptedException {
        try (LoadedLedger ledger = opened) {
            int callers = Integer.parseInt(args[1]);
            ledger.sample(callers, WARM_UP_SECONDS);
            long from = micros();
            Sample sample = ledger.sample(callers, Double.parseDouble(args[2]));
            System.out.println(SyncCount.SAID + from + " " + micros() + " " + sample.operations());
            ledger.verify();
        }
    }

    private static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
