package org.farthing.conformance.privacy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What stands in a ledger's file: every value of every column of every table. */
final class Books {

    private Books() {}

    static List<byte[]> values(Path file) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            List<byte[]> values = new ArrayList<>();
            for (String table : tables(connection)) {
                read(connection, "SELECT * FROM \"" + table + "\"", values);
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> tables(Connection connection) throws SQLException {
        List<byte[]> names = new ArrayList<>();
        read(connection, "SELECT name FROM sqlite_master WHERE type = 'table'", names);
        return names.stream()
                .map(name -> new String(name, StandardCharsets.UTF_8))
                .toList();
    }

    private static void read(Connection connection, String query, List<byte[]> values) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                for (int column = 1; column <= columns; column++) {
                    Object value = rows.getObject(column);
                    if (value instanceof byte[] bytes) {
                        values.add(bytes);
                    } else if (value != null) {
                        values.add(value.toString().getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        }
    }
}
