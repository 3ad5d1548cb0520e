package org.farthing.server.jetty;

import java.time.Duration;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * A request that ends with a problem: how the code of a route says so from any depth, also within a stage. It has no stack
 * trace, because callers can cause it at will.
 */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is answered. */
    private final transient Problem problem;

    /** What {@code Retry-After} says, or null. */
    private final @Nullable Duration retryAfter;

    Refusal(Problem problem) {
        this(problem, null);
    }

    Refusal(Problem problem, @Nullable Duration retryAfter) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /** Waiting helps: says how long in {@code Retry-After}, whole seconds, at least one. */
    static Refusal waitFirst(ProblemType type, String detail, Duration wait) {
        Duration whole = Duration.ofSeconds(Math.max(1, wait.plusMillis(999).toSeconds()));
        Problem problem = Problem.of(type, detail).with("retryable", true);
        boolean limited = type == ProblemType.RATE_LIMITED;
        return new Refusal(limited ? problem.with("retryAfter", Long.toString(whole.toSeconds())) : problem, whole);
    }

    Problem problem() {
        return problem;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
