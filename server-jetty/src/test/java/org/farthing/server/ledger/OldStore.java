package org.farthing.server.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/** A store of schema version 1: {@code store-of-version-1.sql} is a dump of one that the program of then filled. */
public final class OldStore {

    private OldStore() {}

    /**
     * Writes the store.
     *
     * @param file where; it must not exist
     */
    public static void write(Path file) {
        try (InputStream in = Objects.requireNonNull(OldStore.class.getResourceAsStream("store-of-version-1.sql"))) {
            String dump = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                    Statement statement = connection.createStatement()) {
                for (String one : dump.split(";\n", -1)) {
                    if (!one.isBlank()) {
                        statement.execute(one);
                    }
                }
            }
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("the old store cannot be written", e);
        }
    }
}
