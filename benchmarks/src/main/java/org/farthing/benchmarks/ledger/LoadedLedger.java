package org.farthing.benchmarks.ledger;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Income;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.PostgresLedger;
import org.farthing.server.ledger.SqliteLedger;

/** A ledger with its callers: one store, used by one node or by several. */
final class LoadedLedger implements AutoCloseable {

    /** The largest group the ledger makes of its own accord. */
    static final int GROUPS = 512;

    private final List<Ledger> nodes;
    private final Batches batches;
    private final Purchases purchases = new Purchases();
    private UsedTokens tokens;
    private long captured;

    private LoadedLedger(List<Ledger> nodes, Batches batches) {
        this.nodes = nodes;
        this.batches = batches;
        Purchases.fund(nodes.get(0));
    }

    /** On a SQLite file of its own. */
    static LoadedLedger sqlite(Path file, Executor callers, int together) {
        Batches batches = new Batches(callers);
        return new LoadedLedger(List.of(SqliteLedger.open(file, options(batches, together))), batches);
    }

    /** On a PostgreSQL schema of its own, with so many nodes, each with a writer and a connection of its own. */
    static LoadedLedger postgres(DataSource schema, Executor callers, int together, int nodes) {
        Batches batches = new Batches(callers);
        List<Ledger> open = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            open.add(PostgresLedger.open(schema, options(batches, together)));
        }
        return new LoadedLedger(open, batches);
    }

    private static LedgerOptions options(Batches batches, int together) {
        return LedgerOptions.builder(batches)
                .clock(batches)
                .mostTogether(together)
                .build();
    }

    /** Lets so many callers charge for so long. */
    Sample sample(int callers, double seconds) throws InterruptedException {
        return sample(callers, seconds, purchases::next);
    }

    /** As {@link #sample}, each charge paid with one token; so many thousands have been bought before. */
    Sample sampleTokens(int callers, double seconds, int thousands) throws InterruptedException {
        if (tokens == null) {
            tokens = new UsedTokens(nodes.get(0), purchases);
        }
        tokens.buy(thousands);
        return sample(callers, seconds, tokens::next);
    }

    private Sample sample(int callers, double seconds, Supplier<HoldRequest> requests) throws InterruptedException {
        Callers load = new Callers(nodes, requests, purchases.outcome(), Integer.MAX_VALUE);
        batches.reset();
        long cpu = writersCpu();
        long all = processCpu();
        long started = System.nanoTime();
        CompletableFuture<Void> done = load.start(callers);
        Thread.sleep((long) (seconds * 1000));
        load.stop();
        done.join();
        long nanos = System.nanoTime() - started;
        captured += load.operations() / 2;
        return new Sample(
                load.operations(),
                nanos / 1e9,
                writersCpu() - cpu,
                processCpu() - all,
                batches.times().count(),
                batches.times().quantile(0.5),
                batches.times().quantile(0.99),
                load.latencies().quantile(0.5),
                load.latencies().quantile(0.99),
                batches.tasks());
    }

    /** Lets one caller make one charge, and says how long its two operations took. */
    long chargeAlone() {
        Callers load = new Callers(nodes, purchases::next, purchases.outcome(), 1);
        load.start(1).join();
        captured++;
        return load.charges().quantile(0.5);
    }

    private static long processCpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    /** Of all ledgers of this process; those that nobody calls use none. */
    private static long writersCpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null && info.getThreadName().startsWith(Batches.WRITER)) {
                sum += threads.getThreadCpuTime(info.getThreadId());
            }
        }
        return sum;
    }

    /** Nothing is said of a ledger that lost or made money. */
    void verify() {
        CheckReport report = nodes.get(0).check().toCompletableFuture().join();
        long captures =
                nodes.get(0).income(Instant.EPOCH, Instant.now().plusSeconds(60)).toCompletableFuture().join().stream()
                        .mapToLong(Income::captures)
                        .sum();
        if (!report.sound() || captures != captured) {
            throw new IllegalStateException("the books are wrong after " + captured + " charges, of which " + captures
                    + " are in them: " + report.findings());
        }
    }

    @Override
    public void close() {
        new ArrayList<>(nodes).forEach(Ledger::close);
    }
}
