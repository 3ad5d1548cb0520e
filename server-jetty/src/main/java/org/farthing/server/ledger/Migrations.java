package org.farthing.server.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Brings a store's schema to this program's version, and refuses stores that are newer, altered or somebody else's. Each
 * migration is a resource that never changes once released; its checksum is kept in the store.
 */
final class Migrations {

    /** One migration as this program knows it. */
    private record Migration(int version, String name, String text) {

        String checksum() {
            byte[] digest = RowHash.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        }
    }

    private static final String CREATE = """
            CREATE TABLE IF NOT EXISTS schema_migration (
              version BIGINT NOT NULL PRIMARY KEY,
              name TEXT NOT NULL,
              checksum TEXT NOT NULL,
              applied_at BIGINT NOT NULL
            )
            """;

    private static final String APPLIED = "SELECT version, checksum FROM schema_migration ORDER BY version";

    private static final String RECORD =
            "INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)";

    private final List<Migration> known;

    private Migrations(List<Migration> known) {
        this.known = known;
    }

    static Migrations of(String dialect, List<String> names) {
        return new Migrations(names.stream()
                .map(name -> new Migration(
                        Integer.parseInt(name.substring(0, 4)), name, read(dialect + "/" + name + ".sql")))
                .toList());
    }

    private static String read(String resource) {
        try (InputStream in = Migrations.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + resource);
            }
            // A checkout with other line ends is the same migration.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new IllegalStateException("the program cannot read its resource " + resource, e);
        }
    }

    /**
     * Applies what is missing, in one transaction.
     *
     * @param foreignTable a query that finds a table in a store that has no migrations: then it is not a ledger
     * @return why the store must not be used, or an empty text
     */
    String apply(Session session, String foreignTable) throws SQLException {
        session.begin();
        session.lockSchema();
        boolean done = false;
        try {
            String refusal = applyWithin(session, foreignTable, session.now());
            if (refusal.isEmpty()) {
                session.commit();
                done = true;
            }
            return refusal;
        } finally {
            if (!done) {
                session.rollback();
            }
        }
    }

    private String applyWithin(Session session, String foreignTable, long now) throws SQLException {
        if (session.exists(foreignTable)) {
            return "it is a database of something else";
        }
        session.execute(CREATE);
        SortedMap<Integer, String> applied = applied(session);
        String refusal = refusal(applied);
        if (!refusal.isEmpty()) {
            return refusal;
        }
        for (Migration migration : known) {
            if (!applied.containsKey(migration.version())) {
                run(session, migration, now);
            }
        }
        return "";
    }

    private static SortedMap<Integer, String> applied(Session session) throws SQLException {
        SortedMap<Integer, String> applied = new TreeMap<>();
        session.each(APPLIED, row -> applied.put(row.getInt("version"), row.getString("checksum")));
        return applied;
    }

    private String refusal(SortedMap<Integer, String> applied) {
        for (int version : applied.keySet()) {
            if (version > newest()) {
                return "its schema has version " + version + " and this program knows versions up to " + newest()
                        + "; use the newer program that wrote it";
            }
        }
        for (Migration migration : known) {
            String checksum = applied.get(migration.version());
            if (checksum != null && !checksum.equals(migration.checksum())) {
                return "its migration " + migration.name()
                        + " is not the one this program has; one of both was altered";
            }
        }
        return "";
    }

    /** The version this program brings a store to. */
    int newest() {
        return known.get(known.size() - 1).version();
    }

    /**
     * Tells a store's version and changes nothing.
     *
     * @param ownTable a query that finds the table of migrations
     * @return the version, or 0 if the store has no books
     */
    static int version(Session session, String ownTable) throws SQLException {
        SortedMap<Integer, String> applied = session.exists(ownTable) ? applied(session) : new TreeMap<>();
        return applied.isEmpty() ? 0 : applied.lastKey();
    }

    /**
     * Tells whether this program can read a store as it is, and changes nothing.
     *
     * @return why it cannot, or an empty text
     */
    String refusalToRead(Session session, String foreignTable, String ownTable) throws SQLException {
        if (session.exists(foreignTable)) {
            return "it is a database of something else";
        }
        if (!session.exists(ownTable)) {
            return "it is empty; a server makes the books when it starts with it";
        }
        SortedMap<Integer, String> applied = applied(session);
        String refusal = refusal(applied);
        if (refusal.isEmpty() && applied.size() < known.size()) {
            return "its schema has version " + applied.lastKey() + " and this program reads version " + newest()
                    + "; bring it up with: farthing-server ledger migrate";
        }
        return refusal;
    }

    private static void run(Session session, Migration migration, long now) throws SQLException {
        for (String statement : migration.text().split(";\n", -1)) {
            if (!statement.isBlank()) {
                session.execute(statement);
            }
        }
        session.update(RECORD, migration.version(), migration.name(), migration.checksum(), now);
    }
}
