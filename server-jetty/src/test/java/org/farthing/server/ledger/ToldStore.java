package org.farthing.server.ledger;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A store that does nothing but write down what it is told, and that fails where a test says so. Other nodes may use it too. */
final class ToldStore {

    static final String CONFLICT = "40001";
    static final String LOST = "08006";
    static final String TOO_SLOW = "57014";

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private volatile String failing = "";

    /** In order; each opening is OPEN. */
    List<String> told() {
        return told;
    }

    /** From now on, fails when it is told this; the empty text ends it. */
    void failAt(String what) {
        failing = what;
    }

    Session open() throws SQLException {
        tell("OPEN");
        Statement statement = (Statement) Proxy.newProxyInstance(
                ToldStore.class.getClassLoader(), new Class<?>[] {Statement.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("execute")) {
                        tell((String) arguments[0]);
                        return true;
                    }
                    return null;
                });
        Connection connection = (Connection) Proxy.newProxyInstance(
                ToldStore.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        tell("CLOSE");
                        return null;
                    }
                    return statement;
                });
        return new Session(connection, new ConflictingEngine());
    }

    private void tell(String what) throws SQLException {
        told.add(what);
        if (what.equals(failing)) {
            throw new SQLException("made to fail at " + what);
        }
    }

    /** As SQLite's, but other nodes may be in the way. */
    private static final class ConflictingEngine implements Engine {

        private final Engine sqlite = new SqliteEngine("BEGIN", InstantSource.system());

        @Override
        public void begin(Connection connection) throws SQLException {
            sqlite.begin(connection);
        }

        @Override
        public void commit(Connection connection) throws SQLException {
            sqlite.commit(connection);
        }

        @Override
        public void rollback(Connection connection) throws SQLException {
            sqlite.rollback(connection);
        }

        @Override
        public void between(Connection connection) {}

        @Override
        public void lockSchema(Session session) {}

        @Override
        public long now(Session session) throws SQLException {
            return sqlite.now(session);
        }

        @Override
        public boolean isConflict(SQLException e) {
            return CONFLICT.equals(e.getSQLState());
        }

        @Override
        public boolean isLost(SQLException e) {
            return LOST.equals(e.getSQLState());
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
}
