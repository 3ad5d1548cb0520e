package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that earlier versions wrote. */
class StoreUpgradeTest {

    @TempDir
    private Path folder = Path.of("");

    private final TestClock clock = new TestClock();

    @BeforeEach
    void writeTheOldStore() {
        OldStore.write(folder.resolve("ledger.db"));
    }

    @Test
    @Requirement({"F-ST-53"})
    void open_storeOfVersion1_hasTheSameBooksAndIsSound() {
        try (Ledger ledger = open()) {
            CheckReport report = await(ledger.check());

            assertThat(report.findings()).isEmpty();
            assertThat(report.transfers()).isEqualTo(17);
            assertThat(report.charges()).isEqualTo(8);
            assertThat(report.totals())
                    .containsExactly(new Totals("eur.e6", -50, 50, 0, 0, 0), new Totals(USD, -1070, 673, 300, 97, 0));
            assertThat(await(ledger.accounts(ALICE)))
                    .containsExactly(new Account("eur.e6", 50, 0), new Account(USD, 603, 300));
            assertThat(await(ledger.wallet("w_bob")).orElseThrow())
                    .isEqualTo(new Wallet(
                            "w_bob",
                            Wallet.Status.SUSPENDED,
                            3,
                            List.of(Payments.key("key-of-w_bob"), Payments.key("second-of-bob")),
                            clock.instant()));
            assertThat(await(ledger.storedOutcome("captured", "hash-captured"))).contains(ANSWER);
            assertThat(await(ledger.statement(ALICE, null, 100)).transfers())
                    .extracting(Transfer::sequence)
                    .startsWith(17L)
                    .hasSize(16);
        }
    }

    @Test
    void open_storeOfVersion1_goesOnWhereItWas_andOpensAgain() {
        try (Ledger ledger = open()) {
            TakeOver.Taken taken = (TakeOver.Taken) await(ledger.takeOver("held", "hash-held", Payments.HOLD));
            await(ledger.capture(taken.ref(), 250, ANSWER));
            assertThat(await(ledger.refund(new RefundRequest("captured", 30, "r2", "goodwill"))))
                    .isInstanceOf(RefundResult.Refunded.class);
            assertThat(await(ledger.refund(new RefundRequest("captured", 10, "r1", "goodwill"))))
                    .isInstanceOf(RefundResult.Repeated.class);
            await(ledger.setLimit(ALICE, "usd", "0.001", false));
            assertThat(await(ledger.limits(ALICE)).get(0).spent()).isEqualTo("0.000377");
            assertThat(await(ledger.topUp(new TopUp(ALICE, USD, 1, "third")))).isInstanceOf(TopUpResult.Credited.class);
            assertThat(await(ledger.statement(ALICE, null, 1))
                            .transfers()
                            .get(0)
                            .sequence())
                    .isGreaterThan(17);
        }
        clock.advance(Payments.HOLD.plusMillis(1));

        try (Ledger ledger = open()) {
            assertThat(await(ledger.sweep())).isEqualTo(new SweepReport(1, 1, false));
            await(ledger.register(
                    new WalletRegistration("w_carl", Payments.key("k"), Payments.key("r"), Map.of("usd", "1"))));
            assertThat(await(ledger.check()).findings()).isEmpty();
        }
    }

    @Test
    @Requirement({"F-TK-144"})
    void open_storeWithTokensThatNobodyCounted_countsThem() throws SQLException {
        Path store = folder.resolve("tokens.db");
        List<Solvency> before;
        try (Ledger ledger = open(store)) {
            RichBooks.write(ledger, clock);
            before = await(ledger.tokens().solvency());
        }
        try (Session session = SqliteLedger.write(store, clock)) {
            session.execute("DROP TABLE token_count");
            session.execute("DROP TABLE token_key_change");
            session.execute("DELETE FROM schema_migration WHERE version = 7");
        }

        try (Ledger ledger = open(store)) {
            assertThat(await(ledger.tokens().solvency())).isEqualTo(before).anyMatch(key -> key.used() > 1);
            assertThat(await(ledger.check()).findings()).isEmpty();
        }
    }

    private Ledger open() {
        return open(folder.resolve("ledger.db"));
    }

    private Ledger open(Path store) {
        return SqliteLedger.open(
                store,
                LedgerOptions.builder(ForkJoinPool.commonPool()).clock(clock).build());
    }
}
