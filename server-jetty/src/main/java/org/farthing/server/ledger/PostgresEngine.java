package org.farthing.server.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL: nodes share it, so its own clock is the time of all of them.
 *
 * @param clock another clock, for tests; null for the database's
 */
record PostgresEngine(@Nullable InstantSource clock) implements Engine {

    private static final String NOW = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    /** A lock by name: there may be no table to lock yet. */
    private static final String SCHEMA_LOCK =
            "SELECT pg_advisory_xact_lock(hashtext('farthing'), hashtext(current_schema()))";

    /** serialization_failure, deadlock_detected, lock_not_available: the database has undone the transaction, or we will. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "55P03");

    /** admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout, idle_in_transaction_session_timeout. */
    private static final Set<String> LOST = Set.of("57P01", "57P02", "57P03", "57P05", "25P03");

    /** query_canceled: what a statement's time limit ends with. */
    private static final String TOO_SLOW = "57014";

    /** The driver begins with the first statement. */
    @Override
    public void begin(Connection connection) {}

    @Override
    public void commit(Connection connection) throws SQLException {
        connection.commit();
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        connection.rollback();
    }

    @Override
    public void between(Connection connection) {}

    @Override
    public void lockSchema(Session session) throws SQLException {
        session.exists(SCHEMA_LOCK);
    }

    @Override
    public long now(Session session) throws SQLException {
        if (clock != null) {
            return clock.millis();
        }
        Long now = session.first(NOW, row -> row.getLong(1));
        if (now == null) {
            throw new SQLException("the database does not tell the time");
        }
        return now;
    }

    @Override
    public boolean isConflict(SQLException e) {
        String state = e.getSQLState();
        return state != null && CONFLICTS.contains(state);
    }

    @Override
    public boolean isLost(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("08") || LOST.contains(state));
    }

    @Override
    public boolean isTooSlow(SQLException e) {
        return TOO_SLOW.equals(e.getSQLState());
    }

    @Override
    public boolean shared() {
        return true;
    }
}
