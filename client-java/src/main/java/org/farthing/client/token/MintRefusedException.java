package org.farthing.client.token;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.jspecify.annotations.Nullable;

/** An issuer, or a payee in its place, did not do what was asked. */
public final class MintRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient @Nullable Problem problem;

    MintRefusedException(int status, @Nullable Problem problem) {
        super(problem == null ? "the issuer answered " + status : problem.type().code() + ": " + problem.detail());
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
     * What was said.
     *
     * @return the problem, or empty if the answer was none
     */
    public Optional<Problem> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * Which of the tokens that were sent are used up, where that is why.
     *
     * @param sent how many were sent
     * @return their indexes; empty if the answer says nothing of the kind
     */
    public List<Integer> spent(int sent) {
        List<Integer> indexes = new ArrayList<>();
        if (problem != null
                && problem.type() == ProblemType.TOKEN_SPENT
                && problem.extensions().get("spent") instanceof String list
                && list.matches("[0-9]{1,4}( [0-9]{1,4})*")) {
            for (String index : list.split(" ", -1)) {
                if (Integer.parseInt(index) < sent) {
                    indexes.add(Integer.parseInt(index));
                }
            }
        }
        return indexes;
    }

    /** Whether it is certain that nothing was done; other answers say only that the answer is not known. */
    boolean isFinal() {
        return status / 100 == 4 && status != 408 && status != 425 && status != 429;
    }
}
