package org.farthing.benchmarks.ledger;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Logger;

/**
 * Stands before a JDBC driver and writes down what passes, so that a baseline sends what the ledger sends, whatever that will be
 * one day.
 */
final class Recorder implements Driver, AutoCloseable {

    /**
     * A statement that passed.
     *
     * @param sql its text
     * @param arguments what was bound, in order
     * @param query whether rows were read
     * @param rows how many rows it changed
     */
    record Heard(String sql, List<Object> arguments, boolean query, int rows) {

        boolean mentions(String text) {
            return arguments.contains(text);
        }
    }

    /**
     * What passed over one connection.
     *
     * @param properties with which it was opened
     * @param heard what was sent
     */
    record Tape(Properties properties, List<Heard> heard) {}

    private final Driver driver;
    private final List<Tape> tapes = new CopyOnWriteArrayList<>();

    private Recorder(Driver driver) {
        this.driver = driver;
    }

    /** Takes the place of the driver for such URLs until it is closed. */
    static Recorder before(String url) throws SQLException {
        Recorder recorder = new Recorder(DriverManager.getDriver(url));
        DriverManager.deregisterDriver(recorder.driver);
        DriverManager.registerDriver(recorder);
        return recorder;
    }

    /** The tape on which a statement mentions this text. */
    Tape tapeOf(String text) {
        return tapes.stream()
                .filter(tape -> tape.heard().stream().anyMatch(heard -> heard.mentions(text)))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws SQLException {
        DriverManager.deregisterDriver(this);
        DriverManager.registerDriver(driver);
    }

    @Override
    public Connection connect(String url, Properties info) throws SQLException {
        Connection connection = driver.connect(url, info);
        if (connection == null) {
            return null;
        }
        Tape tape = new Tape((Properties) info.clone(), new CopyOnWriteArrayList<>());
        tapes.add(tape);
        return proxy(Connection.class, (proxy, method, arguments) -> {
            Object result = call(connection, method, arguments);
            if (result instanceof PreparedStatement prepared) {
                return proxy(PreparedStatement.class, new Listener(tape, prepared, (String) arguments[0]));
            }
            return result instanceof Statement plain ? proxy(Statement.class, new Listener(tape, plain, null)) : result;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static final class Listener implements InvocationHandler {

        private final Tape tape;
        private final Statement statement;
        private final String prepared;
        private final SortedMap<Integer, Object> bound = new TreeMap<>();

        Listener(Tape tape, Statement statement, String prepared) {
            this.tape = tape;
            this.statement = statement;
            this.prepared = prepared;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            Object result = call(statement, method, arguments);
            String name = method.getName();
            if (name.equals("setNull")) {
                bound.put((Integer) arguments[0], null);
            } else if (name.startsWith("set") && arguments.length == 2) {
                bound.put((Integer) arguments[0], arguments[1]);
            } else if (name.startsWith("execute")) {
                String sql = prepared == null ? (String) arguments[0] : prepared;
                int rows = result instanceof Number number ? number.intValue() : 0;
                tape.heard().add(new Heard(sql, new ArrayList<>(bound.values()), name.equals("executeQuery"), rows));
            }
            return result;
        }
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        return driver.acceptsURL(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
        return driver.getPropertyInfo(url, info);
    }

    @Override
    public int getMajorVersion() {
        return driver.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return driver.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return driver.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return driver.getParentLogger();
    }
}
