package org.farthing.client.token;

import java.io.IOException;
import java.time.Duration;
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
    private final @Nullable Duration retryAfter;

    MintRefusedException(int status, @Nullable Problem problem) {
        this(status, problem, null);
    }

    MintRefusedException(int status, @Nullable Problem problem, @Nullable Duration retryAfter) {
        super(problem == null ? "the issuer answered " + status : problem.type().code() + ": " + problem.detail());
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
     * What was said.
     *
     * @return the problem, or empty if the answer was none
     */
    public Optional<Problem> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * When it may be asked again, where it was asked too fast or has too much to do.
     *
     * @return the time from now, in whole seconds; empty if the answer says nothing of the kind
     */
    public Optional<Duration> retryAfter() {
        return status == 429 || status == 503 ? Optional.ofNullable(retryAfter) : Optional.empty();
    }

    /**
     * Which of the tokens that were sent are used up, where that is why.
     *
     * @param sent how many were sent
     * @return their indexes; empty if the answer says nothing of the kind
     */
    public List<Integer> spent(int sent) {
        return indexes(ProblemType.TOKEN_SPENT, "spent", sent);
    }

    /** Which of the tokens that were sent cannot be given to who was asked, where that is why. */
    List<Integer> expired(int sent) {
        List<Integer> indexes = indexes(ProblemType.TOKEN_EXPIRED, "expired", sent);
        // At a recall: those that nobody bought.
        indexes.addAll(indexes(ProblemType.BAD_REQUEST, "unknown", sent));
        return indexes;
    }

    private List<Integer> indexes(ProblemType type, String member, int sent) {
        List<Integer> indexes = new ArrayList<>();
        if (problem != null
                && problem.type() == type
                && problem.extensions().get(member) instanceof String list
                && list.matches("[0-9]{1,4}( [0-9]{1,4})*")) {
            for (String index : list.split(" ", -1)) {
                if (Integer.parseInt(index) < sent) {
                    indexes.add(Integer.parseInt(index));
                }
            }
        }
        return indexes;
    }

    /**
     * Tells whether the issuer signed some of the messages before: then they belong to tokens that this purse does not know,
     * and {@link BlindTokens#restore} gets them back.
     *
     * @return whether it says so
     */
    public boolean isSignedBefore() {
        return problem != null && problem.type() == ProblemType.ALREADY_FULFILLED;
    }

    /** Whether a failure is an answer that is final. */
    static boolean isFinal(Throwable failure) {
        return Failure.cause(failure) instanceof MintRefusedException refused && refused.isFinal();
    }

    /** Whether it is certain that nothing was done; other answers say only that the answer is not known. */
    boolean isFinal() {
        return status / 100 == 4 && status != 408 && status != 425 && status != 429;
    }
}
