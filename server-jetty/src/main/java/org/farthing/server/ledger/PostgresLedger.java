package org.farthing.server.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shared ledger: a PostgreSQL schema that any number of nodes use at the same time. Claims, holds, stored answers and
 * what a wallet may spend are one truth for all of them; the database's clock is everybody's time; one node at a time sweeps
 * and purges. The driver {@code org.postgresql:postgresql} must be there at run time; it is an optional dependency of this
 * library.
 *
 * <p>A node holds seven connections for as long as it is open and sets them up for its own purpose, so give it a data source
 * of its own and no pooler between that hands a connection on after each transaction.
 */
public final class PostgresLedger {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresLedger.class);

    private static final Migrations MIGRATIONS =
            Migrations.of("postgres", List.of("0001-ledger", "0002-row-hashes", "0003-tokens", "0004-token-counts"));

    private static final String FOREIGN_TABLE = """
            SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT EXISTS (
              SELECT 1 FROM pg_class m WHERE m.relnamespace = n.oid AND m.relname = 'schema_migration')
            """;

    private static final String OWN_TABLE = """
            SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = current_schema() AND c.relname = 'schema_migration'
            """;

    /** With more, each groups less. */
    private static final int WRITERS = 4;

    /** How long a call to the database may take before its connection counts as lost, in milliseconds. */
    private static final int LOST_AFTER = 10_000;

    /** A commit that is not on the disk is not a commit, whatever the database's default says. */
    private static final String SYNCED = "SELECT set_config('synchronous_commit', 'on', false)"
            + " WHERE current_setting('synchronous_commit') = 'off'";

    /** The schema may take long to change, and nodes that start together wait for the one that changes it. */
    private static final List<String> PREPARES = List.of(SYNCED);

    /**
     * What a lock waits for, and how long a node that was stopped in the middle of a transaction keeps its locks: the database
     * ends that transaction, and the node finds its connection closed.
     */
    private static final List<String> WRITES = List.of(
            "SET lock_timeout = '2s'",
            "SET idle_in_transaction_session_timeout = '10s'",
            "SET statement_timeout = '8s'",
            SYNCED);

    private static final List<String> LOOKS_UP = List.of("SET statement_timeout = '8s'");

    private static final List<String> REPORTS = List.of();

    private PostgresLedger() {}

    /**
     * Opens a node on a ledger that nodes share, and brings its schema up if there is none or an older one. Blocks while it
     * does. Nodes that start together wait for each other.
     *
     * @param source where connections to the ledger's database and schema come from
     * @param options how to run it; its clock is not used
     * @return the open ledger
     * @throws StoreRefusedException if the database cannot be reached or written, its schema is unknown or somebody else's
     */
    public static Ledger open(DataSource source, LedgerOptions options) {
        return open(source, options, null);
    }

    static Ledger open(DataSource source, LedgerOptions options, @Nullable InstantSource clock) {
        Engine engine = new PostgresEngine(clock);
        Leases leases = new Leases(BootId.make(), options.nodeLease());
        try {
            String where = prepare(source, engine, leases);
            Ledger ledger = new JdbcLedger(
                    leases,
                    options,
                    () -> write(source, engine),
                    WRITERS,
                    () -> read(source, engine, LOOKS_UP),
                    () -> read(source, engine, REPORTS),
                    () -> {});
            LOG.info("Ledger in {} is open.", where);
            return ledger;
        } catch (SQLException e) {
            throw refused("the database says: " + e.getMessage(), e);
        }
    }

    /**
     * Opens the books to look into, beside the nodes that use them; a database that only follows another one will do. Nothing
     * is created or migrated. While a long report runs, PostgreSQL keeps the rows that were replaced meanwhile.
     *
     * @param source where connections to the ledger's database and schema come from
     * @param options how to run it: where results are handed on
     * @return the books
     * @throws StoreRefusedException if the database cannot be reached, has no books, or their schema is not this program's
     */
    public static Books read(DataSource source, LedgerOptions options) {
        Engine engine = new PostgresEngine(null);
        try (Session session = read(source, engine, LOOKS_UP)) {
            String refusal = MIGRATIONS.refusalToRead(session, FOREIGN_TABLE, OWN_TABLE);
            if (!refusal.isEmpty()) {
                throw refused(refusal, null);
            }
        } catch (SQLException e) {
            throw refused("the database says: " + e.getMessage(), e);
        }
        Lane lookups = new Lane("farthing-books-lookups", () -> read(source, engine, LOOKS_UP), options, 1).start();
        Lane reports = new Lane("farthing-books-reports", () -> read(source, engine, REPORTS), options, 1).start();
        return new JdbcBooks(lookups, reports, () -> {});
    }

    /**
     * Brings the schema up to this program's version, or makes it, as {@link #open} does, and does nothing else.
     *
     * @param source where connections to the ledger's database and schema come from
     * @return the versions before and after
     * @throws StoreRefusedException if the database cannot be reached or written, its schema is unknown or somebody else's
     */
    public static SchemaChange migrate(DataSource source) {
        try (Session session = write(source, new PostgresEngine(null))) {
            int before = Migrations.version(session, OWN_TABLE);
            session.rollback();
            String refusal = MIGRATIONS.apply(session, FOREIGN_TABLE);
            if (!refusal.isEmpty()) {
                throw refused(refusal, null);
            }
            return new SchemaChange(before, MIGRATIONS.newest());
        } catch (SQLException e) {
            throw refused("the database says: " + e.getMessage(), e);
        }
    }

    /** Brings the schema up and begins the node's lease; says where. */
    private static String prepare(DataSource source, Engine engine, Leases leases) throws SQLException {
        try (Session session = prepares(source, engine)) {
            String where = session.first(
                    "SELECT current_database() || ', schema ' || current_schema()", row -> row.getString(1));
            if (where == null) {
                throw refused("its schema does not exist; create it, or name another with currentSchema", null);
            }
            if (session.exists("SELECT 1 WHERE pg_is_in_recovery()")) {
                throw refused("the database only follows another one; connect to the one that is written", null);
            }
            if (session.exists("SELECT 1 WHERE current_setting('fsync') = 'off'")) {
                LOG.warn(
                        "The database does not sync its disk (fsync is off): when its machine fails, payments are lost.");
            }
            session.rollback();
            String refusal = MIGRATIONS.apply(session, FOREIGN_TABLE);
            if (!refusal.isEmpty()) {
                throw refused(refusal, null);
            }
            session.begin();
            leases.begin().run(session, session.now());
            session.commit();
            return where;
        }
    }

    private static Session prepares(DataSource source, Engine engine) throws SQLException {
        return connect(source, engine, Connection.TRANSACTION_READ_COMMITTED, 0, PREPARES);
    }

    private static Session write(DataSource source, Engine engine) throws SQLException {
        return connect(source, engine, Connection.TRANSACTION_READ_COMMITTED, LOST_AFTER, WRITES);
    }

    /** All that one transaction reads is of one moment. */
    private static Session read(DataSource source, Engine engine, List<String> settings) throws SQLException {
        int lostAfter = settings.isEmpty() ? 0 : LOST_AFTER;
        return connect(source, engine, Connection.TRANSACTION_REPEATABLE_READ, lostAfter, settings);
    }

    private static Session connect(
            DataSource source, Engine engine, int isolation, int lostAfter, List<String> settings) throws SQLException {
        Connection connection = source.getConnection();
        boolean done = false;
        try (Statement statement = connection.createStatement()) {
            // The driver sets the socket's timeout itself; it needs no thread for it.
            Executor here = Runnable::run;
            connection.setNetworkTimeout(here, lostAfter);
            connection.setAutoCommit(true);
            connection.setTransactionIsolation(isolation);
            connection.setReadOnly(isolation == Connection.TRANSACTION_REPEATABLE_READ);
            for (String setting : settings) {
                statement.execute(setting);
            }
            connection.setAutoCommit(false);
            done = true;
            return new Session(connection, engine);
        } finally {
            if (!done) {
                connection.close();
            }
        }
    }

    private static StoreRefusedException refused(String why, @Nullable Throwable cause) {
        return new StoreRefusedException("The ledger's database cannot be used: " + why + ".", cause);
    }
}
