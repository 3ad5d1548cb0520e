package org.farthing.server.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponses;
import org.farthing.server.gate.Payment;
import org.farthing.server.mint.Mint;
import org.farthing.server.mint.MintRefusedException;
import org.farthing.server.mint.Sale;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceFact;
import org.farthing.server.offer.PriceFunction;
import org.farthing.server.offer.UnpriceableException;

/**
 * What stands behind the paywall of a mint (specification: token-mint.md, F-TK-79 to F-TK-84): signs what is being paid for, and
 * has the ledger note it with the money.
 */
final class TokenSales extends Handler.Abstract.NonBlocking {

    private static final PriceFact TOTAL = PriceFact.header(QuotedPurchase.TOTAL);

    /** 256 signatures in base64url, and their name. */
    private static final int HOLD_LIMIT = 128 * 1024;

    private final Mint mint;

    TokenSales(Mint mint) {
        this.mint = mint;
    }

    /** Puts what is for sale on the price list of its paywall. */
    static void price(PaymentHandlerBuilder paywall, Mint mint) {
        PriceFunction price = facts -> {
            try {
                return Amount.parse(facts.value(TOTAL).orElse(""), "total");
            } catch (MalformedException e) {
                throw new UnpriceableException("There is no price for this.");
            }
        };
        for (MintRoute route : List.of(MintRoute.PURCHASE, MintRoute.REQUEST)) {
            Offer offer = Offer.of(Amount.of(1), mint.currency())
                    .routeId(route.path.substring(1))
                    .description("Tokens of " + mint.issuer().realm())
                    .methods("wallet")
                    .holdLimit(HOLD_LIMIT)
                    .build();
            paywall.price(Set.of("POST"), route.path, offer, Set.of(TOTAL), price);
        }
    }

    /** What a body asks for; it throws what {@link RouteReplies} knows to answer. */
    static List<TokenRequest> requests(MintRoute route, byte[] body) {
        if (route == MintRoute.REQUEST) {
            try {
                return List.of(TokenRequest.parse(body));
            } catch (MalformedException e) {
                throw MintRoutes.unprocessable("The body is no TokenRequest of RFC 9578: " + e.getMessage() + ".");
            }
        }
        return WalletBodies.read(body, PurchaseBody::parse).requests();
    }

    /** RFC 9578 has a status of its own for what cannot be issued. */
    static Throwable refused(MintRoute route, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return route == MintRoute.REQUEST
                        && cause instanceof MintRefusedException refused
                        && refused.problem().type() == ProblemType.BAD_REQUEST
                ? MintRoutes.unprocessable(refused.problem().detail())
                : failure;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        MintRoute route = MintRoute.at(Request.getPathInContext(request)).orElse(MintRoute.PURCHASE);
        RouteReplies replies = new RouteReplies(request, response, callback, route.methods, route.longestBody);
        SmallBody.read(request, route.longestBody)
                .thenCompose(body -> sell(route, request, body))
                .whenComplete((sale, failure) -> {
                    if (failure != null) {
                        replies.finish(null, refused(route, failure));
                    } else {
                        deliver(route, sale, response, callback);
                    }
                });
        return true;
    }

    private CompletionStage<Sale> sell(MintRoute route, Request request, byte[] body) {
        Payment payment = PaymentHandler.getPayment(request);
        if (payment == null) {
            throw new IllegalStateException("signatures are for sale, and nobody pays");
        }
        return mint.sell(requests(route, body), route == MintRoute.PURCHASE, payment.authorized(), payment.currency())
                .thenApply(sale -> {
                    payment.issues(sale.issuance());
                    return sale;
                });
    }

    private static void deliver(MintRoute route, Sale sale, Response response, Callback callback) {
        boolean one = route == MintRoute.REQUEST;
        byte[] body = one
                ? sale.responses().get(0).bytes()
                : new TokenResponses(sale.responses()).format().getBytes(StandardCharsets.UTF_8);
        response.setStatus(200);
        response.getHeaders()
                .put(HttpHeader.CONTENT_TYPE, one ? "application/private-token-response" : "application/json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
