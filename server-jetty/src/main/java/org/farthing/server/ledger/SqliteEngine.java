package org.farthing.server.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;

/** SQLite: one writer at a time, in this process, whose clock is the store's time. */
record SqliteEngine(String beginning, InstantSource clock) implements Engine {

    @Override
    public void begin(Connection connection) throws SQLException {
        execute(connection, beginning);
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        execute(connection, "COMMIT");
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        execute(connection, "ROLLBACK");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Beginning has locked the whole file. */
    @Override
    public void lockSchema(Session session) {}

    @Override
    public long now(Session session) {
        return clock.millis();
    }

    @Override
    public boolean isConflict(SQLException e) {
        return false;
    }

    @Override
    public boolean isLost(SQLException e) {
        return false;
    }

    @Override
    public boolean shared() {
        return false;
    }
}
