package org.farthing.server.ledger;

import java.nio.file.Path;
import org.farthing.server.ledger.kit.LedgerContract;
import org.junit.jupiter.api.io.TempDir;

/** All contracts on the embedded store, on a real file. */
class SqliteLedgerTest extends LedgerContract {

    @TempDir
    private Path folder = Path.of("");

    @Override
    protected Ledger open(LedgerOptions options) {
        return SqliteLedger.open(folder.resolve("ledger.db"), options);
    }
}
