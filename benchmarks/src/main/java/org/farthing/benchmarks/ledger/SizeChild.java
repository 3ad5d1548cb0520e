package org.farthing.benchmarks.ledger;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.PurgeReport;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.StoredOutcome;
import org.farthing.server.ledger.SweepReport;

/** The process with little heap: it serves payments from a large store while house is kept, then reads all of it. */
final class SizeChild {

    private static final int CALLERS = 64;
    private static final int LOOKUPS = 2000;
    private static final StoredOutcome ANSWER = StoredOutcome.whole(200, List.of(), new byte[1000], "receipt");

    private final Ledger ledger;
    private final SecureRandom random = new SecureRandom();
    private final AtomicBoolean housekept = new AtomicBoolean();
    private final Nanos charges = new Nanos();
    private final Nanos sweeps = new Nanos();
    private final Nanos purges = new Nanos();
    private volatile String known = "";

    private SizeChild(Ledger ledger) {
        this.ledger = ledger;
    }

    public static void main(String[] args) {
        LedgerOptions options = LedgerOptions.builder(Threads.callers())
                .maxHolds(1000)
                // The sweep releases hundreds of a wallet's holds, which is no wallet's fault here.
                .releasesPerMinute(1_000_000)
                .build();
        long began = System.nanoTime();
        try (Ledger ledger = SqliteLedger.open(Path.of(args[0]), options)) {
            System.out.printf(Locale.ROOT, "open: %.0f ms%n", (System.nanoTime() - began) / 1e6);
            new SizeChild(ledger).run();
        }
        System.exit(0);
    }

    private void run() {
        Instant from = Instant.now();
        serve();
        lookups();
        timed("newest page of a statement (50)", () -> ledger.statement(SizedStore.wallet(7), null, 50));
        timed("page in the middle of a statement", () -> ledger.statement(SizedStore.wallet(7), 5_000_000L, 50));
        timed("totals", ledger::totals);
        timed("income of this run", () -> ledger.income(from, Instant.now()));
        timed("income of all time", () -> ledger.income(Instant.EPOCH, Instant.now()));
        heap("before the check");
        CheckReport report = timed("check", ledger::check);
        heap("after the check");
        System.out.println(report.transfers() + " transfers and " + report.charges() + " charges read, "
                + (report.sound() ? "sound" : "NOT sound: " + report.findings()));
        if (!report.sound()) {
            System.exit(1);
        }
    }

    // ---- payments while house is kept

    private void serve() {
        long began = System.nanoTime();
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(caller(i));
        }
        int swept = keep(sweeps, ledger::sweep, SweepReport::released, SweepReport::more);
        int purged = keep(purges, ledger::purge, report -> report.charges() + report.outcomes(), PurgeReport::more);
        housekept.set(true);
        callers.forEach(CompletableFuture::join);
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%d callers: %d charges in %.1f s (%.0f a second), while %d holds were swept and %d rows purged%n",
                CALLERS,
                charges.count(),
                seconds,
                charges.count() / seconds,
                swept,
                purged);
        show("a charge (two transactions)", charges);
        show("a step of the sweep", sweeps);
        show("a step of the purge", purges);
        heap("after serving");
    }

    private interface Count<R> {
        int of(R report);
    }

    private interface More<R> {
        boolean of(R report);
    }

    private static <R> int keep(Nanos times, Supplier<CompletionStage<R>> step, Count<R> count, More<R> more) {
        int ended = 0;
        R report;
        do {
            long began = System.nanoTime();
            report = step.get().toCompletableFuture().join();
            times.add(System.nanoTime() - began);
            ended += count.of(report);
        } while (more.of(report));
        return ended;
    }

    private CompletableFuture<Void> caller(int number) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        goOn(end, number);
        return end;
    }

    private void goOn(CompletableFuture<Void> end, int number) {
        if (housekept.get() && charges.count() > 1000) {
            end.complete(null);
            return;
        }
        long began = System.nanoTime();
        var unused = charge(number).whenComplete((done, failure) -> {
            if (failure != null) {
                end.completeExceptionally(failure);
            } else {
                charges.add(System.nanoTime() - began);
                goOn(end, (number + CALLERS) % SizedStore.WALLETS);
            }
        });
    }

    private CompletionStage<?> charge(int wallet) {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        StringBuilder digits = new StringBuilder();
        for (byte one : bytes) {
            digits.append(Character.forDigit(one >> 4 & 7, 16)).append(Character.forDigit(one & 15, 16));
        }
        String id = digits.toString();
        known = id;
        Instant expires = Instant.now().plus(Duration.ofMinutes(5));
        ChargeTerms terms = new ChargeTerms(
                id,
                "hash",
                "p" + id,
                SizedStore.wallet(wallet),
                SizedStore.PAYEE,
                "docs",
                "wallet",
                SizedStore.USD,
                3,
                expires,
                true);
        HoldRequest request = new HoldRequest(terms, "key-of-" + wallet, 1, Duration.ofSeconds(30), null);
        return ledger.reserve(request).thenCompose(reserved -> {
            if (!(reserved instanceof Reserved.Held held)) {
                throw new IllegalStateException("refused: " + reserved);
            }
            return ledger.capture(held.ref(), 3, ANSWER);
        });
    }

    // ---- reading

    private void lookups() {
        Nanos times = new Nanos();
        for (int i = 0; i < LOOKUPS; i++) {
            long began = System.nanoTime();
            ledger.charge(i % 2 == 0 ? known : Long.toHexString(random.nextLong()))
                    .toCompletableFuture()
                    .join();
            times.add(System.nanoTime() - began);
        }
        show("a charge looked up", times);
    }

    private static <T> T timed(String what, Supplier<CompletionStage<T>> call) {
        long began = System.nanoTime();
        T result = call.get().toCompletableFuture().join();
        System.out.printf(Locale.ROOT, "%s: %.1f ms%n", what, (System.nanoTime() - began) / 1e6);
        return result;
    }

    private static void show(String what, Nanos times) {
        System.out.printf(
                Locale.ROOT,
                "%s: median %.2f ms, 99 in 100 below %.2f ms, longest %.2f ms (%d of them)%n",
                what,
                times.quantile(0.5) / 1e6,
                times.quantile(0.99) / 1e6,
                times.quantile(1) / 1e6,
                times.count());
    }

    /** The most that was ever in use, garbage included; and what is in use when garbage is gone. */
    private static void heap(String when) {
        long peak = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                peak += pool.getPeakUsage().getUsed();
            }
        }
        System.gc();
        long live = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        System.out.printf(
                Locale.ROOT,
                "heap %s: at most %.0f MiB with garbage, %.0f MiB live, limit %.0f MiB%n",
                when,
                peak / 1048576.0,
                live / 1048576.0,
                Runtime.getRuntime().maxMemory() / 1048576.0);
    }
}
