package org.farthing.server.jetty;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenResponses;
import org.farthing.server.collect.ServiceCallException;
import org.farthing.server.collect.TokenCalls;
import org.farthing.server.collect.TokenCalls.SwapReply;
import org.farthing.server.jetty.SwapCheck.Claimable;
import org.farthing.server.ledger.SwapResult;
import org.farthing.server.ledger.TokenBooks;
import org.farthing.server.ledger.UsedToken;
import org.farthing.server.token.AcceptedIssuer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets payers exchange tokens that this payee alone knows to be unspent: claims them in the payee's books, and only then passes
 * the exchange on to the issuer (specification: token-remote.md, F-TK-115 to F-TK-117; T69).
 *
 * <p>A claim is given up only when the issuer's answer says that it never made the exchange and never will; while that is not
 * known it stays, and the same body is passed on again whenever it comes.
 */
final class SwapForwarding {

    /** A hundred tokens and 256 messages, in base64url. */
    static final int LONGEST_BODY = 160 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(PaymentHandler.class);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final int MOST_NAMES = 5;
    private static final int OK = 200;
    private static final int CONFLICT = 409;

    /** What an issuer that makes the same body once and again the same cannot say of one that it made, or may make later. */
    private static final Set<ProblemType> FINAL =
            Set.of(ProblemType.TOKEN_SPENT, ProblemType.ALREADY_FULFILLED, ProblemType.AMOUNT_MISMATCH);

    private final AcceptedIssuer issuer;
    private final List<Origin> payees;
    private final TokenBooks books;
    private final TokenCalls calls;
    private final InstantSource clock;

    SwapForwarding(
            AcceptedIssuer issuer, List<Origin> payees, TokenBooks books, TokenCalls calls, InstantSource clock) {
        this.issuer = issuer;
        this.payees = List.copyOf(payees);
        this.books = books;
        this.calls = calls;
        this.clock = clock;
    }

    /** Makes the exchange, or fails with {@link Refusal}. */
    CompletionStage<JsonReply> serve(byte[] bytes) {
        SwapBody body = WalletBodies.read(bytes, SwapBody::parse);
        IssuerDirectory directory = issuer.directory().orElseThrow(SwapForwarding::later);
        Claimable swap = new SwapCheck(issuer.origin(), payees, directory, clock.instant()).check(body);
        return claimed(swap, 1)
                .thenCompose(claimed -> calls.swap(issuer.origin(), swap.payee(), bytes)
                        .handle((reply, failure) -> failure == null
                                ? answered(claimed, reply)
                                : CompletableFuture.<JsonReply>failedFuture(unclear(failure)))
                        .thenCompose(stage -> stage));
    }

    /**
     * Claims under a name that was not given up: the ledger never uses one of those again, and answers as if all tokens were
     * spent.
     */
    private CompletionStage<Claimable> claimed(Claimable swap, int attempt) {
        return books.claimForSwap(issuer.origin().text(), swap.owner(), swap.tokens())
                .thenCompose(result -> {
                    boolean all = result instanceof SwapResult.Spent spent
                            && spent.indexes().size() == swap.tokens().size();
                    if (all && attempt < MOST_NAMES) {
                        return claimed(swap.named(attempt + 1), attempt + 1);
                    }
                    refuse(result);
                    return CompletableFuture.completedFuture(swap);
                });
    }

    private static void refuse(SwapResult result) {
        if (result instanceof SwapResult.Spent spent) {
            throw SwapCheck.spent(spent.indexes());
        }
        if (result instanceof SwapResult.KeyOver over) {
            throw SwapCheck.over("Tokens are no longer changed through this payee.", over.indexes());
        }
        if (!(result instanceof SwapResult.Done) && !(result instanceof SwapResult.Repeated)) {
            throw new IllegalStateException(
                    "A claim for a swap came to " + result.getClass().getSimpleName());
        }
    }

    private static Throwable unclear(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ServiceCallException) {
            LOG.warn("A swap is claimed and its outcome is not known. {}", cause.getMessage());
            return later();
        }
        return cause;
    }

    private CompletionStage<JsonReply> answered(Claimable swap, SwapReply reply) {
        try {
            if (reply.status() == OK) {
                TokenResponses.parse(reply.body(), swap.answers());
                return JsonReply.stage(OK, new String(reply.body(), StandardCharsets.UTF_8));
            }
            Problem problem = Problem.parse(reply.body());
            if (reply.status() == CONFLICT && FINAL.contains(problem.type())) {
                return givenUp(swap, problem);
            }
            LOG.error(
                    "A swap is claimed, and {} does not make it now: {} {}",
                    issuer.origin(),
                    reply.status(),
                    problem.type().code());
        } catch (MalformedException e) {
            LOG.error("A swap is claimed, and the answer of {} cannot be read: {}", issuer.origin(), reply.status());
        }
        return CompletableFuture.failedFuture(later());
    }

    private CompletionStage<JsonReply> givenUp(Claimable swap, Problem problem) {
        LOG.warn(
                "{} refuses a swap for good: {}",
                issuer.origin(),
                problem.type().code());
        Problem passedOn = Problem.of(problem.type(), "The issuer of these tokens refused; nothing was changed.")
                .withStatus(CONFLICT);
        for (String name : List.of("spent", "issued")) {
            passedOn = problem.text(name).isPresent()
                    ? passedOn.with(name, problem.text(name).get())
                    : passedOn;
        }
        Refusal refusal = new Refusal(passedOn);
        return books.giveUpSwap(issuer.origin().text(), swap.owner())
                .thenCompose(done -> keepSpent(swap, problem))
                .thenCompose(kept -> {
                    throw refusal;
                });
    }

    /** What the issuer calls spent must not be taken for a payment here: its word would come too late. */
    private CompletionStage<?> keepSpent(Claimable swap, Problem problem) {
        Set<String> spent =
                new HashSet<>(List.of(problem.text("spent").orElse("").split(" ", -1)));
        List<UsedToken> tokens = new ArrayList<>();
        for (int i = 0; i < swap.tokens().size(); i++) {
            if (spent.contains(Integer.toString(i))) {
                tokens.add(swap.tokens().get(i));
            }
        }
        return tokens.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : books.claimForSwap(issuer.origin().text(), "spent." + swap.owner(), tokens);
    }

    static Refusal later() {
        return Refusal.waitFirst(
                ProblemType.LEDGER_UNAVAILABLE,
                "The issuer of these tokens cannot be asked now. Send the very same swap again later: it is made once.",
                AGAIN);
    }
}
