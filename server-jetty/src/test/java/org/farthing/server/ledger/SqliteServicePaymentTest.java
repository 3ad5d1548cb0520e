package org.farthing.server.ledger;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on the embedded store, on a real file. */
class SqliteServicePaymentTest extends ServicePaymentContract {

    @TempDir
    private Path folder = Path.of("");

    @Override
    protected Ledger open(LedgerOptions options) {
        return SqliteLedger.open(folder.resolve("ledger.db"), options);
    }
}
