package org.farthing.server.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.farthing.server.postgres.TestPostgres;

/** The contract on the shared store, on a real PostgreSQL. */
class PostgresTamperTest extends TamperContract {

    private final String store = TestPostgres.emptyStore();

    @Override
    protected Ledger open(LedgerOptions options) {
        return PostgresLedger.open(TestPostgres.at(store), options, options.clock());
    }

    @Override
    protected Connection connect() throws SQLException {
        Connection connection = TestPostgres.at(store).getConnection();
        try (Statement statement = connection.createStatement()) {
            // Foreign keys are not looked at, and nobody waits for the disk.
            statement.execute("SET session_replication_role = replica");
            statement.execute("SET synchronous_commit = off");
        }
        return connection;
    }
}
