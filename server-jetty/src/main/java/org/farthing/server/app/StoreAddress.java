package org.farthing.server.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.farthing.server.ledger.Books;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SchemaChange;
import org.farthing.server.ledger.SqliteLedger;
import picocli.CommandLine.TypeConversionException;

/** Where a ledger lies, as {@code --store} names it: the one place that knows which kinds of stores there are. */
sealed interface StoreAddress {

    /** Reads what {@code --store} says. */
    static StoreAddress parse(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("name the ledger's file");
        }
        if (text.startsWith("jdbc:")) {
            throw new TypeConversionException("the ledger is a file; give its path");
        }
        return of(Path.of(text));
    }

    /** A file. */
    static StoreAddress of(Path file) {
        return new InFile(file);
    }

    /** Opens the ledger to serve from; makes it if there is none. */
    Ledger open(LedgerOptions options);

    /** Opens the books to look into, also beside whoever has them open to write. */
    Books read(LedgerOptions options);

    /** Brings the schema up and says what it did. */
    SchemaChange migrate(LedgerOptions options);

    /** The file, if it is one. */
    Optional<Path> file();

    /** Fails if there is nothing: a mistyped name must not look like an empty ledger. */
    void requireThere();

    /** The embedded ledger. */
    record InFile(Path path) implements StoreAddress {

        @Override
        public Ledger open(LedgerOptions options) {
            return SqliteLedger.open(path, options);
        }

        @Override
        public Books read(LedgerOptions options) {
            return SqliteLedger.read(path, options);
        }

        @Override
        public SchemaChange migrate(LedgerOptions options) {
            return SqliteLedger.migrate(path, options);
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(path);
        }

        @Override
        public void requireThere() {
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
}
