package org.farthing.server.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded ledger: one SQLite file for one process. Every commit is synced to the disk before anybody hears of it. The
 * driver {@code org.xerial:sqlite-jdbc} must be there at run time; it is an optional dependency of this library.
 */
public final class SqliteLedger {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteLedger.class);

    private static final Migrations MIGRATIONS = Migrations.of(
            "sqlite",
            List.of(
                    "0001-ledger",
                    "0002-wallet-services",
                    "0003-several-nodes",
                    "0004-request-ids",
                    "0005-row-hashes",
                    "0006-tokens",
                    "0007-token-counts"));

    private static final String BEGIN = "BEGIN IMMEDIATE";

    private static final String FOREIGN_TABLE = """
            SELECT 1 FROM sqlite_master WHERE type = 'table'
              AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration')
            """;

    private static final String OWN_TABLE =
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'";

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
        LogWriteBack log = new LogWriteBack(() -> moveLog(file.path(), options.clock()), LogWriteBack.PAGES);
        boolean done = false;
        try {
            Leases leases = new Leases(BootId.make(), null);
            InstantSource clock = options.clock();
            prepare(file.path(), leases, clock);
            Transactor.Opener read = () -> read(file.path(), clock);
            Transactor.Opener write = () -> write(file.path(), new SqliteEngine(BEGIN, clock, log));
            Ledger ledger = new JdbcLedger(leases, options, write, 1, read, read, () -> {
                log.close();
                file.close();
            });
            log.start();
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

    /**
     * Opens the books to look into, also while another process has them open to write: it sees each time what is committed
     * then. Nothing is created, migrated or locked. While a long report runs, SQLite cannot shorten the {@code -wal} file of a
     * ledger that is written to.
     *
     * @param store the database file
     * @param options how to run it: where results are handed on, and the time
     * @return the books
     * @throws StoreRefusedException if there is no such file, its schema is not this program's, or it cannot be read
     */
    public static Books read(Path store, LedgerOptions options) {
        Path path = StoreFile.existing(store);
        try (Session session = read(path, options.clock())) {
            String refusal = MIGRATIONS.refusalToRead(session, FOREIGN_TABLE, OWN_TABLE);
            if (!refusal.isEmpty()) {
                throw StoreFile.refused(store, refusal, null);
            }
        } catch (SQLException e) {
            throw StoreFile.refused(store, "the database says: " + e.getMessage(), e);
        }
        Lane lookups = new Lane("farthing-books-lookups", () -> read(path, options.clock()), options, 1).start();
        Lane reports = new Lane("farthing-books-reports", () -> read(path, options.clock()), options, 1).start();
        return new JdbcBooks(lookups, reports, () -> {});
    }

    /**
     * Brings a store's schema to this program's version, as {@link #open} does, and does nothing else. No other process may
     * have it open.
     *
     * @param store the database file, which must exist
     * @param options the time
     * @return the versions before and after
     * @throws StoreRefusedException if there is no such file, another process uses it, its schema is unknown, or it cannot be
     *     read or written
     */
    public static SchemaChange migrate(Path store, LedgerOptions options) {
        StoreFile.existing(store);
        try (StoreFile file = StoreFile.open(store);
                Session session = write(file.path(), options.clock())) {
            int before = Migrations.version(session, OWN_TABLE);
            String refusal = MIGRATIONS.apply(session, FOREIGN_TABLE);
            if (!refusal.isEmpty()) {
                throw StoreFile.refused(store, refusal, null);
            }
            return new SchemaChange(before, MIGRATIONS.newest());
        } catch (SQLException e) {
            throw StoreFile.refused(store, "the database says: " + e.getMessage(), e);
        }
    }

    /**
     * Copies a store as it is at one moment, also while another process has it open to write. The copy is complete in one file,
     * readable by its owner only, synced to the disk, and appears under its name only when SQLite has found it sound. Whether
     * its books are is for {@link Books#check}.
     *
     * @param store the database file
     * @param target the copy, which must not exist
     * @return what was written
     * @throws StoreRefusedException if the store is no ledger, or one of both cannot be read or written; then there is no copy
     */
    public static StoreCopy backup(Path store, Path target) {
        return SqliteCopy.make(StoreFile.existing(store), target, OWN_TABLE);
    }

    /** Brings the schema up, and ends the leases of earlier processes: the file's lock shows that none of them lives. */
    private static void prepare(Path path, Leases leases, InstantSource clock) throws SQLException {
        try (Session session = write(path, clock)) {
            String refusal = MIGRATIONS.apply(session, FOREIGN_TABLE);
            if (!refusal.isEmpty()) {
                throw StoreFile.refused(path, refusal, null);
            }
            session.begin();
            long now = session.now();
            leases.begin().run(session, now);
            session.update(BackingSql.END_ITEM_LEASES, now, now);
            session.update(TokenSql.END_LEASES, now, now);
            session.commit();
        }
    }

    static Session write(Path path, InstantSource clock) throws SQLException {
        return write(path, new SqliteEngine(BEGIN, clock));
    }

    private static Session write(Path path, SqliteEngine engine) throws SQLException {
        return connect(
                path,
                engine,
                "PRAGMA busy_timeout = 5000",
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                // Where fsync does not reach the disk (macOS), this does; elsewhere it changes nothing.
                "PRAGMA fullfsync = ON",
                "PRAGMA checkpoint_fullfsync = ON",
                "PRAGMA foreign_keys = ON",
                // Pages in memory, kibibytes.
                "PRAGMA cache_size = -65536",
                // What undoing a step needs is not worth a file.
                "PRAGMA temp_store = MEMORY",
                // A batch writes about a thousand pages; moved to the database file after each, they would be synced
                // thrice. Most are moved beside the writer; this also begins the log anew.
                "PRAGMA wal_autocheckpoint = " + LogWriteBack.WRITERS_PAGES);
    }

    /** Syncs as the writer does: what has left the log must be in the file. */
    static Session moveLog(Path path, InstantSource clock) throws SQLException {
        return connect(
                path,
                new SqliteEngine(BEGIN, clock),
                "PRAGMA busy_timeout = 0",
                "PRAGMA synchronous = FULL",
                "PRAGMA checkpoint_fullfsync = ON");
    }

    static Session read(Path path, InstantSource clock) throws SQLException {
        return connect(path, new SqliteEngine("BEGIN", clock), "PRAGMA busy_timeout = 5000", "PRAGMA query_only = ON");
    }

    /** To copy from: SQLite counts the copy as writing, so that "query only" would forbid it. */
    static Session copy(Path path, InstantSource clock) throws SQLException {
        return connect(path, new SqliteEngine("BEGIN", clock), "PRAGMA busy_timeout = 5000");
    }

    private static Session connect(Path path, Engine engine, String... pragmas) throws SQLException {
        Properties properties = new Properties();
        // Nobody asks for generated keys; the driver would look each one up.
        properties.setProperty("jdbc.get_generated_keys", "false");
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path, properties);
        boolean done = false;
        try (Statement statement = connection.createStatement()) {
            for (String pragma : pragmas) {
                statement.execute(pragma);
            }
            done = true;
            return new Session(connection, engine);
        } finally {
            if (!done) {
                connection.close();
            }
        }
    }
}
