package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.Transfer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the contracts of a {@link Ledger} share. A store's own tests extend the contracts and say how to open it; {@link
 * #reopen} must lead to the same books, with the earlier owner gone.
 */
public abstract class LedgerKit {

    /** A lease for stores that nodes share: tests set the clock forward, and their own node is alive all the same. */
    static final Duration A_YEAR = Duration.ofDays(365);

    /** The ledger's time. */
    protected final TestClock clock = new TestClock();

    /** Makes requests. */
    protected final Payments payments = new Payments(clock);

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private @Nullable Ledger opened;

    /** For the store's own test. */
    protected LedgerKit() {}

    /**
     * Opens the store under test, with the books it has.
     *
     * @param options how
     * @return the open ledger
     */
    protected abstract Ledger open(LedgerOptions options);

    /**
     * Changes the options the tests run with.
     *
     * @param options the builder
     * @return the builder
     */
    protected LedgerOptions.Builder with(LedgerOptions.Builder options) {
        return options.clock(clock).nodeLease(A_YEAR).maxHolds(4).releasesPerMinute(3);
    }

    /**
     * Returns the open ledger.
     *
     * @return the ledger
     */
    protected final Ledger ledger() {
        Ledger ledger = opened;
        if (ledger == null) {
            throw new IllegalStateException("not open");
        }
        return ledger;
    }

    /** Ends the ledger's owner and opens the same books again. */
    protected final void reopen() {
        ledger().close();
        opened = open(with(LedgerOptions.builder(callers)).build());
    }

    @BeforeEach
    final void openWithAlice() {
        opened = open(with(LedgerOptions.builder(callers)).build());
        await(ledger().register(Payments.registration(ALICE)));
        await(ledger().topUp(new TopUp(ALICE, USD, 1000, "first")));
    }

    /** Whatever a test did, the books must be sound after it. */
    @AfterEach
    final void booksAreSound() {
        try {
            CheckReport report = await(ledger().check());
            assertThat(report.findings()).isEmpty();
            assertThat(report.totals()).allMatch(total -> total.sum() == 0);
        } finally {
            ledger().close();
            callers.shutdownNow();
        }
    }

    /**
     * Starts all calls at one moment, from threads of their own.
     *
     * @param threads how many
     * @param call what each does
     * @param <T> the result
     * @return the results, in the threads' order
     * @throws Exception what a call threw
     */
    protected final <T> List<T> race(int threads, IntFunction<CompletionStage<T>> call) throws Exception {
        CountDownLatch ready = new CountDownLatch(threads);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            futures.add(callers.submit(() -> {
                ready.countDown();
                go.await();
                return await(call.apply(number));
            }));
        }
        ready.await();
        go.countDown();
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get());
        }
        return results;
    }

    /** Alice's account in {@link Payments#USD}. */
    protected final Account account() {
        Optional<Account> account = await(ledger().accounts(ALICE)).stream()
                .filter(one -> one.currency().equals(USD))
                .findFirst();
        return account.orElseThrow();
    }

    /** The totals of the only currency. */
    protected final Totals totals() {
        List<Totals> totals = await(ledger().totals());
        assertThat(totals).hasSize(1);
        return totals.get(0);
    }

    /** The kinds of Alice's transfers, newest first. */
    protected final List<Transfer.Kind> kinds() {
        return await(ledger().statement(ALICE, null, 1000)).transfers().stream()
                .map(Transfer::kind)
                .toList();
    }
}
