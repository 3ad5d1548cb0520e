package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.ledger.IncomeLine.By;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.postgres.TestPostgres;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reading and migrating a shared store, beside a node that writes to it. */
@Timeout(120)
class PostgresReadingTest {

    private static final LedgerOptions OPTIONS =
            LedgerOptions.builder(ForkJoinPool.commonPool()).build();

    private final String store = TestPostgres.emptyStore();
    private final PostgresUrl url = PostgresUrl.parse(store, null);

    private Ledger node() {
        Ledger node = PostgresLedger.open(url.source(), OPTIONS);
        await(node.register(Payments.registration(ALICE)));
        await(node.topUp(new TopUp(ALICE, USD, 1000, "first")));
        return node;
    }

    private Books read() {
        return PostgresLedger.read(url.source(), OPTIONS);
    }

    private void sql(String sql) {
        try (Connection connection = TestPostgres.at(store).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void transfers(int count) {
        sql("INSERT INTO transfer (id, kind, wallet, challenge_id, from_account, to_account, currency, amount,"
                + " method, note, at, row_hash) SELECT 'many:' || i, 'CAPTURE', 'w_alice', 'c' || i, 'held:x',"
                + " 'payee:x', 'usd.e6', i, 'wallet', NULL, i * 1000, 'x' FROM generate_series(1, " + count + ") AS i");
    }

    @Test
    @Requirement({"F-OP-2"})
    void read_besideANode_seesEachCommit_andWritesNothing() {
        try (Ledger node = node();
                Books books = read()) {
            assertThat(await(books.accounts(ALICE))).containsExactly(new Account(USD, 1000, 0));
            await(node.topUp(new TopUp(ALICE, USD, 1, "second")));
            assertThat(await(books.accounts(ALICE))).containsExactly(new Account(USD, 1001, 0));
            assertThat(await(books.check()).findings()).isEmpty();
            assertThat(await(books.lastSequence())).isEqualTo(2);
            assertThat(await(books.outbox().status())).isEmpty();
        }
        try (Books books = read()) {
            assertThat(await(books.check()).transfers()).isEqualTo(2);
        }
    }

    @Test
    @Requirement({"F-OP-3", "F-OP-50"})
    void read_emptySchema_isRefused_untilMigrateMakesTheBooks() {
        assertThatThrownBy(this::read)
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("it is empty; a server makes the books");

        SchemaChange change = PostgresLedger.migrate(url.source());

        assertThat(change.from()).isZero();
        assertThat(change.to()).isPositive();
        assertThat(PostgresLedger.migrate(url.source())).isEqualTo(new SchemaChange(change.to(), change.to()));
        try (Books books = read()) {
            assertThat(await(books.check()).findings()).isEmpty();
        }
        sql("INSERT INTO schema_migration VALUES (99, '0099-later', 'x', 0)");
        assertThatThrownBy(this::read).hasMessageContaining("its schema has version 99");
        assertThatThrownBy(() -> PostgresLedger.migrate(url.source())).hasMessageContaining("use the newer program");
    }

    @Test
    @Requirement({"F-OP-10"})
    void eachTransfer_ofAGreatMany_keepsNoneOfThem() {
        node().close();
        transfers(100_000);
        List<WeakReference<Transfer>> some = new ArrayList<>();
        List<Long> kept = new ArrayList<>();

        try (Books books = read()) {
            long last = await(books.lastSequence());
            long read = await(books.eachTransfer(Instant.MIN, Instant.MAX, transfer -> {
                if (transfer.sequence() % 1000 == 0) {
                    some.add(new WeakReference<>(transfer));
                }
                if (transfer.sequence() == last) {
                    System.gc();
                    kept.add(some.stream().filter(one -> one.get() != null).count());
                }
            }));

            assertThat(read).isEqualTo(100_001);
            assertThat(some).hasSize(100);
            assertThat(kept).allMatch(count -> count < 20).hasSize(1);
        }
    }

    @Test
    @Requirement({"F-OP-10"})
    void eachTransfer_connectionLostOnTheWay_failsAndGivesNoRowTwice() {
        node().close();
        transfers(5_000);
        List<Long> taken = new ArrayList<>();

        try (Books books = read()) {
            // A connection that has been used: the ledger would open another and do its work again.
            await(books.totals());
            assertThatThrownBy(() -> await(books.eachTransfer(Instant.MIN, Instant.MAX, transfer -> {
                        taken.add(transfer.sequence());
                        if (taken.size() == 10) {
                            sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE"
                                    + " '%FROM transfer WHERE at >=%' AND pid <> pg_backend_pid()");
                        }
                    })))
                    .isInstanceOf(LedgerUnavailableException.class);

            assertThat(taken).doesNotHaveDuplicates().hasSizeLessThan(5_000);
            assertThat(await(books.eachTransfer(Instant.MIN, Instant.MAX, transfer -> {})))
                    .isEqualTo(5_001);
        }
    }

    @Test
    @Requirement({"F-OP-30"})
    void eachIncome_addsUpAsTheEmbeddedStoreDoes() {
        node().close();
        transfers(200_000);
        List<IncomeLine> lines = new ArrayList<>();

        try (Books books = read()) {
            await(books.eachIncome(Instant.MIN, Instant.MAX, By.DAY, lines::add));
        }

        assertThat(lines)
                .extracting(line -> line.begins() + " " + line.income().captures())
                .containsExactly("1970-01-01 86399", "1970-01-02 86400", "1970-01-03 27201");
        assertThat(lines).extracting(line -> line.income().captured()).first().isEqualTo(86_399L * 86_400 / 2);
    }
}
