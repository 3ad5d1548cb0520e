package org.farthing.server.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * SQLite: one writer at a time, in this process, whose clock is the store's time.
 *
 * @param beginning how a transaction begins
 * @param clock the time
 * @param log moves the log of the connection that writes; null for others
 */
record SqliteEngine(
        String beginning, InstantSource clock, @Nullable LogWriteBack log) implements Engine {

    SqliteEngine(String beginning, InstantSource clock) {
        this(beginning, clock, null);
    }

    @Override
    public void begin(Connection connection) throws SQLException {
        execute(connection, beginning);
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        execute(connection, "COMMIT");
        if (log != null) {
            log.committed();
        }
    }

    @Override
    public void between(Connection connection) throws SQLException {
        if (log != null) {
            log.between(connection);
        }
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

    /** There is no limit of time: nobody else holds the file. */
    @Override
    public boolean isTooSlow(SQLException e) {
        return false;
    }

    @Override
    public boolean shared() {
        return false;
    }
}
