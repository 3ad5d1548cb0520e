package org.farthing.server.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.farthing.testing.ReservedPort;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL on loopback for the tests of this process. It is started when the first test asks for it and ends with the
 * process. Every store is a schema of its own, because a schema costs less than a database and tests need many.
 */
public final class TestPostgres {

    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private static @Nullable EmbeddedPostgres running;

    private TestPostgres() {}

    /**
     * Starts a server of its own, for a test that stops it. It does not sync its disk: what is tested here is what happens when
     * our processes die, not when the machine does.
     *
     * @return the server; whoever asked closes it
     */
    public static EmbeddedPostgres start() {
        // Its files are made first, which takes seconds: nobody else may be given the port meanwhile.
        try (ReservedPort port = ReservedPort.any()) {
            return EmbeddedPostgres.builder()
                    .setPort(port.number())
                    .setServerConfig("fsync", "off")
                    .setServerConfig("full_page_writes", "off")
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("deadlock_timeout", "100ms")
                    // It takes a second; the usual ten are too few for a disk and processors that others keep busy.
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized EmbeddedPostgres server() {
        EmbeddedPostgres server = running;
        if (server == null) {
            needsItsBinaries();
            server = start();
            running = server;
        }
        return server;
    }

    /** The binaries among the dependencies are those of one platform. In CI nothing is skipped. */
    private static void needsItsBinaries() {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        Assumptions.assumeTrue(
                platform.equals("Linux amd64") || "true".equals(System.getenv("CI")),
                "the tests bring PostgreSQL for Linux on amd64 along, and this is " + platform);
    }

    /**
     * Makes an empty store on the shared server.
     *
     * @return its address as {@code jdbc:postgresql:} URL, user included
     */
    public static String emptyStore() {
        return emptyStore(server());
    }

    /**
     * Makes an empty store on a server.
     *
     * @param server the server
     * @return its address as {@code jdbc:postgresql:} URL, user included
     */
    public static String emptyStore(EmbeddedPostgres server) {
        String schema = "store_" + SCHEMAS.incrementAndGet() + "_"
                + ProcessHandle.current().pid();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        } catch (SQLException e) {
            throw new IllegalStateException("the test's PostgreSQL refuses a schema", e);
        }
        return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres?user=postgres&currentSchema=" + schema;
    }

    /**
     * Connects to a store.
     *
     * @param url what {@link #emptyStore()} returned
     * @return where connections come from
     */
    public static DataSource at(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }
}
