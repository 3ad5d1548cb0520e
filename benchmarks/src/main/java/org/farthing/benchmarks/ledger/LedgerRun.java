package org.farthing.benchmarks.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.function.ToDoubleFunction;
import org.farthing.benchmarks.load.HeldRun;

/**
 * R9, R10 and R11, the price of a single caller, and how results are handed on. Each ratio is the median of alternated pairs of
 * this run, with the smallest and the largest. Before a row is printed the books behind it have been checked row by row, and
 * hold exactly the charges that were made.
 */
public final class LedgerRun {

    private static final String ROW = "| %s | %s | %s | %s |%n";
    private static final double SECONDS = 2;
    private static final double SECONDS_COUNTED = 4;
    private static final double WARM_UP_SECONDS = 4;
    private static final int MANY = 256;
    private static final int FEW = 32;
    private static final int NODES = 16;
    private static final int CHARGES_ALONE = 400;

    /** In thousands, and more than any machine this ran on can use. */
    private static final int TOKENS_A_SECOND = 25;

    /** Enough for the compiler, and for the log to be as long as it gets. */
    private static final int WARM_UP_CHARGES = 2500;

    private final Path folder;
    private final int pairs;
    private final ExecutorService callers = Threads.callers();

    private LedgerRun(Path folder, int pairs) {
        this.folder = folder;
        this.pairs = pairs;
    }

    /**
     * Makes the run, below {@code java.io.tmpdir}: that is the disk it measures.
     *
     * @param args how many pairs a ratio, 7 if left out; and how the names of the rows to measure start, all if left out
     * @throws Exception if a ledger, its books or a tool fail
     */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("farthing-ledger");
        int pairs = args.length == 0 ? 7 : Integer.parseInt(args[0]);
        String only = args.length < 2 ? "" : args[1];
        System.out.println(Machine.describe(folder));
        System.out.printf(
                ROW + ROW, "what", "goal", "measured: median [least, most]", "reached", "---", "---", "---", "---");
        LedgerRun run = new LedgerRun(folder, pairs);
        if ("R9".startsWith(only)) {
            run.syncs();
            run.groups(FEW);
            run.groups(MANY);
        }
        if ("R10".startsWith(only)) {
            run.groupsBesideSingles();
            run.groupsBesideNodes();
        }
        if ("R11".startsWith(only)) {
            run.held();
        }
        if ("single".startsWith(only)) {
            run.alone();
        }
        if ("tokens".startsWith(only)) {
            run.tokens();
        }
        run.callers.shutdown();
    }

    // ---- R9

    private void syncs() throws IOException, InterruptedException {
        if (!SyncCount.possible()) {
            row("R9 durable operations a sync", ">= 20 / >= 200", "NOT MEASURED: strace is not on the path", "no");
            return;
        }
        for (String store : List.of("sqlite", "postgres")) {
            syncs(store, FEW, 20);
            syncs(store, MANY, 200);
        }
    }

    private void syncs(String store, int count, int goal) throws IOException, InterruptedException {
        SyncCount syncs = SyncCount.of(folder, store, count, SECONDS_COUNTED);
        row(
                "R9 " + store + ", " + count
                        + " callers: durable operations a sync (fsync, fdatasync; counted by strace)",
                ">= " + goal,
                String.format(
                        Locale.ROOT,
                        "%.1f (%d operations, %d syncs, checkpoints included)",
                        syncs.operationsASync(),
                        syncs.operations(),
                        syncs.syncs()),
                syncs.operationsASync() >= goal ? "yes" : "no");
    }

    private void groups(int count) throws InterruptedException {
        List<Sample> samples = new ArrayList<>();
        try (LoadedLedger ledger = sqlite("r9-" + count, LoadedLedger.GROUPS)) {
            ledger.sample(count, WARM_UP_SECONDS);
            for (int i = 0; i < pairs; i++) {
                samples.add(ledger.sample(count, SECONDS));
            }
            ledger.verify();
        }
        Spread p99 = of(samples, Sample::p99InBatches);
        String what = "R9 latency of an operation, " + count + " callers: p99 / the median group commit";
        row(what, "<= 3", p99.toString(), p99.median() <= 3 ? "yes" : "no");
        details(samples);
        Spread task = of(samples, Sample::resultsATask);
        row("results handed on by one task of the callers' executor, " + count + " callers", "", task.toString(), "");
    }

    // ---- R10

    private void groupsBesideSingles() throws InterruptedException {
        List<Sample> grouped = new ArrayList<>();
        List<Sample> singles = new ArrayList<>();
        try (LoadedLedger group = sqlite("r10-group", LoadedLedger.GROUPS);
                LoadedLedger single = sqlite("r10-single", 1)) {
            alternate(group, grouped, single, singles);
        }
        Spread ratio = ratio(grouped, singles);
        String what = "R10 SQLite, " + MANY + " callers: group commit / one commit an operation";
        row(what, ">= 4", ratio.toString(), ratio.median() >= 4 ? "yes" : "no");
        Spread bound = of(grouped, Sample::ofCpuBound);
        what = "R10 SQLite, group commit / what 1 / (the writer's CPU time of an operation) allows";
        row(what, ">= 0.8", bound.toString(), bound.median() >= 0.8 ? "yes" : "no");
        details(grouped);
        details(singles);
    }

    /** PostgreSQL groups the commits of its connections itself, so what is compared with has many, each with one operation. */
    private void groupsBesideNodes() throws IOException, SQLException, InterruptedException {
        List<Sample> grouped = new ArrayList<>();
        List<Sample> singles = new ArrayList<>();
        try (PostgresServer server = PostgresServer.start(folder);
                LoadedLedger group = LoadedLedger.postgres(server.schema("grouped"), callers, LoadedLedger.GROUPS, 1);
                LoadedLedger single = LoadedLedger.postgres(server.schema("single"), callers, 1, NODES)) {
            alternate(group, grouped, single, singles);
        }
        Spread ratio = ratio(grouped, singles);
        String what = "R10 PostgreSQL, " + MANY + " callers: group commit of one node / one commit an operation over "
                + NODES + " connections";
        row(what, ">= 2", ratio.toString(), ratio.median() >= 2 ? "yes" : "no");
        shared(grouped);
        shared(singles);
    }

    private void alternate(LoadedLedger group, List<Sample> grouped, LoadedLedger single, List<Sample> singles)
            throws InterruptedException {
        group.sample(MANY, WARM_UP_SECONDS);
        single.sample(MANY, WARM_UP_SECONDS);
        for (int i = 0; i < pairs; i++) {
            singles.add(single.sample(MANY, SECONDS));
            grouped.add(group.sample(MANY, SECONDS));
        }
        group.verify();
        single.verify();
    }

    // ---- R11

    private void held() throws IOException, InterruptedException, SQLException {
        List<Sample> samples = new ArrayList<>();
        try (LoadedLedger ledger = sqlite("r11", LoadedLedger.GROUPS)) {
            ledger.sample(FEW, WARM_UP_SECONDS);
            for (int i = 0; i < pairs; i++) {
                samples.add(ledger.sample(FEW, SECONDS));
            }
            ledger.verify();
        }
        double cpu = of(samples, Sample::cpuMicros).median();
        long commit = (long) of(samples, sample -> sample.batchMedian() / 1e3).median();
        HeldRun.Result held = HeldRun.of(folder, pairs, cpu, commit);
        String what =
                "R11 answers held until their own charge is durable / what the CPU time of plain + hand-off + 2 operations"
                        + " allows";
        row(what, ">= 0.8", held.reached().toString(), held.reached().median() >= 0.8 ? "yes" : "no");
        row(
                "R11 absolute: such answers / plain answers, requests a second",
                "",
                held.ratio().toString(),
                "");
        row(
                "R11 such answers / what one writer with 2 operations each allows",
                "",
                held.ofOneWriter().toString(),
                "");
        double shares = held.plainMicros().median() + held.handOffMicros().median();
        Spread bare = bareMicros();
        row(
                "R11 at most, with one writer: ledger as it is / bare statements of a charge and nothing else",
                "",
                String.format(
                        Locale.ROOT,
                        "%.2f / %.2f (%s µs an operation; 0.8 needs %.1f µs)",
                        mostOfOneWriter(shares, cpu),
                        mostOfOneWriter(shares, bare.median()),
                        bare,
                        shares / 1.2),
                "");
        System.out.printf(
                Locale.ROOT,
                "  (CPU µs, wrk included: plain request %s, hand-off %s, ledger operation %.1f, so %.3f of plain is allowed;"
                        + " held request %s; %s held requests/s)%n",
                held.plainMicros(),
                held.handOffMicros(),
                cpu,
                held.allowed(),
                held.heldMicros(),
                held.heldRate());
    }

    /**
     * What allows two processors' worth of requests is reached only as far as one thread can do two operations for each:
     * (1 / 2c) / (2 / (shares + 2c)).
     */
    private static double mostOfOneWriter(double shares, double operation) {
        return 0.5 + shares / (4 * operation);
    }

    /** What an operation costs if there is no ledger: its statements, many to a commit, over bare JDBC. */
    private Spread bareMicros() throws SQLException {
        List<Double> micros = new ArrayList<>();
        try (PlainCommits plain = PlainCommits.on(folder.resolve("bare.db"), callers)) {
            for (int i = 0; i < WARM_UP_CHARGES; i++) {
                plain.microsTogether(FEW);
            }
            for (int i = 0; i < pairs; i++) {
                List<Double> groups = new ArrayList<>();
                for (int at = 0; at < CHARGES_ALONE; at++) {
                    groups.add(plain.microsTogether(FEW));
                }
                micros.add(groups.stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow());
            }
        }
        return Spread.of(micros);
    }

    // ---- a single caller

    private void alone() throws InterruptedException, SQLException {
        List<Double> ratios = new ArrayList<>();
        List<Double> micros = new ArrayList<>();
        int statements;
        try (LoadedLedger ledger = sqlite("alone", LoadedLedger.GROUPS);
                PlainCommits plain = PlainCommits.on(folder.resolve("plain.db"), callers)) {
            statements = plain.statements();
            ledger.sample(1, WARM_UP_SECONDS);
            for (int i = 0; i < WARM_UP_CHARGES; i++) {
                plain.charge();
            }
            for (int i = 0; i < pairs; i++) {
                Nanos bare = Nanos.of(CHARGES_ALONE);
                Nanos ours = Nanos.of(CHARGES_ALONE);
                for (int at = 0; at < CHARGES_ALONE; at++) {
                    bare.add(plain.charge());
                    ours.add(ledger.chargeAlone());
                }
                ratios.add((double) ours.quantile(0.5) / bare.quantile(0.5));
                micros.add(ours.quantile(0.5) / 2e3);
            }
            ledger.verify();
        }
        Spread ratio = Spread.of(ratios);
        row(
                "single caller on an idle ledger, latency of an operation / a plain commit of the same statements",
                "<= 1.3",
                ratio.toString(),
                ratio.median() <= 1.3 ? "yes" : "no");
        System.out.printf("  (%s µs an operation; %d statements a charge)%n", Spread.of(micros), statements);
    }

    // ---- a charge paid with a token beside one paid by a wallet

    private void tokens() throws InterruptedException {
        List<Sample> orders = new ArrayList<>();
        List<Sample> tokens = new ArrayList<>();
        try (LoadedLedger ledger = sqlite("tokens", LoadedLedger.GROUPS)) {
            ledger.sample(FEW, WARM_UP_SECONDS);
            ledger.sampleTokens(FEW, WARM_UP_SECONDS, TOKENS_A_SECOND * (int) WARM_UP_SECONDS);
            for (int i = 0; i < pairs; i++) {
                orders.add(ledger.sample(FEW, SECONDS));
                tokens.add(ledger.sampleTokens(FEW, SECONDS, TOKENS_A_SECOND * (int) SECONDS));
            }
            ledger.verify();
        }
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            ratios.add(tokens.get(i).chargeMicros() / orders.get(i).chargeMicros());
        }
        Spread ratio = Spread.of(ratios);
        row(
                "R12 CPU time of claim and capture, paid with one token / by a wallet, " + FEW + " callers",
                "<= 1",
                ratio.toString(),
                ratio.median() <= 1 ? "yes" : "no");
        charges("token", tokens);
        charges("wallet", orders);
    }

    private static void charges(String what, List<Sample> samples) {
        System.out.printf(
                Locale.ROOT,
                "  (%s: %s µs of the process a charge, of them %s µs the writer's; %s operations/s, %s together)%n",
                what,
                of(samples, Sample::chargeMicros),
                of(samples, sample -> 2 * sample.cpuMicros()),
                of(samples, Sample::rate),
                of(samples, Sample::together));
    }

    // ---- what all share

    private LoadedLedger sqlite(String name, int together) {
        return LoadedLedger.sqlite(folder.resolve(name + ".db"), callers, together);
    }

    private static Spread of(List<Sample> samples, ToDoubleFunction<Sample> what) {
        return Spread.of(samples.stream().mapToDouble(what).boxed().toList());
    }

    private static Spread ratio(List<Sample> whats, List<Sample> besides) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < whats.size(); i++) {
            ratios.add(whats.get(i).rate() / besides.get(i).rate());
        }
        return Spread.of(ratios);
    }

    private static void row(String what, String goal, String measured, String reached) {
        System.out.printf(ROW, what, goal, measured, reached);
    }

    /** The database's time is not asked of the clock by which commits are seen. */
    private static void shared(List<Sample> samples) {
        System.out.printf(
                Locale.ROOT,
                "  (%s operations/s; latency p50 %s ms, p99 %s ms; writers' CPU %s µs an operation, without the database's)%n",
                of(samples, Sample::rate),
                of(samples, sample -> sample.median() / 1e6),
                of(samples, sample -> sample.p99() / 1e6),
                of(samples, Sample::cpuMicros));
    }

    private static void details(List<Sample> samples) {
        System.out.printf(
                Locale.ROOT,
                "  (%s operations/s; latency p50 %s ms, p99 %s ms; group commit p50 %s ms, p99 %s ms, of %s operations; writer CPU"
                        + " %s µs an operation)%n",
                of(samples, Sample::rate),
                of(samples, sample -> sample.median() / 1e6),
                of(samples, sample -> sample.p99() / 1e6),
                of(samples, sample -> sample.batchMedian() / 1e6),
                of(samples, sample -> sample.batchP99() / 1e6),
                of(samples, Sample::together),
                of(samples, Sample::cpuMicros));
    }
}
