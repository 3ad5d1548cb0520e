package org.farthing.server.jetty;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.RecallBody;
import org.farthing.protocol.token.RedemptionAnswer;
import org.farthing.protocol.token.RedemptionBody;
import org.farthing.protocol.token.RefundBody;
import org.farthing.protocol.token.RestoreAnswer;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenResponses;
import org.farthing.server.ledger.TokenPlace;
import org.farthing.server.mint.Mint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of a mint that cost nothing (specification: token-mint.md, F-TK-86 to F-TK-92). Never blocks. */
final class MintRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(MintHandler.class);

    private static final int UNPROCESSABLE = 422;

    private final Mint mint;
    private final @Nullable Payees payees;

    /**
     * Who calls for payees with books of their own.
     *
     * @param callers verifies their requests
     * @param registry knows them
     */
    record Payees(WalletCallers callers, PayeeRegistry registry) {}

    MintRoutes(Mint mint, @Nullable Payees payees) {
        this.mint = mint;
        this.payees = payees;
    }

    /** What RFC 9578 section 6.2 answers to what it does not issue for. */
    static Refusal unprocessable(String detail) {
        return new Refusal(Problem.of(ProblemType.BAD_REQUEST, detail).withStatus(UNPROCESSABLE));
    }

    CompletionStage<JsonReply> serve(MintRoute route, Request request, byte[] body) {
        return switch (route) {
            case SWAP -> swap(request, body);
            case RESTORE -> restore(body);
            case RECALL -> recall(request, body);
            case REDEMPTIONS ->
                HttpMethod.GET.is(request.getMethod()) ? redeemed(request, body) : redeem(request, body);
            case REFUND -> refund(body);
            default -> throw new IllegalStateException("this route is served elsewhere: " + route);
        };
    }

    private CompletionStage<JsonReply> swap(Request request, byte[] body) {
        SwapBody swap = WalletBodies.read(body, SwapBody::parse);
        boolean signed = BearerField.token(request.getHeaders()).isPresent();
        CompletionStage<@Nullable Origin> caller =
                signed ? caller(request, body).thenApply(payee -> payee) : CompletableFuture.completedStage(null);
        return caller.thenCompose(
                        payee -> mint.swap(swap.challenge(), swap.tokens(), swap.requests(), swap.owner(), payee))
                .thenApply(responses -> {
                    LOG.info(
                            "Changed {} tokens into {}, request {}",
                            swap.tokens().size(),
                            responses.size(),
                            RequestId.of(request));
                    return responses(responses);
                });
    }

    private CompletionStage<JsonReply> restore(byte[] body) {
        PurchaseBody restore = WalletBodies.read(body, PurchaseBody::parse);
        return mint.restore(restore.requests())
                .thenApply(RestoreAnswer::format)
                .thenApply(json -> new JsonReply(200, json));
    }

    private CompletionStage<JsonReply> recall(Request request, byte[] body) {
        RecallBody recall = WalletBodies.read(body, RecallBody::parse);
        return mint.recall(recall).thenApply(responses -> {
            LOG.info(
                    "Changed {} tokens of closed keys into {}, request {}",
                    recall.tokens().size(),
                    responses.size(),
                    RequestId.of(request));
            return responses(responses);
        });
    }

    private CompletionStage<JsonReply> redeem(Request request, byte[] body) {
        return caller(request, body).thenCompose(payee -> {
            RedemptionBody tokens = WalletBodies.read(body, RedemptionBody::parse);
            return mint.redeem(payee, tokens.challenge(), tokens.tokens())
                    .thenApply(answer -> redeemed(request, payee, answer));
        });
    }

    private CompletionStage<JsonReply> redeemed(Request request, byte[] body) {
        return caller(request, body).thenCompose(payee -> {
            TokenPlace after = RedeemedQuery.of(request.getHttpURI().getQuery());
            return mint.redeemed(payee, after)
                    .thenApply(slice ->
                            new JsonReply(200, RedeemedQuery.page(slice).format()));
        });
    }

    private JsonReply redeemed(Request request, Origin payee, RedemptionAnswer answer) {
        LOG.info(
                "Payee {} presented {} tokens and is credited with {} {} for them, request {}",
                payee,
                answer.results().size(),
                answer.amount().format(),
                mint.currency(),
                RequestId.of(request));
        return new JsonReply(200, answer.format());
    }

    private CompletionStage<JsonReply> refund(byte[] body) {
        RefundBody refund = WalletBodies.read(body, RefundBody::parse);
        return mint.refund(refund.credential(), refund.requests()).thenApply(MintRoutes::responses);
    }

    private CompletionStage<Origin> caller(Request request, byte[] body) {
        Payees known = payees;
        if (known == null) {
            throw new Refusal(Problem.of(ProblemType.NOT_ALLOWED, "This mint has no payees with books of their own."));
        }
        return known.callers().payee(known.registry(), request, body).thenApply(PayeeRegistry.Registered::origin);
    }

    private static JsonReply responses(List<TokenResponse> responses) {
        return new JsonReply(200, new TokenResponses(responses).format());
    }
}
