package org.farthing.server.collect;

import java.time.Duration;
import org.farthing.protocol.ProblemType;
import org.jspecify.annotations.Nullable;

/** A wallet service did not do what it was asked, or nobody knows. The message is for the operator and holds no secret. */
public final class ServiceCallException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable ProblemType problem;
    private final @Nullable Duration retryAfter;

    private ServiceCallException(
            String message, int status, @Nullable ProblemType problem, @Nullable Duration retryAfter) {
        super(message, null, false, false);
        this.status = status;
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /**
     * There was no answer, or none that can be understood.
     *
     * @param message what happened
     * @return the exception
     */
    public static ServiceCallException unreachable(String message) {
        return new ServiceCallException(message, 0, null, null);
    }

    /**
     * The service answered with a problem.
     *
     * @param message what it said
     * @param status its status
     * @param problem its type, or null if it is unknown here
     * @param retryAfter when the service wants to be asked again, or null
     * @return the exception
     */
    public static ServiceCallException refused(
            String message, int status, @Nullable ProblemType problem, @Nullable Duration retryAfter) {
        return new ServiceCallException(message, status, problem, retryAfter);
    }

    /**
     * Returns the answer's status.
     *
     * @return the status, or 0 if there was no answer
     */
    public int status() {
        return status;
    }

    /**
     * Returns what was the matter.
     *
     * @return the type, or null if there was no answer or its type is unknown
     */
    public @Nullable ProblemType problem() {
        return problem;
    }

    /**
     * Returns when the service wants to be asked again.
     *
     * @return the wait, or null if it did not say
     */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
