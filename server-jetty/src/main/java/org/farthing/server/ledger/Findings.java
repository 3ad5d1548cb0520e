package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.farthing.server.ledger.CheckReport.Finding;
import org.jspecify.annotations.Nullable;

/** What a check found so far, how to note more, and how to read rows that somebody may have spoilt. */
final class Findings {

    private static final int MOST = 100;

    private final List<Finding> all = new ArrayList<>();

    List<Finding> all() {
        return all;
    }

    boolean none() {
        return all.isEmpty();
    }

    void found(String table, String row, String what) {
        if (all.size() < MOST) {
            all.add(new Finding(table, row, what));
        }
    }

    /** Takes a row of table, key and text. */
    void found(ResultSet row) throws SQLException {
        found(row.getString(1), String.valueOf(row.getString(2)), row.getString(3));
    }

    /** Compares a row with its hash. Rows that a version without these hashes wrote have none until they are written again. */
    void hash(ResultSet row, String expected, String table, String key) throws SQLException {
        String stands = row.getString("row_hash");
        if (!stands.isEmpty() && !stands.equals(expected)) {
            found(table, key, "the row was altered: its hash does not fit");
        }
    }

    /** A row whose columns no longer make a value is a finding, not the end of the check. */
    Session.RowSink readable(String table, Session.Row<String> key, Session.RowSink sink) {
        return row -> {
            try {
                sink.take(row);
            } catch (IllegalArgumentException | ArithmeticException e) {
                found(table, key.read(row), "the row was altered: " + e.getMessage());
            }
        };
    }

    Session.RowSink readable(String table, String key, Session.RowSink sink) {
        return readable(table, row -> String.valueOf(row.getString(key)), sink);
    }

    /** SQLite lets a column of numbers have anything, and the driver reads "12x" as 12 and 12.5 as 12. */
    static long number(ResultSet row, String column) throws SQLException {
        Long number = numberOrNull(row, column);
        if (number == null) {
            throw new IllegalArgumentException(column + " is empty");
        }
        return number;
    }

    static @Nullable Long numberOrNull(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(column + " is not a whole number", e);
        }
    }
}
