package org.farthing.server.ledger;

import java.util.HashMap;
import java.util.Map;
import org.farthing.server.ledger.kit.TwoLedgersProperties;
import org.farthing.server.postgres.TestPostgres;

/** The random programs of two ledgers on the shared store, on a real PostgreSQL. */
class PostgresTwoLedgersPropertyTest extends TwoLedgersProperties {

    private static final Map<String, String> STORES = new HashMap<>();

    @Override
    protected Ledger open(String name, LedgerOptions options, boolean first) {
        String store = STORES.computeIfAbsent(name, unused -> TestPostgres.emptyStore());
        if (first) {
            PostgresStore.empty(store);
        }
        return PostgresLedger.open(TestPostgres.at(store), options, options.clock());
    }

    @Override
    protected boolean endsItemLeases() {
        return false;
    }
}
