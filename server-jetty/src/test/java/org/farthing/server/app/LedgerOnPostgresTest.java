package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.PostgresLedger;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.server.postgres.TestPostgres;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands on a shared store, beside a node that serves from it. */
class LedgerOnPostgresTest {

    private static final String WALLET = "w_kPrK_qmxVWaYVA9wwBF6Ig";

    private final String store = TestPostgres.emptyStore();

    private Ledger node() {
        Ledger node = PostgresLedger.open(
                TestPostgres.at(store),
                LedgerOptions.builder(ForkJoinPool.commonPool()).build());
        node.register(new WalletRegistration(
                        WALLET, new WalletKey("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "{}")))
                .toCompletableFuture()
                .join();
        return node;
    }

    private Terminal ledger(Object... words) {
        List<Object> all = new ArrayList<>(List.of("ledger", "--store", store));
        all.addAll(List.of(words));
        return Terminal.run(all.toArray());
    }

    @Test
    @Requirement({"F-OP-2", "F-OP-6"})
    void commands_besideANode_readAndWriteTheSameBooks(@TempDir Path temp) throws Exception {
        try (Ledger node = node()) {
            Terminal topUp = Terminal.run("wallet", "topup", "--store", store, WALLET, "5usd");

            assertThat(topUp.err()).isEmpty();
            assertThat(topUp.out()).isEqualTo(WALLET + " has 5.00 USD available (5000000 usd.e6).\n");
            assertThat(node.accounts(WALLET).toCompletableFuture().join()).hasSize(1);
            assertThat(Terminal.run("wallet", "list", "--store", store).out())
                    .isEqualTo(WALLET + "  ACTIVE  5.00 USD\n1 wallet.\n");
            assertThat(ledger("check").out()).startsWith("1 transfers and 0 charges read.\n");
            assertThat(ledger("check").exitCode()).isZero();
            assertThat(ledger("statement", WALLET).out()).contains("TOP_UP          +5.00 USD\n1 transfer.\n");
            assertThat(ledger("reconcile").out()).startsWith("PERIOD");
            Path file = temp.resolve("transfers.jsonl");
            assertThat(ledger("export", "--format", "jsonl", "--out", file).exitCode())
                    .isZero();
            assertThat(Files.readAllLines(file)).hasSize(1).first().asString().contains("\"amount\":\"5000000\"");
        }
    }

    @Test
    @Requirement({"F-OP-3", "F-OP-50"})
    void commands_emptySchema_makeNoBooks_butMigrateDoes() {
        assertThat(ledger("check").err()).contains("it is empty; a server makes the books");
        Terminal topUp = Terminal.run("wallet", "topup", "--store", store, WALLET, "5usd");
        assertThat(topUp.exitCode()).isEqualTo(1);
        assertThat(topUp.err()).contains("it is empty").doesNotContain("--url");

        Terminal migrate = ledger("migrate");

        assertThat(migrate.exitCode()).isZero();
        assertThat(migrate.out()).contains(" is brought from schema version 0 to ");
        assertThat(ledger("check").out()).contains("The books are sound.");
    }

    @Test
    @Requirement({"F-OP-42"})
    void backup_namesTheDatabasesOwnTool() {
        Terminal terminal = ledger("backup", "it's.dump");

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err())
                .contains(
                        "pg_dump --format=custom --schema=store_", "'--file=it'\\''s.dump'", "--host=localhost --port=")
                .contains("--username=postgres --dbname=postgres");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://shop:s3cret@db.example/books",
                "jdbc:postgresql://shop:s3cret@db.example/books",
                "jdbc:mysql://db.example/books?password=s3cret",
                "jdbc:postgresql://127.0.0.1:1/books?user=shop&password=s3cret",
                "jdbc:postgresql://127.0.0.1:1/books?user=shop&password=s3cret%zz",
            })
    @Requirement({"F-OP-6"})
    void store_withAPassword_isNeverShown(String url) {
        for (String command : List.of("check", "migrate", "export")) {
            Terminal terminal = Terminal.run("ledger", command, "--store", url);
            assertThat(terminal.exitCode()).isIn(1, 2);
            assertThat(terminal.err()).isNotEmpty().doesNotContain("s3cret", "Exception");
            assertThat(terminal.out()).isEmpty();
        }
        assertThat(Terminal.run("wallet", "list", "--store", url).err()).doesNotContain("s3cret");
    }

    @Test
    @Requirement({"F-OP-6"})
    void password_ofTheEnvironment_isUsedWhereTheUrlHasNone() {
        StoreAddress address = StoreAddress.parse("jdbc:postgresql://db.example/books?user=shop", "s3cret");

        assertThat(address).hasToString("jdbc:postgresql://db.example/books?user=shop");
        assertThat(address.url()).isPresent();
        assertThat(address.file()).isEmpty();
    }
}
