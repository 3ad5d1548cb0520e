package org.farthing.server.ledger;

import org.farthing.server.ledger.kit.LedgerProperties;
import org.farthing.server.postgres.TestPostgres;

/** The random programs on the shared store, on a real PostgreSQL. */
class PostgresLedgerPropertyTest extends LedgerProperties {

    private static final String STORE = TestPostgres.emptyStore();

    @Override
    protected Ledger open(LedgerOptions options, boolean first) {
        if (first) {
            PostgresStore.empty(STORE);
        }
        return PostgresLedger.open(TestPostgres.at(STORE), options, options.clock());
    }
}
