package org.farthing.server.ledger;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Errands of one kind on the ledger's writer. */
class JdbcErrands<E, A> implements Errands<E, A> {

    private final Writers writer;
    private final String key;
    private final ErrandKind<E, A> kind;

    /**
     * Writes them.
     *
     * @param key their own place in the queue, so that they have their turn whatever payers do
     */
    JdbcErrands(Writers writer, String key, ErrandKind<E, A> kind) {
        this.writer = writer;
        this.key = key;
        this.kind = kind;
    }

    @Override
    public final CompletionStage<List<E>> due(int limit, Duration lease) {
        return writer.submit(key, ErrandSteps.due(kind, Arguments.limit(limit), Arguments.positive("lease", lease)));
    }

    @Override
    public final CompletionStage<Integer> done(List<A> answers) {
        return answers.isEmpty()
                ? CompletableFuture.completedStage(0)
                : writer.submit(key, ErrandSteps.done(kind, Arguments.atMostAThousand(answers)));
    }

    @Override
    public final CompletionStage<Integer> again(List<Long> seqs, Duration wait, String why) {
        if (wait.isNegative()) {
            throw new IllegalArgumentException("wait must not be negative, it is " + wait);
        }
        Arguments.text("why", why, 200);
        return seqs.isEmpty()
                ? CompletableFuture.completedStage(0)
                : writer.submit(key, ErrandSteps.again(kind, Arguments.atMostAThousand(seqs), wait, why));
    }

    @Override
    public final CompletionStage<Boolean> writeOff(long seq, String reason) {
        return writer.submit(key, kind.writeOff(seq, Arguments.text("reason", reason, 200)));
    }
}
