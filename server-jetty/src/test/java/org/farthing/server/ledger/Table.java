package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One table of a store, as the store itself describes it, and the rows somebody's hand may touch. */
record Table(String name, List<String> columns, List<String> key) {

    /** One row as it stands. */
    record Row(Table table, List<@Nullable Object> values) {

        @Nullable
        Object value(String column) {
            return values.get(table.columns().indexOf(column));
        }

        Row with(String column, @Nullable Object value) {
            List<@Nullable Object> changed = new ArrayList<>(values);
            changed.set(table.columns().indexOf(column), value);
            return new Row(table, changed);
        }

        /** As findings name it. */
        String name(List<String> named) {
            return named.stream().map(column -> text(value(column))).collect(Collectors.joining(" "));
        }

        private static String text(@Nullable Object value) {
            return value instanceof byte[] bytes ? TokenBytes.encode(bytes) : String.valueOf(value);
        }
    }

    /** All tables of the store, by name. */
    static Map<String, Table> all(Connection store) throws SQLException {
        Map<String, Table> tables = new TreeMap<>();
        List<String> names = new ArrayList<>();
        try (ResultSet rows = store.getMetaData().getTables(null, schema(store), "%", new String[] {"TABLE"})) {
            while (rows.next()) {
                names.add(rows.getString("TABLE_NAME"));
            }
        }
        for (String name : names) {
            if (!name.startsWith("sqlite_")) {
                tables.put(name, new Table(name, columns(store, name), key(store, name)));
            }
        }
        return tables;
    }

    private static @Nullable String schema(Connection store) throws SQLException {
        return store.getMetaData().getDatabaseProductName().equals("SQLite") ? null : store.getSchema();
    }

    private static List<String> columns(Connection store, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (ResultSet rows = store.getMetaData().getColumns(null, schema(store), table, "%")) {
            while (rows.next()) {
                columns.add(rows.getString("COLUMN_NAME"));
            }
        }
        return columns;
    }

    private static List<String> key(Connection store, String table) throws SQLException {
        Map<Integer, String> columns = new TreeMap<>();
        try (ResultSet rows = store.getMetaData().getPrimaryKeys(null, schema(store), table)) {
            while (rows.next()) {
                columns.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
            }
        }
        return List.copyOf(columns.values());
    }

    List<Row> rows(Connection store) throws SQLException {
        List<Row> all = new ArrayList<>();
        try (PreparedStatement statement = store.prepareStatement("SELECT * FROM " + name);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                List<@Nullable Object> values = new ArrayList<>();
                for (String column : columns) {
                    values.add(rows.getObject(column));
                }
                all.add(new Row(this, values));
            }
        }
        return all;
    }

    void update(Connection store, Row row, String column, @Nullable Object value) throws SQLException {
        String where = key.stream().map(one -> one + " = ?").collect(Collectors.joining(" AND "));
        List<@Nullable Object> arguments = new ArrayList<>();
        arguments.add(value);
        key.forEach(one -> arguments.add(row.value(one)));
        assertThat(execute(store, "UPDATE " + name + " SET " + column + " = ? WHERE " + where, arguments))
                .isEqualTo(1);
    }

    void delete(Connection store, Row row) throws SQLException {
        String where = key.stream().map(one -> one + " = ?").collect(Collectors.joining(" AND "));
        List<@Nullable Object> arguments = new ArrayList<>();
        key.forEach(one -> arguments.add(row.value(one)));
        assertThat(execute(store, "DELETE FROM " + name + " WHERE " + where, arguments))
                .isEqualTo(1);
    }

    void insert(Connection store, Row row) throws SQLException {
        String places = columns.stream().map(one -> "?").collect(Collectors.joining(", "));
        String into = String.join(", ", columns);
        // Numbers that PostgreSQL counts by itself it takes from nobody who does not insist.
        String insist = schema(store) == null ? "" : "OVERRIDING SYSTEM VALUE ";
        String sql = "INSERT INTO " + name + " (" + into + ") " + insist + "VALUES (" + places + ")";
        assertThat(execute(store, sql, row.values())).isEqualTo(1);
    }

    private static int execute(Connection store, String sql, List<@Nullable Object> arguments) throws SQLException {
        try (PreparedStatement statement = store.prepareStatement(sql)) {
            for (int i = 0; i < arguments.size(); i++) {
                statement.setObject(i + 1, arguments.get(i));
            }
            return statement.executeUpdate();
        }
    }
}
