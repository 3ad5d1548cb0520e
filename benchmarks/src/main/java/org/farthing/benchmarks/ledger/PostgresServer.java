package org.farthing.benchmarks.ledger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of the run's own, on the disk that is measured, which syncs it as in production. */
final class PostgresServer implements AutoCloseable {

    private static final List<String> DURABLE = List.of("fsync", "synchronous_commit", "full_page_writes");

    private final EmbeddedPostgres server;

    private PostgresServer(EmbeddedPostgres server) {
        this.server = server;
    }

    static PostgresServer start(Path folder) throws IOException, SQLException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setServerConfig("max_connections", "200")
                .setServerConfig("max_wal_size", "2GB");
        DURABLE.forEach(setting -> builder.setServerConfig(setting, "on"));
        PostgresServer started = new PostgresServer(builder.start());
        started.requireDurable();
        return started;
    }

    /** The library that starts it is made for tests and would turn this off. */
    private void requireDurable() throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String setting : DURABLE) {
                try (ResultSet row = statement.executeQuery("SHOW " + setting)) {
                    if (!row.next() || !row.getString(1).equals("on")) {
                        throw new SQLException("the database is not durable: " + setting + " is not on");
                    }
                }
            }
        }
    }

    /** A new schema, and where connections to it come from. */
    DataSource schema(String name) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + name);
        }
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(
                "jdbc:postgresql://localhost:" + server.getPort() + "/postgres?user=postgres&currentSchema=" + name);
        return source;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
