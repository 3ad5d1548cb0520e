package org.farthing.server.mint;

import java.time.Duration;
import java.util.Optional;
import org.farthing.protocol.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What the mint does not do, as the problem its route answers. It has no stack trace, because callers can cause it at will, and
 * says nothing secret.
 */
public final class MintRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is answered. */
    private final transient Problem problem;

    /** What {@code Retry-After} says, or null. */
    private final @Nullable Duration retryAfter;

    MintRefusedException(Problem problem) {
        this(problem, null);
    }

    MintRefusedException(Problem problem, @Nullable Duration retryAfter) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /**
     * Returns what is answered.
     *
     * @return the problem, with its status
     */
    public Problem problem() {
        return problem;
    }

    /**
     * Returns how long to wait before the same may be asked again.
     *
     * @return the time, or empty if waiting does not help
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
