package org.farthing.server.jetty;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Amount;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.server.gate.Patience;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.farthing.server.mint.Mint;
import org.farthing.server.mint.MintRefusedException;
import org.farthing.server.trust.KeyDocuments;
import org.jspecify.annotations.Nullable;

/**
 * Serves the routes of a {@link Mint} (specification: token-mint.md) and leaves every other path to the handler it wraps: the
 * directory, purchases behind a paywall of its own, swaps, restoring, redemptions and refunds. Put it outside the payment
 * handler that sells for tokens.
 *
 * <p>A request for tokens is looked at before it is priced: what cannot be signed is refused before anybody is asked to pay.
 * Never blocks a container thread; starts the mint if nobody has, and then ends it, too.
 */
public final class MintHandler extends Handler.Wrapper {

    private final Mint mint;
    private final PaymentHandler paywall;
    private final MintRoutes routes;
    private final MintDirectory directory;
    private final RateBudget budget;
    private final ClientName clients;
    private final Duration ledgerDeadline;
    private boolean startedMint;

    private MintHandler(Builder builder) {
        super(builder.handler);
        mint = builder.mint;
        ledgerDeadline = builder.ledgerDeadline;
        clients = builder.clients;
        budget = new RateBudget(builder.requestsPerMinute, Duration.ofMinutes(1), Builder.MOST_NETWORKS, builder.clock);
        routes = new MintRoutes(mint, builder.payees());
        directory = new MintDirectory(mint);
        TokenSales.price(builder.paywall, mint);
        paywall = builder.paywall.ledger(mint.ledger()).build(new TokenSales(mint));
        paywall.setRequestBodyLimit(MintRoute.PURCHASE.longestBody);
        paywall.setClock(builder.clock);
        addBean(paywall, true);
    }

    /**
     * Starts a handler.
     *
     * @param mint the mint
     * @param paywall how purchases are paid: keys, secrets and limits for the mint's own origin. Its ledger is the mint's, it has
     *     no prices of its own, and is not used for anything else
     * @return a builder
     */
    public static Builder builder(Mint mint, PaymentHandlerBuilder paywall) {
        return new Builder(mint, paywall);
    }

    /** Purchases are paid there; for settings that its builder does not have. */
    PaymentHandler paywall() {
        return paywall;
    }

    @Override
    public void setServer(Server server) {
        super.setServer(server);
        paywall.setServer(server);
    }

    @Override
    protected void doStart() throws Exception {
        startedMint = mint.startIfNeeded();
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        if (startedMint) {
            mint.close();
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<MintRoute> found = MintRoute.at(Request.getPathInContext(request));
        if (found.isEmpty()) {
            return super.handle(request, response, callback);
        }
        MintRoute route = found.get();
        RouteReplies replies = new RouteReplies(request, response, callback, route.methods, route.longestBody);
        try {
            require(route, request);
            if (route == MintRoute.DIRECTORY) {
                directory.serve(request, response, callback);
            } else if (route.isSold()) {
                sell(route, request, response, callback, replies);
            } else {
                SmallBody.read(request, route.longestBody)
                        .thenCompose(body -> inTime(routes.serve(route, request, body)))
                        .whenComplete(replies::finish);
            }
        } catch (Refusal refusal) {
            replies.refuse(refusal);
        }
        return true;
    }

    private void require(MintRoute route, Request request) {
        if (!KnownAuthority.is(request, mint.issuer())) {
            throw new Refusal(Problem.of(ProblemType.MISDIRECTED_REQUEST, "This server does not serve this host."));
        }
        if (!route.has(request.getMethod())) {
            throw new Refusal(
                    Problem.of(ProblemType.METHOD_NOT_ALLOWED, "Only " + route.methods + " can be used here."));
        }
        String client = route == MintRoute.DIRECTORY || isNamed(route, request) ? null : clients.of(request);
        Duration wait = client == null ? Duration.ZERO : budget.take(client);
        if (!wait.isZero()) {
            throw Refusal.waitFirst(ProblemType.RATE_LIMITED, "This network asks too often.", wait);
        }
    }

    /** Who pays or signs has a budget of its own behind. */
    private static boolean isNamed(MintRoute route, Request request) {
        return route.isSold()
                ? QuotedPurchase.isPaid(request)
                : route.isForPayees() && BearerField.token(request.getHeaders()).isPresent();
    }

    private void sell(MintRoute route, Request request, Response response, Callback callback, RouteReplies replies) {
        SmallBody.read(request, route.longestBody)
                .thenCompose(body ->
                        inTime(quote(route, request, body)).thenApply(total -> QuotedPurchase.of(request, body, total)))
                .whenComplete((quoted, failure) -> {
                    if (failure != null) {
                        replies.finish(null, TokenSales.refused(route, failure));
                    } else {
                        pay(quoted, response, callback);
                    }
                });
    }

    /** A purchase that was paid may have been answered before, and then gets the same answer: the paywall knows. */
    private CompletionStage<Amount> quote(MintRoute route, Request request, byte[] body) {
        List<TokenRequest> requests = TokenSales.requests(route, body);
        if (!QuotedPurchase.isPaid(request)) {
            return mint.price(requests, route == MintRoute.PURCHASE);
        }
        try {
            return CompletableFuture.completedStage(mint.total(requests));
        } catch (MintRefusedException e) {
            return paidBefore(request, e);
        }
    }

    /** What was paid before a key was closed was priced then, and its answer is its payer's (F-TK-170). */
    private CompletionStage<Amount> paidBefore(Request request, MintRefusedException refusal) {
        return paywall.gate()
                .unneeded(request.getHeaders()::getValuesList)
                .orElse(CompletableFuture.failedStage(refusal))
                .thenCompose(outcome -> outcome.state() == ChargeOutcome.State.REFUSED
                        ? CompletableFuture.failedStage(refusal)
                        : mint.ledger().charge(outcome.challengeId()))
                .thenApply(charge ->
                        Amount.of(charge.orElseThrow(() -> refusal).terms().amount()));
    }

    private void pay(QuotedPurchase quoted, Response response, Callback callback) {
        try {
            if (!paywall.handle(quoted, response, callback)) {
                throw new IOException("the paywall of the mint has no price for " + quoted.getHttpURI());
            }
        } catch (Exception e) {
            callback.failed(e);
        }
    }

    /** The mint may still do what it was asked: whoever asks again finds it done. */
    private <T> CompletionStage<T> inTime(CompletionStage<T> answer) {
        Patience patience = new Patience(new ServerTimers(getServer().getScheduler()), ledgerDeadline);
        return patience.await(
                answer,
                () -> {
                    throw new LedgerUnavailableException(
                            Effect.UNKNOWN, "It has not answered within " + ledgerDeadline + ".", null);
                },
                late -> {});
    }

    /** Collects what the handler of a mint needs. For one thread. */
    public static final class Builder {

        private static final int MOST_NETWORKS = 50_000;
        private static final int PAYEE_CALLS = 6000;

        private final Mint mint;
        private final PaymentHandlerBuilder paywall;
        private InstantSource clock = InstantSource.system();
        private ClientName clients = new ClientAddress(false);
        private Duration ledgerDeadline = Patience.DEFAULT;
        private int requestsPerMinute = 60;
        private @Nullable KeyDocuments documents;
        private @Nullable Handler handler;

        private Builder(Mint mint, PaymentHandlerBuilder paywall) {
            this.mint = mint;
            this.paywall = paywall;
        }

        /**
         * Lets payees with books of their own redeem tokens and change them for their customers: those that are registered in the
         * ledger.
         *
         * @param documents how their keys are fetched; the caller closes it after the server stopped
         * @return this
         */
        public Builder payees(KeyDocuments documents) {
            this.documents = documents;
            return this;
        }

        /**
         * Sets how long a request waits for the ledger and the mint before it is answered 503.
         *
         * @param most more than nothing; 10 seconds if nothing is said
         * @return this
         * @throws IllegalArgumentException if it is not more than nothing
         */
        public Builder ledgerDeadline(Duration most) {
            ledgerDeadline = Patience.checked(most);
            return this;
        }

        /**
         * Limits how many requests one network makes in a minute that show no payment. The default is 60.
         *
         * @param most 1 or more
         * @return this
         */
        public Builder requestsPerMinute(int most) {
            requestsPerMinute = most;
            return this;
        }

        /**
         * Sets by what name clients are counted, for hosts behind a proxy.
         *
         * @param name says who asks
         * @return this
         */
        public Builder clientName(ClientName name) {
            clients = name;
            return this;
        }

        /**
         * Sets the time purchases and payees' requests are judged by.
         *
         * @param source the clock
         * @return this
         */
        public Builder clock(InstantSource source) {
            clock = source;
            return this;
        }

        /**
         * Sets the handler that serves all other paths.
         *
         * @param wrapped the handler
         * @return this
         */
        public Builder handler(Handler wrapped) {
            handler = wrapped;
            return this;
        }

        private MintRoutes.@Nullable Payees payees() {
            if (documents == null) {
                return null;
            }
            WalletCallers callers = new WalletCallers(
                    mint.issuer(), mint.ledger(), clock, new WalletCallers.Budgets(1, 1, PAYEE_CALLS));
            return new MintRoutes.Payees(
                    callers, new PayeeRegistry(mint.ledger().payees(), documents, clock));
        }

        /**
         * Builds the handler.
         *
         * @return the handler, not started
         * @throws IllegalArgumentException if a limit is less than 1, the paywall has prices for the mint's routes, or it accepts
         *     wallet services
         */
        public MintHandler build() {
            if (paywall.acceptsServices()) {
                throw new IllegalArgumentException(
                        "A mint sells for money in wallets of its own ledger: tokens that are out"
                                + " must be backed by money that is there, not by what a wallet service still owes."
                                + " Leave walletService out of its paywall.");
            }
            return new MintHandler(this);
        }
    }
}
