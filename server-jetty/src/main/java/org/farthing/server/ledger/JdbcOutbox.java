package org.farthing.server.ledger;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The outbox on the ledger's lanes. */
final class JdbcOutbox extends JdbcErrands<OutboxItem, OutboxAnswer> implements Outbox {

    private final OutboxBooks books;

    JdbcOutbox(Writers writer, Lane reports) {
        super(writer, "outbox", OutboxSteps.INSTANCE);
        this.books = new JdbcOutboxBooks(reports);
    }

    @Override
    public CompletionStage<List<OutboxStatus>> status() {
        return books.status();
    }

    @Override
    public CompletionStage<List<OutboxItem>> items(OutboxItem.@Nullable State state, long after, int limit) {
        return books.items(state, after, limit);
    }

    @Override
    public CompletionStage<List<BackedCharge>> charges(String service, @Nullable String after, int limit) {
        return books.charges(service, after, limit);
    }
}
