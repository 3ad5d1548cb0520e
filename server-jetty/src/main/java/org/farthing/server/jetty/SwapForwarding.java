package org.farthing.server.jetty;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
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
import org.farthing.server.ledger.ForwardResult;
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

    /** As long as at the mint (F-TK-115): 256 tokens and 256 messages, in base64url. */
    static final int LONGEST_BODY = 256 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(PaymentHandler.class);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final String SPENT = "spent";
    private static final String ISSUED = "issued";
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
        return books.claimForSwap(issuer.origin().text(), swap.exchange(), swap.tokens())
                .thenCompose(result -> {
                    int attempt = claimed(result);
                    return calls.swap(issuer.origin(), swap.payee(), bytes)
                            .handle((reply, failure) -> failure == null
                                    ? answered(swap, attempt, reply)
                                    : CompletableFuture.<JsonReply>failedFuture(unclear(failure)))
                            .thenCompose(stage -> stage);
                });
    }

    /** Which claim it is, if it is one. */
    private static int claimed(ForwardResult result) {
        if (result instanceof ForwardResult.Claimed claimed) {
            return claimed.attempt();
        }
        if (result instanceof ForwardResult.Spent spent) {
            throw SwapCheck.spent(spent.indexes());
        }
        if (result instanceof ForwardResult.KeyOver over) {
            throw SwapCheck.over("Tokens are no longer changed through this payee.", over.indexes());
        }
        throw new Refusal(Problem.of(
                        ProblemType.ALREADY_FULFILLED,
                        "The issuer has refused this very swap again and again; nothing was changed. Ask for other"
                                + " messages.")
                .withStatus(CONFLICT));
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

    private CompletionStage<JsonReply> answered(Claimable swap, int attempt, SwapReply reply) {
        try {
            if (reply.status() == OK) {
                TokenResponses.parse(reply.body(), swap.answers());
                return JsonReply.stage(OK, new String(reply.body(), StandardCharsets.UTF_8));
            }
            Problem problem = Problem.parse(reply.body());
            if (reply.status() == CONFLICT && FINAL.contains(problem.type())) {
                return refused(swap, attempt, problem);
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

    /**
     * What the issuer calls spent must not be taken for a payment here: its word would come too late.
     *
     * @throws MalformedException if it says that tokens are spent and not which: then none of them may be given free
     */
    private CompletionStage<JsonReply> refused(Claimable swap, int attempt, Problem problem) throws MalformedException {
        Problem passedOn = Problem.of(problem.type(), "The issuer of these tokens refused; nothing was changed.")
                .withStatus(CONFLICT);
        List<UsedToken> spent = List.of();
        if (problem.type() == ProblemType.TOKEN_SPENT) {
            List<Integer> indexes = indexes(problem, SPENT, swap.tokens().size());
            spent = indexes.stream().map(swap.tokens()::get).toList();
            passedOn = passedOn.with(SPENT, SwapCheck.words(indexes));
        } else if (problem.text(ISSUED).isPresent()) {
            passedOn = passedOn.with(ISSUED, SwapCheck.words(indexes(problem, ISSUED, swap.answers())));
        }
        LOG.warn(
                "{} refuses a swap for good: {}",
                issuer.origin(),
                problem.type().code());
        Refusal refusal = new Refusal(passedOn);
        return books.refuseSwap(issuer.origin().text(), swap.exchange(), attempt, spent)
                .thenCompose(done -> {
                    throw refusal;
                });
    }

    /** Which of so many; each once, and at least one. */
    private static List<Integer> indexes(Problem problem, String name, int count) throws MalformedException {
        Set<Integer> indexes = new TreeSet<>();
        for (String word : problem.text(name).orElse("").split(" ", count + 1)) {
            boolean known = word.matches("0|[1-9][0-9]{0,3}") && Integer.parseInt(word) < count;
            if (!known || !indexes.add(Integer.valueOf(word))) {
                throw new MalformedException(Fault.VALUE, "problem." + name, "the numbers of some tokens or messages");
            }
        }
        return List.copyOf(indexes);
    }

    static Refusal later() {
        return Refusal.waitFirst(
                ProblemType.LEDGER_UNAVAILABLE,
                "The issuer of these tokens cannot be asked now. Send the very same swap again later: it is made once.",
                AGAIN);
    }
}
