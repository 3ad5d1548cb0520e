package org.farthing.server.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.StoreRefusedException;

/**
 * A ledger's file, used by one command and closed again. A command never makes a store: a mistyped name must not look like an
 * empty ledger.
 */
final class Store {

    private static final String THROUGH_THE_SERVER =
            "While a server has it open, go through the server: farthing-server wallet topup"
                    + " --url http://127.0.0.1:PORT --admin KEYS/admin.bearer";

    private final Path file;
    private final String whileInUse;

    Store(Path file) {
        this(file, THROUGH_THE_SERVER);
    }

    /** With what to do while a server has the store open. */
    Store(Path file, String whileInUse) {
        this.file = file;
        this.whileInUse = whileInUse;
    }

    /** Opens the store, waits for one operation, and closes it. */
    <T> T ask(Function<Ledger, CompletionStage<T>> operation) {
        return use(ledger -> operation.apply(ledger).toCompletableFuture().join());
    }

    /** Opens the store for several operations, which the work waits for, and closes it. */
    <T> T use(Function<Ledger, T> work) {
        if (!Files.isRegularFile(file)) {
            throw new CommandFailedException(
                    "There is no store " + file + ". The server makes one: farthing-server serve --store " + file);
        }
        ExecutorService completions = Executors.newSingleThreadExecutor();
        try (Ledger ledger =
                SqliteLedger.open(file, LedgerOptions.builder(completions).build())) {
            return work.apply(ledger);
        } catch (CompletionException e) {
            throw new CommandFailedException(Sentence.of(e), e);
        } catch (StoreRefusedException e) {
            throw new CommandFailedException(e.getMessage() + " " + whileInUse, e);
        } finally {
            completions.shutdown();
        }
    }
}
