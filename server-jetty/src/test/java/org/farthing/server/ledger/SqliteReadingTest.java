package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.io.BufferedReader;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reading, copying and migrating an embedded store, also while somebody else writes to it. */
@Timeout(120)
class SqliteReadingTest {

    @TempDir
    private Path folder = Path.of("");

    private Path store = folder;

    private final TestClock clock = new TestClock();
    private final Payments payments = new Payments(clock);
    private final LedgerOptions options =
            LedgerOptions.builder(ForkJoinPool.commonPool()).clock(clock).build();

    @BeforeEach
    void nameTheStore() {
        store = folder.resolve("ledger.db");
    }

    private void openWithAlice() {
        try (Ledger ledger = SqliteLedger.open(store, options)) {
            fund(ledger);
        }
    }

    private static void fund(Ledger ledger) {
        await(ledger.register(Payments.registration(ALICE)));
        await(ledger.topUp(new TopUp(ALICE, USD, 1000, "first")));
    }

    private void sql(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    // ---- reading

    @Test
    @Requirement({"F-OP-2"})
    void read_besideAnotherProcessThatPays_isSoundAtEveryMoment() throws Exception {
        Process child = LedgerChild.start(store, "storm");
        try (BufferedReader lines = LedgerChild.lines(child)) {
            lines.readLine();
            try (Books books = SqliteLedger.read(store, options)) {
                long before = await(books.lastSequence());
                for (int i = 0; i < 5; i++) {
                    CheckReport report = await(books.check());
                    assertThat(report.findings()).isEmpty();
                    assertThat(report.transfers()).isGreaterThanOrEqualTo(before);
                }
                long read = await(books.eachTransfer(Instant.MIN, Instant.MAX, transfer -> {}));
                // What the other process says is behind what it did; it goes on while this reads.
                while (await(books.lastSequence()) <= read) {
                    assertThat(lines.readLine()).isNotNull();
                }
            }
            assertThat(child.isAlive()).isTrue();
            assertThat(lines.readLine()).isNotNull();
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    @Requirement({"F-OP-2"})
    void read_besideALedgerOfThisProcess_seesEachCommit_andEndsNoLease() {
        try (Ledger ledger = SqliteLedger.open(store, options)) {
            fund(ledger);
            Reserved.Held held = (Reserved.Held) await(ledger.reserve(payments.hold("c1", 300)));
            try (Books books = SqliteLedger.read(store, options)) {
                assertThat(await(books.charge("c1")).orElseThrow().ownerAlive()).isTrue();
                assertThat(await(books.accounts(ALICE))).containsExactly(new Account(USD, 700, 300));
                await(ledger.capture(held.ref(), 300, ANSWER));
                assertThat(await(books.accounts(ALICE))).containsExactly(new Account(USD, 700, 0));
                assertThat(await(books.statement(ALICE, null, 1)).transfers())
                        .extracting(Transfer::kind)
                        .containsExactly(Transfer.Kind.CAPTURE);
            }
            assertThat(await(ledger.topUp(new TopUp(ALICE, USD, 1, "second"))))
                    .isInstanceOf(TopUpResult.Credited.class);
        }
    }

    @Test
    @Requirement({"F-OP-2"})
    void read_nobodyWrites_leavesNothingBehind() throws Exception {
        openWithAlice();
        byte[] before = Files.readAllBytes(store);

        try (Books books = SqliteLedger.read(store, options)) {
            assertThat(await(books.check()).findings()).isEmpty();
            assertThat(await(books.wallet(ALICE))).isPresent();
            assertThat(await(books.wallets(null, 10))).hasSize(1);
            assertThat(await(books.limits(ALICE))).isEmpty();
            assertThat(await(books.outbox().status())).isEmpty();
            assertThat(await(books.income(Instant.MIN, Instant.MAX))).isEmpty();
        }

        assertThat(Files.readAllBytes(store)).isEqualTo(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("ledger.db", "ledger.db.lock");
        }
    }

    @Test
    @Requirement({"F-OP-3"})
    void read_olderSchema_saysWhatBringsItUp_andChangesNothing() throws Exception {
        OldStore.write(store);
        byte[] before = Files.readAllBytes(store);

        assertRefused("its schema has version 1 and this program reads version", "farthing-server ledger migrate");
        assertThat(Files.readAllBytes(store)).isEqualTo(before);
    }

    @Test
    @Requirement({"F-OP-3"})
    void read_whatThisProgramDoesNotKnow_isRefusedWithASentence() throws Exception {
        assertRefused("there is no such file");
        assertThat(store).doesNotExist();

        Files.createFile(store);
        assertRefused("it is empty; a server makes the books");

        openWithAlice();
        sql("INSERT INTO schema_migration VALUES (99, '0099-later', 'x', 0)");
        assertRefused("its schema has version 99", "use the newer program");

        sql("DELETE FROM schema_migration WHERE version = 99");
        sql("UPDATE schema_migration SET checksum = 'x' WHERE version = 2");
        assertRefused("its migration 0002-wallet-services is not the one this program has");

        Files.delete(store);
        sql("CREATE TABLE recipe (name TEXT)");
        assertRefused("it is a database of something else");

        Files.writeString(store, "not a database at all, but long enough to be read as one".repeat(20));
        assertRefused("the database says");
    }

    private void assertRefused(String... words) {
        assertThatThrownBy(() -> SqliteLedger.read(store, options))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContainingAll(words)
                .hasMessageContaining(store.toString());
    }

    @Test
    @Requirement({"F-OP-10"})
    void eachTransfer_ofAGreatMany_keepsNoneOfThem() throws Exception {
        openWithAlice();
        sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
                + " INSERT INTO transfer (id, kind, wallet, challenge_id, from_account, to_account, currency, amount,"
                + " method, note, at, row_hash) SELECT 'many:' || i, 'CAPTURE', 'w_alice', 'c' || i, 'held:x',"
                + " 'payee:x', 'usd.e6', i, 'wallet', NULL, i, 'x' FROM n");
        List<WeakReference<Transfer>> some = new ArrayList<>();
        List<Long> kept = new ArrayList<>();

        try (Books books = SqliteLedger.read(store, options)) {
            long read = await(books.eachTransfer(Instant.MIN, Instant.MAX, transfer -> {
                if (transfer.sequence() % 1000 == 0) {
                    some.add(new WeakReference<>(transfer));
                }
                if (transfer.sequence() == 200_001) {
                    System.gc();
                    kept.add(some.stream().filter(one -> one.get() != null).count());
                }
            }));

            assertThat(read).isEqualTo(200_001);
            assertThat(some).hasSize(200);
            assertThat(kept).allMatch(count -> count < 20).hasSize(1);
        }
    }

    // ---- copying

    @Test
    @Requirement({"F-OP-40", "F-OP-41"})
    void backup_besideAnotherProcessThatPays_isOneSoundMomentOfItsBooks() throws Exception {
        Path copy = folder.resolve("copy.db");
        Process child = LedgerChild.start(store, "storm");
        String last;
        try (BufferedReader lines = LedgerChild.lines(child)) {
            last = lines.readLine();
            StoreCopy made = SqliteLedger.backup(store, copy);
            assertThat(made.bytes()).isEqualTo(Files.size(copy));
            assertThat(lines.readLine()).isNotNull();
        } finally {
            child.destroyForcibly().waitFor();
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("copy.db.part")).doesNotExist();
        try (Books books = SqliteLedger.read(copy, options)) {
            assertThat(await(books.check()).findings()).isEmpty();
            assertThat(await(books.charge(last)).orElseThrow().state()).isEqualTo(ChargeState.CAPTURED);
        }
        try (Ledger ledger = SqliteLedger.open(copy, options)) {
            long sequence = await(ledger.lastSequence());
            await(ledger.topUp(new TopUp(ALICE, USD, 1, "after")));
            assertThat(await(ledger.lastSequence())).isEqualTo(sequence + 1);
        }
    }

    @Test
    @Requirement({"F-OP-40"})
    void backup_whatCannotBe_isRefused_andNoFileIsTouched() throws Exception {
        openWithAlice();
        Path copy = folder.resolve("copy.db");
        Files.writeString(copy, "precious");
        assertCopyRefused(store, copy, "it is there already");
        assertThat(copy).hasContent("precious");

        assertCopyRefused(store, folder.resolve("none/copy.db"), "its folder does not exist");
        assertCopyRefused(folder.resolve("typo.db"), folder.resolve("other.db"), "there is no such file");

        Path other = folder.resolve("other.db");
        Files.writeString(folder.resolve("other.db.part"), "half");
        assertCopyRefused(store, other, "other.db.part is left of another copy");
        assertThat(folder.resolve("other.db.part")).hasContent("half");
        Files.delete(folder.resolve("other.db.part"));

        Path text = Files.writeString(folder.resolve("notes.txt"), "these are not the books ".repeat(200));
        assertCopyRefused(text, other, "the database says");
        Files.delete(store);
        sql("CREATE TABLE recipe (name TEXT)");
        assertCopyRefused(store, other, "is not a ledger's store");
        assertThat(other).doesNotExist();
        assertThat(folder.resolve("other.db.part")).doesNotExist();
    }

    private static void assertCopyRefused(Path store, Path target, String words) {
        assertThatThrownBy(() -> SqliteLedger.backup(store, target))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining(words);
    }

    @Test
    @Requirement({"F-OP-40"})
    void backup_olderSchema_isCopiedAsItIs() throws Exception {
        OldStore.write(store);

        assertThat(SqliteLedger.backup(store, folder.resolve("copy.db")).version())
                .isEqualTo(1);
    }

    // ---- migrating

    @Test
    @Requirement({"F-OP-50"})
    void migrate_olderSchema_isBroughtUpOnce() throws Exception {
        OldStore.write(store);

        SchemaChange change = SqliteLedger.migrate(store, options);

        assertThat(change.from()).isEqualTo(1);
        assertThat(change.to()).isGreaterThan(1);
        assertThat(SqliteLedger.migrate(store, options)).isEqualTo(new SchemaChange(change.to(), change.to()));
        try (Books books = SqliteLedger.read(store, options)) {
            assertThat(await(books.check()).findings()).isEmpty();
        }
    }

    @Test
    @Requirement({"F-OP-50"})
    void migrate_storeInUseOrNewerOrNotThere_isRefused() throws Exception {
        assertThatThrownBy(() -> SqliteLedger.migrate(store, options)).hasMessageContaining("there is no such file");
        assertThat(store).doesNotExist();

        try (Ledger ledger = SqliteLedger.open(store, options)) {
            fund(ledger);
            assertThatThrownBy(() -> SqliteLedger.migrate(store, options)).hasMessageContaining("open already");
        }
        sql("INSERT INTO schema_migration VALUES (99, '0099-later', 'x', 0)");
        assertThatThrownBy(() -> SqliteLedger.migrate(store, options))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("use the newer program");
    }

    @Test
    @Requirement({"F-OP-50"})
    void migrate_holdsOfTheServer_keepTheirOwner() throws Exception {
        try (Ledger ledger = SqliteLedger.open(store, options)) {
            fund(ledger);
            await(ledger.reserve(payments.hold("c1", 300)));
        }

        SqliteLedger.migrate(store, options);

        try (Books books = SqliteLedger.read(store, options)) {
            assertThat(List.of(await(books.charge("c1")).orElseThrow().ownerAlive()))
                    .containsExactly(true);
        }
    }
}
