package org.farthing.conformance.store;

import java.nio.file.Path;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.kit.LedgerContract;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.io.TempDir;

/**
 * The published contract, used as somebody with a store of his own uses it: from another module, through public interfaces only.
 * The store here is ours, opened as a stranger opens it.
 */
@Requirement({"F-ST-132"})
class StoreOfOthersTest extends LedgerContract {

    @TempDir
    private Path folder = Path.of("");

    @Override
    protected Ledger open(LedgerOptions options) {
        return SqliteLedger.open(folder.resolve("ledger.db"), options);
    }
}
