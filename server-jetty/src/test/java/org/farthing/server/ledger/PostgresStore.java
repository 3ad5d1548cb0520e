package org.farthing.server.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.farthing.server.postgres.TestPostgres;

/** A store on PostgreSQL, seen past the ledger. */
final class PostgresStore {

    private PostgresStore() {}

    /** Forgets what the books say and keeps the tables, which is faster than making them anew for each of many programs. */
    static void empty(String url) {
        try (Connection connection = TestPostgres.at(url).getConnection();
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(
                    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
                            + " AND tablename NOT IN ('schema_migration', 'purge_mark', 'leader', 'token_key_change')")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            if (!tables.isEmpty()) {
                statement.execute("TRUNCATE " + String.join(", ", tables));
                statement.execute("UPDATE purge_mark SET expires = 0");
                statement.execute("UPDATE leader SET lease_until = 0");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the test's store cannot be emptied", e);
        }
    }
}
