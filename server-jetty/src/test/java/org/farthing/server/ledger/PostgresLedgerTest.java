package org.farthing.server.ledger;

import org.farthing.server.ledger.kit.LedgerContract;
import org.farthing.server.postgres.TestPostgres;

/** All contracts on the shared store, on a real PostgreSQL. */
class PostgresLedgerTest extends LedgerContract {

    private final String store = TestPostgres.emptyStore();

    @Override
    protected Ledger open(LedgerOptions options) {
        return PostgresLedger.open(TestPostgres.at(store), options, options.clock());
    }
}
