package org.farthing.server.ledger;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The outbox on the ledger's lanes. */
final class JdbcOutbox implements Outbox {

    /** Its own place in the queue, so that it has its turn whatever wallets do. */
    private static final String KEY = "outbox";

    private final Writers writer;
    private final OutboxBooks books;

    JdbcOutbox(Writers writer, Lane reports) {
        this.writer = writer;
        this.books = new JdbcOutboxBooks(reports);
    }

    @Override
    public CompletionStage<List<OutboxItem>> due(int limit, Duration lease) {
        return writer.submit(KEY, OutboxSteps.due(Arguments.limit(limit), Arguments.positive("lease", lease)));
    }

    @Override
    public CompletionStage<Integer> done(List<OutboxAnswer> answers) {
        return answers.isEmpty()
                ? CompletableFuture.completedStage(0)
                : writer.submit(KEY, OutboxSteps.done(Arguments.atMostAThousand(answers)));
    }

    @Override
    public CompletionStage<Integer> again(List<Long> seqs, Duration wait, String why) {
        if (wait.isNegative()) {
            throw new IllegalArgumentException("wait must not be negative, it is " + wait);
        }
        Arguments.text("why", why, 200);
        return seqs.isEmpty()
                ? CompletableFuture.completedStage(0)
                : writer.submit(KEY, OutboxSteps.again(Arguments.atMostAThousand(seqs), wait, why));
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

    @Override
    public CompletionStage<Boolean> writeOff(long seq, String reason) {
        return writer.submit(KEY, OutboxSteps.writeOff(seq, Arguments.text("reason", reason, 200)));
    }
}
