package org.farthing.client.wallet;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.farthing.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** A ledger did not do what was asked. */
public final class WalletRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient @Nullable Problem problem;
    private final String retryAfter;

    WalletRefusedException(int status, @Nullable Problem problem, String retryAfter) {
        super(problem == null ? "the ledger answered " + status : problem.type().code() + ": " + problem.detail());
        this.status = status;
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /**
     * The HTTP status.
     *
     * @return the status
     */
    public int status() {
        return status;
    }

    /**
     * What the ledger said.
     *
     * @return the problem, or empty if the answer was none
     */
    public Optional<Problem> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * How long the ledger asks to wait, where it says so in seconds.
     *
     * @return the time, or empty
     */
    public Optional<Duration> retryAfter() {
        return retryAfter.matches("[0-9]{1,9}")
                ? Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter)))
                : Optional.empty();
    }
}
