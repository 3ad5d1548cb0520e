package org.farthing.server.app;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.farthing.server.ledger.Books;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.PostgresLedger;
import org.farthing.server.ledger.PostgresUrl;
import org.farthing.server.ledger.SchemaChange;
import org.farthing.server.ledger.SqliteLedger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** Where a ledger lies, as {@code --store} names it: the one place that knows which kinds of stores there are. */
sealed interface StoreAddress {

    /** What {@code --store} names, for the commands' help. */
    String WHAT = "The ledger: a file, or jdbc:postgresql://HOST/DATABASE?user=USER (the password in PGPASSWORD or"
            + " ~/.pgpass).";

    /** Reads what {@code --store} says. No message repeats it: there may be a password in it. */
    static StoreAddress parse(String text) {
        return parse(text, System.getenv("PGPASSWORD"));
    }

    /** The same, with a password for a database whose URL has none. */
    static StoreAddress parse(String text, @Nullable String password) {
        try {
            if (text.startsWith("jdbc:") || text.contains("://")) {
                return new InPostgres(PostgresUrl.parse(text, password));
            }
            if (text.isEmpty()) {
                throw new TypeConversionException("name the ledger's file, or its database");
            }
            return of(Path.of(text));
        } catch (InvalidPathException e) {
            throw new TypeConversionException("that is no path of a file");
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("a ledger is a file or a PostgreSQL database: " + e.getMessage());
        }
    }

    /** A file. */
    static StoreAddress of(Path file) {
        return new InFile(file);
    }

    /** Opens the ledger to serve from; makes it if there is none. */
    Ledger open(LedgerOptions options);

    /** Opens the ledger for a command, which never makes one. */
    Ledger openExisting(LedgerOptions options);

    /** Opens the books to look into, also beside whoever has them open to write. */
    Books read(LedgerOptions options);

    /** Brings the schema up and says what it did. */
    SchemaChange migrate(LedgerOptions options);

    /** The file, if it is one. */
    default Optional<Path> file() {
        return Optional.empty();
    }

    /** Where PostgreSQL keeps it, if it does. */
    default Optional<PostgresUrl> url() {
        return Optional.empty();
    }

    /** The embedded ledger. */
    record InFile(Path path) implements StoreAddress {

        @Override
        public Ledger open(LedgerOptions options) {
            return SqliteLedger.open(path, options);
        }

        @Override
        public Ledger openExisting(LedgerOptions options) {
            requireThere();
            return open(options);
        }

        @Override
        public Books read(LedgerOptions options) {
            requireThere();
            return SqliteLedger.read(path, options);
        }

        @Override
        public SchemaChange migrate(LedgerOptions options) {
            requireThere();
            return SqliteLedger.migrate(path, options);
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(path);
        }

        /** A mistyped name must not look like an empty ledger. */
        private void requireThere() {
            if (!Files.isRegularFile(path)) {
                throw new CommandFailedException(
                        "There is no store " + path + ". The server makes one: farthing-server serve --store " + path);
            }
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** The shared ledger. */
    record InPostgres(PostgresUrl at) implements StoreAddress {

        @Override
        public Ledger open(LedgerOptions options) {
            return PostgresLedger.open(at.source(), options);
        }

        @Override
        public Ledger openExisting(LedgerOptions options) {
            read(options).close();
            return open(options);
        }

        @Override
        public Books read(LedgerOptions options) {
            return PostgresLedger.read(at.source(), options);
        }

        @Override
        public SchemaChange migrate(LedgerOptions options) {
            return PostgresLedger.migrate(at.source());
        }

        @Override
        public Optional<PostgresUrl> url() {
            return Optional.of(at);
        }

        @Override
        public String toString() {
            return at.toString();
        }
    }
}
