package org.farthing.server.mint;

import java.time.Instant;
import java.util.Collection;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Rfc3339;

/** The refusals of a mint, none of them 402 (specification: token-mint.md, F-TK-71). Tokens are named by their indexes only. */
final class Refusals {

    private static final int CONFLICT = 409;

    private Refusals() {}

    static MintRefusedException unusable(String detail) {
        return new MintRefusedException(Problem.of(ProblemType.BAD_REQUEST, detail));
    }

    static MintRefusedException notAllowed(String detail) {
        return new MintRefusedException(Problem.of(ProblemType.NOT_ALLOWED, detail));
    }

    /** Not yet, and not here: the payee has authority until then (F-TK-88). */
    static MintRefusedException notYet(Instant from, String payeeSwap) {
        return new MintRefusedException(Problem.of(
                        ProblemType.NOT_ALLOWED,
                        "Until then these tokens are changed through the payee they are for, which alone knows whether they"
                                + " are spent.")
                .with("from", Rfc3339.format(from))
                .withResolution(new Problem.Resolution("swap", payeeSwap, null)));
    }

    static MintRefusedException notFound(String detail) {
        return new MintRefusedException(Problem.of(ProblemType.NOT_FOUND, detail));
    }

    static MintRefusedException spent(Collection<Integer> indexes) {
        return conflict(Problem.of(ProblemType.TOKEN_SPENT, "Tokens were used before; nothing was changed.")
                .with("spent", words(indexes)));
    }

    static MintRefusedException expired(String detail) {
        return conflict(Problem.of(ProblemType.TOKEN_EXPIRED, detail));
    }

    static MintRefusedException mismatch(long given, long asked) {
        return conflict(Problem.of(
                ProblemType.AMOUNT_MISMATCH,
                "The messages are worth " + asked + " and must be worth " + given + "; nothing was changed."));
    }

    static MintRefusedException issuedBefore(Setup setup, Collection<Integer> indexes) {
        return new MintRefusedException(Problem.of(
                        ProblemType.ALREADY_FULFILLED,
                        "Messages were signed before, and nothing is charged for them again: restore them.")
                .with("issued", words(indexes))
                .withResolution(new Problem.Resolution("restore", setup.links().restore(), null)));
    }

    private static MintRefusedException conflict(Problem problem) {
        return new MintRefusedException(problem.withStatus(CONFLICT));
    }

    private static String words(Collection<Integer> indexes) {
        return new TreeSet<>(indexes).stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
