package org.farthing.server.jetty;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;

/**
 * Lets SQLite itself fail, on the stores of one folder: stands before its driver and keeps the connections it makes, so that a
 * test can take the room, or the right to write, away from all of them and give it back.
 */
final class SqliteFaults implements Driver, AutoCloseable {

    private static final String FULL = "PRAGMA max_page_count = 1";
    private static final String READ_ONLY = "PRAGMA query_only = ON";

    private final JDBC real = new JDBC();
    private final String prefix;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private volatile String fault = "";

    private SqliteFaults(String prefix) {
        this.prefix = prefix;
    }

    /** Comes before SQLite's own driver: drivers are asked in the order they came. */
    static SqliteFaults in(Path folder) throws Exception {
        SqliteFaults faults = new SqliteFaults(JDBC.PREFIX + folder.toRealPath());
        Driver own = DriverManager.getDriver(JDBC.PREFIX);
        DriverManager.registerDriver(faults);
        DriverManager.registerDriver(new JDBC());
        DriverManager.deregisterDriver(own);
        return faults;
    }

    /** The store cannot grow any more: what needs another page fails with SQLITE_FULL. */
    void fill() {
        everywhere(FULL);
    }

    /** Every write fails with SQLITE_READONLY, as on a disk that its system has put read-only. */
    void forbidWriting() {
        everywhere(READ_ONLY);
    }

    void heal() {
        // Those that only read get their right to write, too; they never use it.
        everywhere("PRAGMA max_page_count = 1073741823");
        everywhere("PRAGMA query_only = OFF");
        fault = "";
    }

    private void everywhere(String pragma) {
        fault = pragma;
        for (Connection connection : connections) {
            try {
                if (!connection.isClosed()) {
                    apply(connection, pragma);
                }
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void apply(Connection connection, String pragma) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(pragma);
        }
    }

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        Connection connection = real.connect(url, info);
        if (!fault.isEmpty()) {
            apply(connection, fault);
        }
        connections.add(connection);
        return connection;
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith(prefix);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
        return real.getPropertyInfo(url, info);
    }

    @Override
    public int getMajorVersion() {
        return real.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return real.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return real.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() throws SQLException {
        DriverManager.deregisterDriver(this);
    }
}
