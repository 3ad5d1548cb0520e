package org.farthing.server.ledger;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many tokens the transaction of a session uses and how many messages it signs, of each epoch (F-TK-144). Written once a
 * transaction, right before its commit, to rows that hardly any other writer has: counting makes nobody wait.
 */
final class TokenCounts {

    /** Of several writers two rarely have the same number; if they do, one waits for the other's commit. */
    private static final int WRITERS = 64;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Of one epoch. */
    record Count(long issued, long used) {

        static final Count NONE = new Count(0, 0);
        static final Count ONE_ISSUED = new Count(1, 0);
        static final Count ONE_USED = new Count(0, 1);

        Count plus(Count other) {
            return new Count(issued + other.issued, used + other.used);
        }
    }

    private final int writer;

    /** In the order of epochs, so that two writers never wait for each other in turn. */
    private final Map<Integer, Count> transaction = new TreeMap<>();

    /** Of the step that runs, or ran last: it may still be taken back. */
    private final Map<Integer, Count> step = new TreeMap<>();

    private TokenCounts(int writer) {
        this.writer = writer;
    }

    static TokenCounts of(Engine engine) {
        return new TokenCounts(engine.shared() ? RANDOM.nextInt(WRITERS) : 0);
    }

    void begin() {
        transaction.clear();
        step.clear();
    }

    void beginStep() {
        step.forEach((epoch, count) -> transaction.merge(epoch, count, Count::plus));
        step.clear();
    }

    void undoStep() {
        step.clear();
    }

    void issued(int epoch) {
        step.merge(epoch, Count.ONE_ISSUED, Count::plus);
    }

    void used(int epoch) {
        step.merge(epoch, Count.ONE_USED, Count::plus);
    }

    void write(Session session) throws SQLException {
        beginStep();
        for (Map.Entry<Integer, Count> epoch : transaction.entrySet()) {
            Count count = epoch.getValue();
            session.updateOne(TokenSql.ADD_COUNT, epoch.getKey(), writer, count.issued(), count.used());
        }
        transaction.clear();
    }
}
