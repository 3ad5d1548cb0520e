package org.farthing.server.ledger;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The reading side of the outbox, on the lane of the reports. */
final class JdbcOutboxBooks implements OutboxBooks {

    private final Lane reports;

    JdbcOutboxBooks(Lane reports) {
        this.reports = reports;
    }

    @Override
    public CompletionStage<List<OutboxStatus>> status() {
        return reports.submit(FairQueue.NOBODY, OutboxSteps.status());
    }

    @Override
    public CompletionStage<List<OutboxItem>> items(OutboxItem.@Nullable State state, long after, int limit) {
        return reports.submit(FairQueue.NOBODY, OutboxSteps.items(state, after, Arguments.limit(limit)));
    }

    @Override
    public CompletionStage<List<BackedCharge>> charges(String service, @Nullable String after, int limit) {
        return reports.submit(FairQueue.NOBODY, OutboxSteps.charges(service, after, Arguments.limit(limit)));
    }
}
