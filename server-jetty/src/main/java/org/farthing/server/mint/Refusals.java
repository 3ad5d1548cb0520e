package org.farthing.server.mint;

import java.time.Instant;
import java.util.Collection;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.server.ledger.SwapResult;

/** The refusals of a mint, none of them 402 (specification: token-mint.md, F-TK-71). Tokens are named by their indexes only. */
final class Refusals {

    /** Where tokens of closed keys are changed. */
    static final String RECALL_PATH = "/token-recall";

    private static final int CONFLICT = 409;

    private Refusals() {}

    static MintRefusedException unusable(String detail) {
        return new MintRefusedException(Problem.of(ProblemType.BAD_REQUEST, detail));
    }

    static MintRefusedException notAllowed(String detail) {
        return new MintRefusedException(Problem.of(ProblemType.NOT_ALLOWED, detail));
    }

    /** Not known here and now. */
    static MintRefusedException later(String detail) {
        return new MintRefusedException(Problem.of(ProblemType.LEDGER_UNAVAILABLE, detail), Mint.INTERVAL);
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

    /** The way out for whoever has tokens of a key that was closed (F-TK-172). */
    static MintRefusedException closed(Setup setup, Collection<Integer> indexes) {
        return conflict(Problem.of(
                        ProblemType.TOKEN_EXPIRED,
                        "A key of these tokens was closed: they are changed for others only with their openings.")
                .with("expired", words(indexes))
                .withResolution(new Problem.Resolution("recall", setup.issuer().text() + RECALL_PATH, null)));
    }

    static MintRefusedException neverIssued(Collection<Integer> indexes) {
        return conflict(Problem.of(ProblemType.BAD_REQUEST, "The mint never signed for some of these openings.")
                .with("unknown", words(indexes)));
    }

    /** What an exchange of any kind is refused for. */
    static void refuse(Setup setup, SwapResult result) {
        if (result instanceof SwapResult.Spent before) {
            throw spent(before.indexes());
        }
        if (result instanceof SwapResult.NotEqual other) {
            throw mismatch(other.in(), other.out());
        }
        if (result instanceof SwapResult.AlreadyIssued before) {
            throw issuedBefore(setup, before.indexes());
        }
        if (result instanceof SwapResult.NotForSale) {
            throw expired("A key that is named is not on sale now. Read the directory again.");
        }
    }

    private static MintRefusedException conflict(Problem problem) {
        return new MintRefusedException(problem.withStatus(CONFLICT));
    }

    private static String words(Collection<Integer> indexes) {
        return new TreeSet<>(indexes).stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
