package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.app.Terminal;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that cannot even be read or added up: the command names them and does not fail on them. */
class SpoiltStoreTest {

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @Requirement({"F-ST-101"})
    @CsvSource({
        "UPDATE account SET available = 9223372036854775807, account w_alice usd.e6:",
        "UPDATE account SET available = 999999999999999999, account w_alice usd.e6:",
        "UPDATE account SET available = available || 'x', account w_alice usd.e6:",
        "UPDATE account SET available = available + 0.5, account w_alice usd.e6:",
        "UPDATE account SET currency = 'usd.e6x', account w_alice usd.e6x:",
        "UPDATE transfer SET amount = 9223372036854775807, transfer topup:w_alice:first:",
        "UPDATE transfer SET amount = amount || '-', transfer topup:w_alice:first:",
        "UPDATE transfer SET currency = '', transfer topup:w_alice:first:",
        "UPDATE charge SET expires = 9223372036854775807, charge c1:",
        "UPDATE charge SET amount = 'much', charge c1:",
        "UPDATE charge SET credential_hash = '', charge c1:",
    })
    void checkCommand_rowThatMakesNoSense_isNamed(String edit, String named) throws Exception {
        Path store = folder.resolve("ledger.db");
        LedgerOptions options = LedgerOptions.builder(ForkJoinPool.commonPool()).build();
        try (Ledger ledger = SqliteLedger.open(store, options)) {
            await(ledger.register(Payments.registration(ALICE)));
            await(ledger.topUp(new TopUp(ALICE, USD, 1000, "first")));
            await(ledger.reserve(new Payments(InstantSource.system()).hold("c1", 300)));
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(edit);
        }

        Terminal check = Terminal.run("ledger", "check", "--store", store);

        assertThat(check.out()).contains("WRONG  " + named).contains("The books are NOT sound.");
        assertThat(check.exitCode()).isEqualTo(4);
    }
}
