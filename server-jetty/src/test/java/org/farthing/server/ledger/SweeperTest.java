package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sweeper's own rules; that exactly one of sweeper and handler wins is in {@link org.farthing.server.ledger.kit.SettlementContract}. */
@Requirement({"F-ST-23", "T42"})
class SweeperTest {

    @TempDir
    private Path folder = Path.of("");

    private final TestClock clock = new TestClock();
    private final Payments payments = new Payments(clock);
    private @Nullable Ledger opened;

    @BeforeEach
    void fund() {
        opened = SqliteLedger.open(
                folder.resolve("ledger.db"),
                LedgerOptions.builder(ForkJoinPool.commonPool())
                        .clock(clock)
                        .maxHolds(1000)
                        .build());
        await(ledger().register(Payments.registration(ALICE)));
        await(ledger().topUp(new TopUp(ALICE, USD, 1000, "first")));
    }

    @AfterEach
    void close() {
        ledger().close();
    }

    private Ledger ledger() {
        return Objects.requireNonNull(opened);
    }

    @Test
    void sweep_moreThanOneStep_saysSo() {
        for (int i = 0; i < 101; i++) {
            await(ledger().reserve(payments.hold("c" + i, 1)));
        }
        clock.advance(Payments.HOLD.plusMillis(1));

        assertThat(await(ledger().sweep())).isEqualTo(new SweepReport(100, 0, true));
        assertThat(await(ledger().sweep())).isEqualTo(new SweepReport(1, 0, false));
    }

    @Test
    void sweep_theLongestOverdueComesFirst() {
        await(ledger().reserve(payments.hold("first", 1)));
        clock.advance(Payments.HOLD.minusSeconds(1));
        await(ledger().reserve(payments.hold("second", 1)));
        clock.advance(Payments.HOLD.minusSeconds(1));

        assertThat(await(ledger().sweep()).released()).isEqualTo(1);

        assertThat(await(ledger().charge("first")).orElseThrow().state()).isEqualTo(ChargeState.RELEASED);
        assertThat(await(ledger().charge("second")).orElseThrow().state()).isEqualTo(ChargeState.HELD);
    }

    @Test
    void sweep_oneChargeContradictsItself_theOthersEnd() throws Exception {
        await(ledger().reserve(payments.hold("broken", 300)));
        clock.advance(Duration.ofSeconds(1));
        await(ledger().reserve(payments.hold("sound", 0)));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                Statement statement = connection.createStatement()) {
            // Less than the charge holds: giving 300 back from it would lead below zero.
            assertThat(statement.executeUpdate("UPDATE account SET held = 299")).isEqualTo(1);
        }
        clock.advance(Payments.HOLD.plusMillis(1));

        assertThat(await(ledger().sweep())).isEqualTo(new SweepReport(1, 0, false));

        assertThat(await(ledger().charge("sound")).orElseThrow().state()).isEqualTo(ChargeState.RELEASED);
        assertThat(await(ledger().charge("broken")).orElseThrow().state()).isEqualTo(ChargeState.HELD);
        assertThat(await(ledger().accounts(ALICE))).containsExactly(new Account(USD, 700, 299));
        assertThat(await(ledger().check()).sound()).isFalse();
    }
}
