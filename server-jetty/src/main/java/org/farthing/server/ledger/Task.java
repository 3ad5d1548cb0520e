package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An operation and whoever waits for it. What came of it is changed by the lane's thread alone, until {@link #tell} hands it
 * on.
 */
final class Task<T> {

    private final String key;
    private final Operation<T> operation;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private Operation.@Nullable Step<T> step;
    private @Nullable Throwable failure;

    Task(String key, Operation<T> operation) {
        this.key = key;
        this.operation = operation;
    }

    String key() {
        return key;
    }

    CompletionStage<T> result() {
        return result;
    }

    /** Runs the operation; what an earlier run came to is forgotten. */
    void run(Session session, long now) {
        step = null;
        failure = null;
        try {
            step = operation.run(session, now);
        } catch (SQLException | RuntimeException | Error e) {
            failure = e;
        }
    }

    /** Whether it came to something, and wrote what is to stay. */
    boolean keeps() {
        return step != null && step.keep();
    }

    /** Why it came to nothing; null if it came to something. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Whatever it came to does not hold. */
    void fail(Throwable why) {
        step = null;
        failure = why;
    }

    /** Lets the caller know. Runs the caller's code, so never on the lane's thread. */
    void tell() {
        if (step != null) {
            result.complete(step.value());
        } else {
            result.completeExceptionally(
                    failure == null ? new IllegalStateException("an operation came to nothing") : failure);
        }
    }
}
