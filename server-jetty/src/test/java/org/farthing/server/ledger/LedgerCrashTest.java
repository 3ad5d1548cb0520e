package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.ledger.kit.Tokens;
import org.farthing.server.postgres.TestPostgres;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that die with the ledger open, and two processes on one store. */
@Timeout(120)
class LedgerCrashTest {

    @TempDir
    private Path folder = Path.of("");

    private final TestClock clock = new TestClock();

    @Test
    @Requirement({"T45", "T72"})
    void kill_betweenHoldAndCapture_theSameBytesTakeOverOnceAndPayOnce() throws Exception {
        killAfterOneLine("hold");

        try (Ledger ledger = open()) {
            soundWith(ledger, new Account(USD, 99_700, 300));
            HoldRef dead = new HoldRef("c1", ALICE, 1, clock.instant());
            TakeOver.Taken taken = (TakeOver.Taken) await(ledger.takeOver("c1", "hash-c1", HOLD));
            assertThat(await(ledger.takeOver("c1", "hash-c1", HOLD))).isInstanceOf(TakeOver.Refused.class);
            assertThat(await(ledger.capture(dead, 300, ANSWER))).isInstanceOf(Transition.Lost.class);
            assertThat(await(ledger.capture(taken.ref(), 300, ANSWER))).isInstanceOf(Transition.Done.class);
            soundWith(ledger, new Account(USD, 99_700, 0));
        }
    }

    @Test
    @Requirement({"T45"})
    void kill_betweenHoldAndCapture_andNobodyComesBack_theSweeperReleases() throws Exception {
        killAfterOneLine("hold");

        try (Ledger ledger = open()) {
            clock.advance(HOLD.plusMillis(1));
            assertThat(await(ledger.sweep()).released()).isEqualTo(1);
            assertThat(await(ledger.takeOver("c1", "hash-c1", HOLD))).isInstanceOf(TakeOver.Refused.class);
            soundWith(ledger, new Account(USD, 100_000, 0));
        }
    }

    @Test
    @Requirement({"T45"})
    void kill_afterAnUpfrontCharge_theSweeperRefundsInFull() throws Exception {
        killAfterOneLine("upfront");

        try (Ledger ledger = open()) {
            soundWith(ledger, new Account(USD, 99_700, 0));
            clock.advance(HOLD.plusMillis(1));
            assertThat(await(ledger.sweep()).refunded()).isEqualTo(1);
            soundWith(ledger, new Account(USD, 100_000, 0));
        }
    }

    @Test
    @Requirement({"T45"})
    void kill_amidPayments_everyAcknowledgedCaptureIsThereAndTheBooksAreSound() throws Exception {
        Path store = folder.resolve("ledger.db");
        List<String> acknowledged = new ArrayList<>();
        Process child = LedgerChild.start(store, "storm");
        try (BufferedReader lines = LedgerChild.lines(child)) {
            for (int i = 0; i < 200; i++) {
                acknowledged.add(lines.readLine());
            }
            // By its handle: Process.destroyForcibly would also close the stream with what it has said so far.
            child.toHandle().destroyForcibly();
            lines.lines().filter(line -> line.matches("c\\d-\\d+")).forEach(acknowledged::add);
        }
        child.waitFor();

        try (Ledger ledger = open()) {
            CheckReport report = await(ledger.check());
            assertThat(report.findings()).isEmpty();
            assertThat(report.totals()).hasSize(1).allMatch(total -> total.sum() == 0);
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(200).doesNotContainNull();
            // The last line may have been cut: "c1-12" of "c1-123" is the id of an earlier payment, which is there too.
            for (String id : acknowledged) {
                assertThat(await(ledger.charge(id)).orElseThrow().state()).isEqualTo(ChargeState.CAPTURED);
            }
        }
    }

    @Test
    @Requirement({"F-TK-49", "T45"})
    void kill_amidTokens_whatWasAcknowledgedIsThere_andNothingIsUsedOrIssuedTwice() throws Exception {
        killAmidTokens(folder.resolve("ledger.db"), this::open);
    }

    @Test
    @Requirement({"F-TK-49", "T45"})
    void kill_amidTokensOnPostgres_whatWasAcknowledgedIsThere_andNothingIsUsedOrIssuedTwice() throws Exception {
        String store = TestPostgres.emptyStore();
        killAmidTokens(store, () -> PostgresLedger.open(TestPostgres.at(store), options(), clock));
    }

    private void killAmidTokens(Object store, Supplier<Ledger> opener) throws Exception {
        List<String> acknowledged = new ArrayList<>();
        Process child = LedgerChild.start(store, "tokens");
        try (BufferedReader lines = LedgerChild.lines(child)) {
            for (int i = 0; i < 80; i++) {
                acknowledged.add(lines.readLine());
            }
            child.toHandle().destroyForcibly();
        }
        child.waitFor();

        try (Ledger ledger = opener.get()) {
            CheckReport report = await(ledger.check());
            assertThat(report.findings()).isEmpty();
            assertThat(report.totals()).hasSize(1).allMatch(total -> total.sum() == 0);
            assertThat(await(ledger.tokens().solvency())).hasSize(2).allMatch(Solvency::sound);
            acknowledged.forEach(line -> isThere(ledger, line));
        }
    }

    private void isThere(Ledger ledger, String line) {
        String name = line.substring(line.indexOf(' ') + 1);
        switch (line.substring(0, line.indexOf(' '))) {
            case "bought" ->
                assertThat(await(ledger.tokens().issued(TokenStorm.bought(name))))
                        .containsExactly(0, 1);
            case "swapped" ->
                assertThat(await(ledger.tokens().swap(TokenStorm.swap(name)))).isInstanceOf(SwapResult.Repeated.class);
            case "paid" ->
                assertThat(await(ledger.charge("c" + name)).orElseThrow().captured())
                        .isEqualTo(1);
            default ->
                assertThat(await(ledger.tokens()
                                        .redeem(
                                                Tokens.ISSUER,
                                                "https://shop.example",
                                                List.of(Tokens.token(1, "redeemed " + name))))
                                .results())
                        .containsExactly(RedeemResult.Redemption.REPEATED);
        }
    }

    @Test
    void open_whileAnotherProcessHasTheStore_isRefusedWithASentence() throws Exception {
        Path store = folder.resolve("ledger.db");
        Process child = LedgerChild.start(store, "open");
        try (BufferedReader lines = LedgerChild.lines(child)) {
            assertThat(lines.readLine()).isEqualTo("open");
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining(store.toString())
                    .hasMessageContaining("another process uses it");
        } finally {
            child.destroyForcibly();
            child.waitFor();
        }
        open().close();
    }

    @Test
    void open_inAnotherProcessWhileThisOneHasTheStore_isRefused_evenAfterASecondTryHere() throws Exception {
        Path store = folder.resolve("ledger.db");
        try (Ledger ledger = open()) {
            // On POSIX, closing a second channel on the lock file would drop this process's lock.
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("this process has it open already");
            Process child = LedgerChild.start(store, "open");
            try (BufferedReader lines = LedgerChild.lines(child)) {
                assertThat(lines.readLine()).contains("another process uses it");
            } finally {
                child.destroyForcibly();
            }
            assertThat(await(ledger.totals())).isEmpty();
        }
    }

    private void killAfterOneLine(String what) throws Exception {
        Process child = LedgerChild.start(folder.resolve("ledger.db"), what);
        try (BufferedReader lines = LedgerChild.lines(child)) {
            assertThat(lines.readLine()).isNotNull();
        } finally {
            // SIGKILL: no shutdown hook, no close.
            child.destroyForcibly();
        }
        assertThat(child.waitFor()).isNotZero();
    }

    private Ledger open() {
        return SqliteLedger.open(folder.resolve("ledger.db"), options());
    }

    private LedgerOptions options() {
        return LedgerOptions.builder(ForkJoinPool.commonPool()).clock(clock).build();
    }

    private static void soundWith(Ledger ledger, Account expected) {
        assertThat(await(ledger.check()).findings()).isEmpty();
        assertThat(await(ledger.accounts(ALICE))).containsExactly(expected);
    }
}
