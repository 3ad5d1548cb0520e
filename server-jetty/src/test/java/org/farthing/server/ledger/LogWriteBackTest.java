package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class LogWriteBackTest {

    private static final int COMMITS = 100;
    private static final int PAGES = 20;

    @TempDir
    private Path folder;

    private Connection writer;

    @BeforeEach
    void openWriter() throws SQLException {
        writer = DriverManager.getConnection("jdbc:sqlite:" + path());
        execute("PRAGMA journal_mode = WAL");
        execute("PRAGMA synchronous = FULL");
        execute("PRAGMA wal_autocheckpoint = 0");
        execute("CREATE TABLE t (a TEXT)");
    }

    @AfterEach
    void closeWriter() throws SQLException {
        writer.close();
    }

    @Test
    @Requirement("F-ST-145")
    void committed_theLogIsLong_isMovedBesideTheWriter_andBeginsAnewWhereTheWriterRests() throws SQLException {
        try (LogWriteBack log = new LogWriteBack(() -> SqliteLedger.moveLog(path(), InstantSource.system()), PAGES)) {
            for (int i = 0; i < COMMITS; i++) {
                commit(log);
            }
            // Before it is started: all of it may be moved between two commits, and then the log has begun anew
            // already.
            assertThat(length()).isGreaterThan(PAGES);
            log.start();
            while (length() > PAGES) {
                log.between(writer);
                commit(log);
            }
        }
        assertThat(length()).isBetween(1, PAGES);
    }

    @Test
    void committed_itsConnectionFails_theWriterGoesOn_andItIsTriedAgain() throws SQLException, InterruptedException {
        CountDownLatch tries = new CountDownLatch(3);
        try (LogWriteBack log = new LogWriteBack(
                () -> {
                    tries.countDown();
                    throw new SQLException("disk full");
                },
                PAGES)) {
            log.start();
            while (tries.getCount() > 0) {
                commit(log);
            }
            tries.await();
        }
        assertThat(length()).isGreaterThan(PAGES);
    }

    @ParameterizedTest
    @CsvSource({"3.46.1, false", "3.50.4, false", "3.51.0, true", "3.54.1, true", "4.0.0, true", "new, false", ", false"
    })
    void tellsLength_onlyWhereTheModeIsKnown(String version, boolean tells) {
        assertThat(LogWriteBack.tellsLength(version)).isEqualTo(tells);
    }

    private Path path() {
        return folder.resolve("log.db");
    }

    private void commit(LogWriteBack log) throws SQLException {
        execute("INSERT INTO t VALUES ('a')");
        log.committed();
    }

    private int length() throws SQLException {
        try (Statement statement = writer.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(NOOP)")) {
            return row.getInt("log");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = writer.createStatement()) {
            statement.execute(sql);
        }
    }
}
