package org.farthing.server.drill;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.PostgresLedger;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.postgres.TestPostgres;

/** The store of a drill: a file, or the URL of a database that processes share. */
final class DrillStore {

    /** Where nodes share a store: when one that is not heard of is taken for dead, because it is. */
    static final Duration DEAD_SOON = Duration.ofSeconds(2);

    /** The same where none dies: longer than a busy machine lets one wait for its turn to say that it lives. */
    static final Duration ALIVE = Duration.ofMinutes(5);

    private DrillStore() {}

    static Ledger open(String store, Duration nodeLease, Executor completions) {
        LedgerOptions options =
                LedgerOptions.builder(completions).nodeLease(nodeLease).build();
        return isShared(store)
                ? PostgresLedger.open(TestPostgres.at(store), options)
                : SqliteLedger.open(Path.of(store), options);
    }

    private static boolean isShared(String store) {
        return store.startsWith("jdbc:");
    }

    /** Lets the time of every hold be over, as if so much time had passed: nobody waits for half a minute. */
    static void letHoldsFallDue(String store) {
        String url = isShared(store) ? store : "jdbc:sqlite:" + store;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            if (!isShared(store)) {
                statement.execute("PRAGMA busy_timeout = 60000");
            }
            statement.executeUpdate("UPDATE charge SET hold_until = 1 WHERE state = 'HELD' OR delivery = 'PENDING'");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
