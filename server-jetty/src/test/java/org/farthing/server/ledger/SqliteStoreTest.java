package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to the embedded store: its file, its schema, its settings. */
class SqliteStoreTest {

    @TempDir
    private Path folder = Path.of("");

    private Path store = folder;

    @BeforeEach
    void nameTheStore() {
        store = folder.resolve("ledger.db");
    }

    @Test
    void open_newStore_filesAreTheOwnersOnly() throws Exception {
        try (Ledger ledger = open()) {
            await(ledger.register(Payments.registration(ALICE)));
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> all = files.toList();
                assertThat(all)
                        .extracting(file -> file.getFileName().toString())
                        .containsExactlyInAnyOrder("ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.db.lock");
                for (Path file : all) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------");
                }
            }
        }
    }

    @Test
    @Requirement({"F-ST-73", "T45"})
    void open_afterItsCarrierDied_whatItCarriedIsDueAtOnce() throws Exception {
        Instant now = new TestClock().instant();
        HoldRequest request = new HoldRequest(
                Payments.terms("c1", "t1", "r_payer", 100, now.plus(Payments.VALID)),
                "key",
                0,
                Payments.HOLD,
                null,
                new Backing("https://wallet.example", "t1", now.plus(Duration.ofHours(1)), 1000, null));
        try (Ledger ledger = open()) {
            Reserved.Held held = (Reserved.Held) await(ledger.reserve(request));
            await(ledger.capture(held.ref(), 100, Payments.ANSWER));
            assertThat(await(ledger.outbox().due(10, Duration.ofMinutes(1)))).hasSize(1);
            assertThat(await(ledger.outbox().due(10, Duration.ofMinutes(1)))).isEmpty();
        }

        try (Ledger ledger = open()) {
            assertThat(await(ledger.outbox().due(10, Duration.ofMinutes(1)))).hasSize(1);
        }
    }

    @Test
    void open_storeOthersCanRead_isTakenFromThem() throws Exception {
        open().close();
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rw-r--r--"));

        open().close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store)))
                .isEqualTo("rw-------");
    }

    @Test
    void open_newerSchema_isRefusedWithASentence() throws Exception {
        open().close();
        sql("INSERT INTO schema_migration VALUES (99, '0099-later', 'x', 0)");

        assertRefused("its schema has version 99 and this program knows versions up to 7");
    }

    @Test
    void open_alteredMigration_isRefused() throws Exception {
        open().close();
        sql("UPDATE schema_migration SET checksum = 'x'");

        assertRefused("0001-ledger is not the one this program has");
    }

    @Test
    void open_databaseOfSomethingElse_isRefusedAndNotTouched() throws Exception {
        sql("CREATE TABLE recipe (name TEXT)");

        assertRefused("it is a database of something else");

        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                Statement statement = connection.createStatement();
                ResultSet tables = statement.executeQuery("SELECT name FROM sqlite_master")) {
            assertThat(tables.next()).isTrue();
            assertThat(tables.getString(1)).isEqualTo("recipe");
            assertThat(tables.next()).isFalse();
        }
    }

    @Test
    void open_notADatabase_isRefusedAndKeptAsItIs() throws Exception {
        Files.writeString(store, "not a database, but long enough to look like one: ".repeat(20));

        assertRefused("the database says");

        assertThat(Files.readString(store)).startsWith("not a database");
    }

    @Test
    void open_folderThatIsNotThere_isRefused() {
        store = folder.resolve("no/such/ledger.db");

        assertRefused("its folder does not exist");
    }

    @Test
    void open_pathWithAQuestionMark_isRefused() {
        store = folder.resolve("ledger?mode=memory");

        assertRefused("question mark");
    }

    @Test
    void open_afterARefusal_worksOnceTheCauseIsGone() throws Exception {
        open().close();
        sql("INSERT INTO schema_migration VALUES (99, '0099-later', 'x', 0)");
        assertRefused("version 99");
        sql("DELETE FROM schema_migration WHERE version = 99");

        open().close();
    }

    @ParameterizedTest
    @Requirement({"F-ST-53"})
    @ValueSource(
            strings = {
                "UPDATE account SET available = 1001",
                "UPDATE account SET held = 299, available = 701",
                "UPDATE account SET currency = 'eur.e6'",
                "UPDATE transfer SET amount = 1001 WHERE kind = 'TOP_UP'",
                "UPDATE transfer SET amount = amount + 1 WHERE kind = 'HOLD'",
                "UPDATE transfer SET kind = 'TOP_UP' WHERE kind = 'REFUND'",
                "UPDATE transfer SET to_account = 'payee:https://thief.example' WHERE kind = 'CAPTURE'",
                "UPDATE transfer SET currency = 'eur.e6' WHERE kind = 'CAPTURE'",
                "UPDATE transfer SET wallet = 'w_bob' WHERE kind = 'CAPTURE'",
                "UPDATE transfer SET at = at + 1 WHERE kind = 'CAPTURE'",
                "UPDATE transfer SET note = 'other' WHERE kind = 'REFUND'",
                "DELETE FROM transfer WHERE kind = 'CAPTURE'",
                "UPDATE charge SET amount = amount + 1",
                "UPDATE charge SET payee = 'https://thief.example'",
                "UPDATE charge SET wallet = 'w_bob'",
                "UPDATE charge SET expires = expires + 1",
                "UPDATE charge SET repeatable = 0",
                "UPDATE charge SET key_thumbprint = 'x'",
                "UPDATE charge SET created_at = created_at + 1",
                "UPDATE charge SET captured = captured - 1 WHERE state = 'CAPTURED'",
                "UPDATE charge SET refunded = refunded + 1 WHERE state = 'CAPTURED'",
                "UPDATE charge SET state = 'RELEASED' WHERE state = 'HELD'",
                "UPDATE charge SET state = 'HELD' WHERE state = 'RELEASED'",
                "UPDATE charge SET delivery = 'PENDING' WHERE state = 'CAPTURED'",
                "DELETE FROM charge WHERE state = 'HELD'",
                "UPDATE wallet SET holds = 0",
            })
    void check_rowAlteredByHand_isFound(String edit) throws Exception {
        try (Ledger ledger = open()) {
            fill(ledger);
            assertThat(await(ledger.check()).findings()).isEmpty();
        }
        sql(edit);

        try (Ledger ledger = open()) {
            CheckReport report = await(ledger.check());
            assertThat(report.sound()).isFalse();
            assertThat(report.findings())
                    .allSatisfy(finding -> assertThat(finding.row()).isNotEmpty());
        }
    }

    @Test
    void check_rowAltered_namesTheRow() throws Exception {
        try (Ledger ledger = open()) {
            fill(ledger);
        }
        sql("UPDATE transfer SET amount = 41 WHERE id = 'capture:captured'");

        try (Ledger ledger = open()) {
            assertThat(await(ledger.check()).findings())
                    .contains(new CheckReport.Finding(
                            "transfer", "capture:captured", "the row was altered: its hash does not fit"));
        }
    }

    @Test
    void settings_everyCommitIsSynced() throws Exception {
        try (Ledger ledger = open()) {
            await(ledger.totals());
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                    Statement statement = connection.createStatement();
                    ResultSet mode = statement.executeQuery("PRAGMA journal_mode")) {
                assertThat(mode.getString(1)).isEqualTo("wal");
            }
        }
        try (Session session = SqliteLedger.write(store, InstantSource.system())) {
            assertThat(session.all("PRAGMA synchronous", row -> row.getInt(1))).containsExactly(2);
            assertThat(session.all("PRAGMA foreign_keys", row -> row.getInt(1))).containsExactly(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"OVERDUE", "SHORT_KEPT", "LONG_KEPT", "NEVER_FUNDED", "PURGE_OUTCOMES", "PURGE_KEYS", "STATEMENT"
            })
    void plan_ofStatementsThatRunAllTheTime_scansNoWholeTable(String name) throws Exception {
        open().close();
        String sql = (String) Sql.class.getDeclaredField(name).get(null);
        try (Session session = SqliteLedger.read(store, InstantSource.system())) {
            Object[] arguments =
                    sql.chars().filter(c -> c == '?').mapToObj(c -> 1L).toArray();
            List<String> plan = session.all("EXPLAIN QUERY PLAN " + sql, row -> row.getString("detail"), arguments);
            assertThat(plan).isNotEmpty().noneMatch(step -> step.matches("SCAN .*") && !step.contains("INDEX"));
            assertThat(plan).noneMatch(step -> step.contains("TEMP B-TREE FOR ORDER BY"));
        }
    }

    private static void fill(Ledger ledger) {
        Payments payments = new Payments(new TestClock());
        await(ledger.register(Payments.registration(ALICE)));
        await(ledger.register(Payments.registration("w_bob")));
        await(ledger.topUp(new TopUp(ALICE, USD, 1000, "first")));
        await(ledger.reserve(payments.hold("held", 300)));
        HoldRef captured = ref(ledger, payments.hold("captured", 100));
        await(ledger.capture(captured, 40, Payments.ANSWER));
        await(ledger.refund(new RefundRequest("captured", 10, "r1", "goodwill")));
        HoldRef released = ref(ledger, payments.hold("released", 50));
        await(ledger.release(released, ReleaseReason.WAIVED, Execution.NO));
    }

    private static HoldRef ref(Ledger ledger, HoldRequest request) {
        return ((Reserved.Held) await(ledger.reserve(request))).ref();
    }

    private Ledger open() {
        return SqliteLedger.open(
                store,
                LedgerOptions.builder(ForkJoinPool.commonPool())
                        .clock(new TestClock())
                        .build());
    }

    private void assertRefused(String why) {
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageStartingWith("The ledger's store " + store)
                .hasMessageContaining(why);
    }

    /** An edit by hand, as somebody with the sqlite3 shell would do it. */
    private void sql(String edit) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(edit)).isNotNegative();
        }
    }
}
