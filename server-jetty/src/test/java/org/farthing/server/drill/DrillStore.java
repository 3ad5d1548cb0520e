package org.farthing.server.drill;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executor;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;

/** The store of a drill: a file, or the URL of a database that processes share. */
final class DrillStore {

    private DrillStore() {}

    static Ledger open(String store, Executor completions) {
        LedgerOptions options = LedgerOptions.builder(completions).build();
        return SqliteLedger.open(Path.of(store), options);
    }

    /** Lets the time of every hold be over, as if so much time had passed: nobody waits for half a minute. */
    static void letHoldsFallDue(String store) {
        String url = store.startsWith("jdbc:") ? store : "jdbc:sqlite:" + store;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            if (!store.startsWith("jdbc:")) {
                statement.execute("PRAGMA busy_timeout = 5000");
            }
            statement.executeUpdate("UPDATE charge SET hold_until = 1 WHERE state = 'HELD' OR delivery = 'PENDING'");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
