package org.farthing.benchmarks.ledger;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.farthing.benchmarks.ledger.Recorder.Heard;
import org.farthing.benchmarks.ledger.Recorder.Tape;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SqliteLedger;

/**
 * Charges without a ledger: the statements the ledger was heard to send for one charge, with other ids, over bare JDBC with the
 * same settings, on the thread of the caller. Two transactions a charge, each committed for itself. Nothing is computed and
 * nobody else is served: no ledger can be faster.
 */
final class PlainCommits implements AutoCloseable {

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final Map<String, Integer> widths = new HashMap<>();
    private final List<Heard> charge;
    private final HoldRequest recorded;
    private final Purchases purchases = new Purchases();

    private PlainCommits(Connection connection, List<Heard> charge, HoldRequest recorded) {
        this.connection = connection;
        this.charge = charge;
        this.recorded = recorded;
    }

    /** Listens to a ledger on this file for one charge, and then works on it alone. */
    static PlainCommits on(Path file, Executor callers) throws SQLException {
        String url = "jdbc:sqlite:" + file;
        Purchases purchases = new Purchases();
        HoldRequest request = purchases.next();
        Tape tape;
        try (Recorder recorder = Recorder.before(url)) {
            try (Ledger ledger =
                    SqliteLedger.open(file, LedgerOptions.builder(callers).build())) {
                Purchases.fund(ledger);
                Reserved reserved =
                        ledger.reserve(request).toCompletableFuture().join();
                Reserved.Held held = (Reserved.Held) reserved;
                ledger.capture(held.ref(), Purchases.PRICE, purchases.outcome())
                        .toCompletableFuture()
                        .join();
            }
            tape = recorder.tapeOf(request.terms().challengeId());
        }
        Connection connection = DriverManager.getConnection(url, tape.properties());
        try (Statement statement = connection.createStatement()) {
            for (Heard heard : tape.heard()) {
                if (heard.sql().startsWith("PRAGMA")) {
                    statement.execute(heard.sql());
                }
            }
        }
        return new PlainCommits(connection, transactions(tape.heard(), request), request);
    }

    /** From the beginning of the first transaction that mentions the charge to the end of the last. */
    private static List<Heard> transactions(List<Heard> heard, HoldRequest request) {
        List<Heard> all = new ArrayList<>();
        List<Heard> one = new ArrayList<>();
        for (Heard each : heard) {
            if (each.sql().startsWith("BEGIN")) {
                one = new ArrayList<>();
            }
            one.add(each);
            if (each.sql().equals("COMMIT")
                    && one.stream().anyMatch(any -> any.mentions(request.terms().challengeId()))) {
                all.addAll(one);
            }
        }
        return all;
    }

    /** How many statements a charge has, beginning and committing included. */
    int statements() {
        return charge.size();
    }

    /** Charges once, and says how long that took. */
    long charge() throws SQLException {
        List<List<Object>> arguments = arguments(purchases.next());
        try (Statement plain = connection.createStatement()) {
            long began = System.nanoTime();
            for (int at = 0; at < charge.size(); at++) {
                run(plain, charge.get(at), arguments.get(at));
            }
            return System.nanoTime() - began;
        }
    }

    /** Charges so many, each of their two operations in one transaction for all, and says what CPU time an operation took. */
    double microsTogether(int count) throws SQLException {
        List<List<List<Object>>> arguments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            arguments.add(arguments(purchases.next()));
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try (Statement plain = connection.createStatement()) {
            long began = threads.getCurrentThreadCpuTime();
            int operations = 0;
            int from = 0;
            for (int at = 0; at < charge.size(); at++) {
                if (charge.get(at).sql().equals("COMMIT")) {
                    together(plain, from, at, arguments);
                    operations += count;
                    from = at + 1;
                }
            }
            return (threads.getCurrentThreadCpuTime() - began) / 1e3 / operations;
        }
    }

    /** One transaction, in which the statements between its beginning and its end are run for each. */
    private void together(Statement plain, int begin, int commit, List<List<List<Object>>> arguments)
            throws SQLException {
        plain.execute(charge.get(begin).sql());
        for (List<List<Object>> each : arguments) {
            for (int at = begin + 1; at < commit; at++) {
                run(plain, charge.get(at), each.get(at));
            }
        }
        plain.execute(charge.get(commit).sql());
    }

    private void run(Statement plain, Heard heard, List<Object> arguments) throws SQLException {
        if (arguments.isEmpty() && !heard.query()) {
            plain.execute(heard.sql());
            return;
        }
        PreparedStatement statement = prepared.get(heard.sql());
        if (statement == null) {
            statement = connection.prepareStatement(heard.sql());
            prepared.put(heard.sql(), statement);
        }
        for (int i = 0; i < arguments.size(); i++) {
            statement.setObject(i + 1, arguments.get(i));
        }
        if (heard.query()) {
            read(heard.sql(), statement);
        } else if (statement.executeUpdate() != heard.rows()) {
            throw new SQLException("the baseline does not do what the ledger did: " + heard.sql());
        }
    }

    private void read(String sql, PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            Integer columns = widths.get(sql);
            if (columns == null) {
                columns = rows.getMetaData().getColumnCount();
                widths.put(sql, columns);
            }
            while (rows.next()) {
                for (int i = 1; i <= columns; i++) {
                    rows.getObject(i);
                }
            }
        }
    }

    private List<List<Object>> arguments(HoldRequest request) {
        List<List<Object>> all = new ArrayList<>();
        for (Heard heard : charge) {
            List<Object> arguments = new ArrayList<>();
            for (Object value : heard.arguments()) {
                arguments.add(value instanceof String text ? other(text, request) : value);
            }
            all.add(arguments);
        }
        return all;
    }

    private String other(String text, HoldRequest request) {
        return text.replace(recorded.terms().challengeId(), request.terms().challengeId())
                .replace(recorded.terms().credentialHash(), request.terms().credentialHash())
                .replace(recorded.terms().wallet(), request.terms().wallet());
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
