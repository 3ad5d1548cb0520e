package org.farthing.server.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection with its prepared statements, used by one thread. Statements are constants ({@link Sql} and its likes), so
 * the cache is bounded by their number.
 */
final class Session implements AutoCloseable {

    /** Reads one row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Takes one row of many, so that they need not be in memory together. */
    @FunctionalInterface
    interface RowSink {
        void take(ResultSet row) throws SQLException;
    }

    /** How many rows of a long answer are in memory together, where the driver would otherwise fetch them all. */
    private static final int FETCH = 1000;

    private final Connection connection;
    private final Engine engine;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final KeyCache keys = new KeyCache();
    private final TokenCounts counts;
    private boolean written;

    Session(Connection connection, Engine engine) {
        this.connection = connection;
        this.engine = engine;
        this.counts = TokenCounts.of(engine);
    }

    void begin() throws SQLException {
        keys.begin();
        counts.begin();
        engine.begin(connection);
    }

    void commit() throws SQLException {
        counts.write(this);
        engine.commit(connection);
    }

    void rollback() throws SQLException {
        engine.rollback(connection);
    }

    /** No transaction is open, and nobody waits for one that was. */
    void between() throws SQLException {
        engine.between(connection);
    }

    /** From here to the end of the transaction, nobody else changes the schema. */
    void lockSchema() throws SQLException {
        engine.lockSchema(this);
    }

    /** The store's time. */
    long now() throws SQLException {
        return engine.now(this);
    }

    boolean isConflict(SQLException e) {
        return engine.isConflict(e);
    }

    boolean isLost(SQLException e) {
        return engine.isLost(e);
    }

    boolean isTooSlow(SQLException e) {
        return engine.isTooSlow(e);
    }

    boolean shared() {
        return engine.shared();
    }

    /** A step begins: whether anything is written is noted anew. */
    void beginStep() {
        written = false;
        counts.beginStep();
    }

    /** Takes the step back that ran last, to the savepoint before it. */
    void undoStep(String savepoint) throws SQLException {
        counts.undoStep();
        execute("ROLLBACK TO SAVEPOINT " + savepoint);
    }

    /** The keys of tokens. */
    KeyCache keys() {
        return keys;
    }

    /** How many tokens the transaction uses and signs. */
    TokenCounts counts() {
        return counts;
    }

    /** Whether a row was changed since. */
    boolean hasWritten() {
        return written;
    }

    /** Runs a statement that is not worth preparing. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    int update(String sql, @Nullable Object... arguments) throws SQLException {
        try {
            int rows = bind(sql, arguments).executeUpdate();
            written |= rows > 0;
            return rows;
        } catch (SQLException e) {
            throw forget(sql, e);
        }
    }

    /** Changes one row at most and reads what it is then; null if none was changed. The statement must end with RETURNING. */
    <T> @Nullable T change(String sql, Row<T> reader, @Nullable Object... arguments) throws SQLException {
        T changed = first(sql, reader, arguments);
        written |= changed != null;
        return changed;
    }

    /** Does what must happen to exactly one row: anything else means that the books contradict themselves. */
    void updateOne(String sql, @Nullable Object... arguments) throws SQLException {
        int rows = update(sql, arguments);
        if (rows != 1) {
            throw new SQLException("the ledger contradicts itself: " + rows + " rows instead of 1 for: " + sql.strip());
        }
    }

    <T> @Nullable T first(String sql, Row<T> reader, @Nullable Object... arguments) throws SQLException {
        try (ResultSet rows = bind(sql, arguments).executeQuery()) {
            return rows.next() ? reader.read(rows) : null;
        } catch (SQLException e) {
            throw forget(sql, e);
        }
    }

    <T> List<T> all(String sql, Row<T> reader, @Nullable Object... arguments) throws SQLException {
        List<T> result = new ArrayList<>();
        each(sql, row -> result.add(reader.read(row)), arguments);
        return result;
    }

    void each(String sql, RowSink sink, @Nullable Object... arguments) throws SQLException {
        try (ResultSet rows = bind(sql, arguments).executeQuery()) {
            while (rows.next()) {
                sink.take(rows);
            }
        } catch (SQLException e) {
            throw forget(sql, e);
        }
    }

    boolean exists(String sql, @Nullable Object... arguments) throws SQLException {
        try (ResultSet rows = bind(sql, arguments).executeQuery()) {
            return rows.next();
        } catch (SQLException e) {
            throw forget(sql, e);
        }
    }

    /** A statement that failed is not used again: the SQLite driver has closed it, and says so only at its next use. */
    private SQLException forget(String sql, SQLException failure) {
        PreparedStatement failed = prepared.remove(sql);
        if (failed != null) {
            try {
                failed.close();
            } catch (SQLException closing) {
                failure.addSuppressed(closing);
            }
        }
        return failure;
    }

    private PreparedStatement bind(String sql, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statement.setFetchSize(FETCH);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
