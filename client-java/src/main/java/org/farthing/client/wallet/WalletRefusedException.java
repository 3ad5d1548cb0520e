package org.farthing.client.wallet;

import java.io.IOException;
import java.util.Optional;
import org.farthing.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** A ledger did not do what was asked. */
public final class WalletRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient @Nullable Problem problem;

    WalletRefusedException(int status, @Nullable Problem problem) {
        super(problem == null ? "the ledger answered " + status : problem.type().code() + ": " + problem.detail());
        this.status = status;
        this.problem = problem;
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
}
