package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {

    @TempDir
    private Path folder = Path.of("");

    private final TestClock clock = new TestClock();
    private final Payments payments = new Payments(clock);

    @Test
    void round_endsAllThatIsOverdue_howeverMuchItIs() {
        try (Ledger ledger = open();
                Housekeeping housekeeping = new Housekeeping(ledger)) {
            fund(ledger);
            for (int i = 0; i < 120; i++) {
                await(ledger.reserve(payments.hold("c" + i, 1)));
            }
            clock.advance(Payments.HOLD.plusMillis(1));

            housekeeping.round();

            assertThat(await(ledger.accounts(ALICE))).containsExactly(new Account(USD, 1000, 0));
            assertThat(await(ledger.check()).findings()).isEmpty();
        }
    }

    @Test
    void round_purgesFromTimeToTime() {
        try (Ledger ledger = open();
                Housekeeping housekeeping = new Housekeeping(ledger)) {
            fund(ledger);
            housekeeping.round();
            await(ledger.reserve(payments.hold("c1", 0)));
            clock.advance(Duration.ofDays(2));

            for (int i = 1; i < Housekeeping.ROUNDS_A_PURGE; i++) {
                housekeeping.round();
            }
            assertThat(await(ledger.charge("c1"))).isPresent();
            housekeeping.round();

            assertThat(await(ledger.charge("c1"))).isEmpty();
        }
    }

    @Test
    void round_ledgerFails_neverThrows() {
        Ledger ledger = open();
        try (Housekeeping housekeeping = new Housekeeping(ledger)) {
            ledger.close();
            housekeeping.round();
        }
    }

    @Test
    @Timeout(60)
    void start_goesOnRoundAfterRound_evenIfTheLedgerFails() throws Exception {
        goesOnAfter(CompletableFuture.failedStage(new IllegalStateException("made to fail")));
        goesOnAfter(CompletableFuture.failedStage(new CompletionException(new OutOfMemoryError("made to fail"))));
        goesOnAfter(null);
    }

    /** After this answer of the ledger, or an error in place of one. */
    private static void goesOnAfter(@Nullable CompletionStage<?> answer) throws InterruptedException {
        CountDownLatch sweeps = new CountDownLatch(3);
        Ledger failing = (Ledger) Proxy.newProxyInstance(
                HousekeepingTest.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) -> {
                    sweeps.countDown();
                    if (answer == null) {
                        throw new StackOverflowError("made to fail");
                    }
                    return answer;
                });
        try (Housekeeping housekeeping = Housekeeping.start(failing, Duration.ofMillis(10))) {
            sweeps.await();
            assertThat(housekeeping).isNotNull();
        }
    }

    @Test
    void start_withoutAPause_isRefused() {
        try (Ledger ledger = open()) {
            assertThatThrownBy(() -> Housekeeping.start(ledger, Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("pause");
        }
    }

    private static void fund(Ledger ledger) {
        await(ledger.register(Payments.registration(ALICE)));
        await(ledger.topUp(new TopUp(ALICE, USD, 1000, "first")));
    }

    private Ledger open() {
        return SqliteLedger.open(
                folder.resolve("ledger.db"),
                LedgerOptions.builder(ForkJoinPool.commonPool())
                        .clock(clock)
                        .maxHolds(1000)
                        .build());
    }
}
