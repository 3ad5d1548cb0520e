package org.farthing.server.ledger;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded ledger: one SQLite file for one process. Every commit is synced to the disk before anybody hears of it. The
 * driver {@code org.xerial:sqlite-jdbc} must be there at run time; it is an optional dependency of this library.
 */
public final class SqliteLedger {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteLedger.class);

    private static final Migrations MIGRATIONS =
            Migrations.of("sqlite", List.of("0001-ledger", "0002-wallet-services"));

    private static final String FOREIGN_TABLE = """
            SELECT 1 FROM sqlite_master WHERE type = 'table'
              AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration')
            """;

    private SqliteLedger() {}

    /**
     * Opens a ledger, and creates it if there is no such file. Blocks while it does. Holds of the process that had it before
     * can be taken over from now on.
     *
     * @param store the database file; its folder must exist. {@code -wal}, {@code -shm} and {@code .lock} files stand beside
     *     it while it is open
     * @param options how to run it
     * @return the open ledger
     * @throws StoreRefusedException if another process uses the file, its schema is unknown, or it cannot be read or written
     */
    public static Ledger open(Path store, LedgerOptions options) {
        StoreFile file = StoreFile.open(store);
        boolean done = false;
        try {
            String bootId = prepare(file.path(), options);
            Ledger ledger =
                    new JdbcLedger(bootId, options, () -> write(file.path()), () -> read(file.path()), file::close);
            LOG.info("Ledger {} is open.", file.path());
            done = true;
            return ledger;
        } catch (SQLException e) {
            throw StoreFile.refused(store, "the database says: " + e.getMessage(), e);
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    /** Brings the schema up, and ends the leases of earlier processes: the file's lock shows that none of them lives. */
    private static String prepare(Path path, LedgerOptions options) throws SQLException {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String bootId = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        try (Session session = write(path)) {
            long now = options.clock().millis();
            String refusal = MIGRATIONS.apply(session, FOREIGN_TABLE, now);
            if (!refusal.isEmpty()) {
                throw StoreFile.refused(path, refusal, null);
            }
            session.begin();
            session.update(Sql.END_LEASES);
            session.update(Sql.BEGIN_LEASE, bootId, now, Long.MAX_VALUE);
            session.update(BackingSql.END_ITEM_LEASES, now, now);
            session.commit();
        }
        return bootId;
    }

    static Session write(Path path) throws SQLException {
        return connect(
                path,
                "BEGIN IMMEDIATE",
                "PRAGMA busy_timeout = 5000",
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                // Where fsync does not reach the disk (macOS), this does; elsewhere it changes nothing.
                "PRAGMA fullfsync = ON",
                "PRAGMA checkpoint_fullfsync = ON",
                "PRAGMA foreign_keys = ON");
    }

    static Session read(Path path) throws SQLException {
        return connect(path, "BEGIN", "PRAGMA busy_timeout = 5000", "PRAGMA query_only = ON");
    }

    private static Session connect(Path path, String begin, String... pragmas) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        boolean done = false;
        try (Statement statement = connection.createStatement()) {
            for (String pragma : pragmas) {
                statement.execute(pragma);
            }
            done = true;
            return new Session(connection, begin);
        } finally {
            if (!done) {
                connection.close();
            }
        }
    }
}
