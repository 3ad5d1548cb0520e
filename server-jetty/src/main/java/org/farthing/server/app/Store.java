package org.farthing.server.app;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.farthing.server.ledger.Books;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SchemaChange;
import org.farthing.server.ledger.StoreRefusedException;

/**
 * A ledger's store, used by one command and closed again. A command never makes a store: a mistyped name must not look like an
 * empty ledger.
 */
final class Store {

    private static final String THROUGH_THE_SERVER =
            "While a server has it open, go through the server: farthing-server wallet topup"
                    + " --url http://127.0.0.1:PORT --admin KEYS/admin.bearer";

    private final StoreAddress address;
    private final String whileInUse;

    Store(StoreAddress address) {
        this(address, THROUGH_THE_SERVER);
    }

    /** With what to do while a server has the store open. */
    Store(StoreAddress address, String whileInUse) {
        this.address = address;
        this.whileInUse = whileInUse;
    }

    /** Opens the store to write, waits for one operation, and closes it. */
    <T> T ask(Function<Ledger, CompletionStage<T>> operation) {
        return use(ledger -> operation.apply(ledger).toCompletableFuture().join());
    }

    /** Opens the store to write, for several operations, which the work waits for, and closes it. */
    <T> T use(Function<Ledger, T> work) {
        return with(options -> {
            try (Ledger ledger = address.openExisting(options)) {
                return work.apply(ledger);
            } catch (StoreRefusedException e) {
                throw refused(e);
            }
        });
    }

    /** Opens the store to look into, also beside a running server, for operations which the work waits for; closes it. */
    <T> T look(Function<Books, T> work) {
        return with(options -> {
            try (Books books = address.read(options)) {
                return work.apply(books);
            }
        });
    }

    /** Brings the store's schema up. */
    SchemaChange migrate() {
        return with(options -> {
            try {
                return address.migrate(options);
            } catch (StoreRefusedException e) {
                throw refused(e);
            }
        });
    }

    /** A file is used by one process at a time, a database by any number. */
    private CommandFailedException refused(StoreRefusedException e) {
        return new CommandFailedException(e.getMessage() + (address.file().isPresent() ? " " + whileInUse : ""), e);
    }

    private <T> T with(Function<LedgerOptions, T> work) {
        ExecutorService completions = Executors.newSingleThreadExecutor();
        try {
            return work.apply(LedgerOptions.builder(completions).build());
        } catch (CompletionException e) {
            throw new CommandFailedException(Sentence.of(e), e);
        } finally {
            completions.shutdown();
        }
    }
}
