package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.postgres.TestPostgres;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a token that was used takes on the disk, table and index together, when tokens come in no order. */
class TokenSizeTest {

    private static final int TOKENS = 30_000;

    @TempDir
    private Path folder = Path.of("");

    private final LedgerOptions options =
            LedgerOptions.builder(ForkJoinPool.commonPool()).build();

    @Test
    @Requirement("F-TK-35")
    void usedToken_takesLessThan120Bytes_onSqlite() throws Exception {
        Path store = folder.resolve("ledger.db");
        SqliteLedger.open(store, options).close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store)) {
            long before = number(connection, "PRAGMA page_count");
            fill(connection);
            long pages = number(connection, "PRAGMA page_count") - before;
            double each = pages * (double) number(connection, "PRAGMA page_size") / TOKENS;
            assertThat(each).isBetween(20.0, 60.0);
        }
    }

    @Test
    @Requirement("F-TK-35")
    void usedToken_takesLessThan120Bytes_onPostgres() throws Exception {
        String store = TestPostgres.emptyStore();
        PostgresLedger.open(TestPostgres.at(store), options).close();
        try (Connection connection = TestPostgres.at(store).getConnection()) {
            fill(connection);
            double each = number(connection, "SELECT pg_total_relation_size('token_serial')") / (double) TOKENS;
            assertThat(each).isBetween(60.0, 120.0);
        }
    }

    /** The same tokens every time: how full the pages of an index are after so many varies by some hundredths. */
    private static void fill(Connection connection) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement(TokenSql.CLAIM)) {
            for (int i = 0; i < TOKENS; i++) {
                byte[] serial =
                        Arrays.copyOf(digest.digest(Integer.toString(i).getBytes(StandardCharsets.US_ASCII)), 16);
                insert.setInt(1, 300);
                insert.setBytes(2, serial);
                insert.setLong(3, 1_000_000L + i / 2);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
