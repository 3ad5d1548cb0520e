package org.farthing.server.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.io.TempDir;

/** The contract on the embedded store, on a real file. */
class SqliteTamperTest extends TamperContract {

    @TempDir
    private Path folder = Path.of("");

    @Override
    protected Ledger open(LedgerOptions options) {
        return SqliteLedger.open(folder.resolve("ledger.db"), options);
    }

    @Override
    protected Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = OFF");
        }
        return connection;
    }
}
