package org.farthing.server.jetty;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Money;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.gate.Patience;
import org.farthing.server.keys.AdminBearer;
import org.farthing.server.keys.TokenKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.farthing.server.trust.KeyDocuments;
import org.jspecify.annotations.Nullable;

/**
 * Serves the wallets of a ledger under {@code /v1/wallets} (specification: wallets.md, Routes) and leaves every other path to the
 * handler it wraps: opening a wallet, its accounts, its statement, its limits, freezing and keys, and the administrator's
 * top-ups. Put it outside the payment handler: these routes are never priced.
 *
 * <p>With {@link Builder#service} it is a wallet service too (specification: wallet-service.md): payers have the challenges of
 * registered payees paid and get receipt tokens, payees collect.
 *
 * <p>Every answer is {@code no-store}; refusals are problems. Bodies are at most 16 KiB, submitted payments 32, batches of
 * captures 64. Never blocks a container thread.
 *
 * <p>Not promised: registrations are counted by the address of the connection, so behind a proxy add Jetty's {@code
 * ForwardedRequestCustomizer}.
 */
public final class WalletHandler extends Handler.Wrapper {

    private final Origin origin;
    private final WalletService service;
    private final Duration ledgerDeadline;

    private WalletHandler(Builder builder) {
        super(builder.handler);
        origin = builder.origin;
        ledgerDeadline = builder.ledgerDeadline;
        Administrator admin = new Administrator(builder.admin);
        WalletCallers callers = new WalletCallers(origin, builder.ledger, builder.clock, builder.budgets());
        RateBudget registrations =
                new RateBudget(builder.registrationsPerHour, Duration.ofHours(1), Builder.MOST_PREFIXES, builder.clock);
        WalletAccounts accounts =
                new WalletAccounts(builder.ledger, callers, admin, registrations, builder.dailyLimits);
        WalletSettings settings = new WalletSettings(builder.ledger, callers, accounts);
        service = new WalletService(accounts, settings, builder.routes(callers, admin));
    }

    /**
     * Starts a handler.
     *
     * @param origin the public origin of the ledger, which wallet requests are made for
     * @param ledger the books
     * @return a builder
     */
    public static Builder builder(Origin origin, Ledger ledger) {
        return new Builder(origin, ledger);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        if (!WalletRoute.owns(path, service.isService())) {
            return super.handle(request, response, callback);
        }
        List<WalletRoute> routes = WalletRoute.at(path, service.isService());
        RouteReplies replies = new RouteReplies(
                request,
                response,
                callback,
                WalletRoute.methods(routes),
                WalletRoute.longestBody(routes, request.getMethod()));
        try {
            WalletRoute route = route(routes, request);
            SmallBody.read(request, route.kind().longestBody)
                    .thenCompose(body -> inTime(service.serve(route, request, body)))
                    .whenComplete(replies::finish);
        } catch (Refusal refusal) {
            replies.refuse(refusal);
        }
        return true;
    }

    /** The ledger may still do what it was asked: whoever asks again finds it done, since no route does a thing twice. */
    private CompletionStage<JsonReply> inTime(CompletionStage<JsonReply> reply) {
        Patience patience = new Patience(new ServerTimers(getServer().getScheduler()), ledgerDeadline);
        return patience.await(
                reply,
                () -> {
                    throw new LedgerUnavailableException(
                            Effect.UNKNOWN, "It has not answered within " + ledgerDeadline + ".", null);
                },
                late -> {});
    }

    private WalletRoute route(List<WalletRoute> routes, Request request) {
        if (!KnownAuthority.is(request, origin)) {
            throw new Refusal(Problem.of(ProblemType.MISDIRECTED_REQUEST, "This server does not serve this host."));
        }
        if (routes.isEmpty()) {
            throw new Refusal(Problem.of(ProblemType.NOT_FOUND, "There is no such wallet route."));
        }
        for (WalletRoute route : routes) {
            if (request.getMethod().equals(route.kind().method)) {
                return route;
            }
        }
        throw new Refusal(Problem.of(
                ProblemType.METHOD_NOT_ALLOWED, "Only " + WalletRoute.methods(routes) + " can be used here."));
    }

    /** Collects what a wallet handler needs. For one thread. */
    public static final class Builder {

        private static final int MOST_PREFIXES = 50_000;

        private final Origin origin;
        private final Ledger ledger;
        private InstantSource clock = InstantSource.system();
        private Supplier<Optional<AdminBearer>> admin = Optional::empty;
        private Duration ledgerDeadline = Patience.DEFAULT;
        private int registrationsPerHour = 20;
        private int requestsPerMinute = 120;
        private int paymentsPerMinute = 600;
        private int collectionsPerMinute = 6000;
        private final Map<String, Money> dailyLimits = new TreeMap<>();
        private boolean loopbackProfile;
        private @Nullable String topUpPage;
        private @Nullable Supplier<TokenKeys> tokenKeys;
        private @Nullable KeyDocuments documents;
        private @Nullable Handler handler;

        private Builder(Origin origin, Ledger ledger) {
            this.origin = origin;
            this.ledger = ledger;
        }

        /**
         * Lets an administrator top up wallets.
         *
         * @param bearer the credential; without one, top-ups are refused
         * @return this
         */
        public Builder admin(AdminBearer bearer) {
            Optional<AdminBearer> fixed = Optional.of(bearer);
            return admin(() -> fixed);
        }

        /**
         * Lets an administrator top up wallets, with a bearer that may change.
         *
         * @param bearer the credential now, or empty; asked for each such request, so it must not block or throw
         * @return this
         */
        public Builder admin(Supplier<Optional<AdminBearer>> bearer) {
            admin = bearer;
            return this;
        }

        /**
         * Sets how long a request waits for the ledger before it is answered 503 (F-SV-73).
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
         * Limits how many wallets can be opened from one network (an IPv4 /24, an IPv6 /56) in an hour. The default is 20.
         *
         * @param most 1 or more
         * @return this
         */
        public Builder registrationsPerHour(int most) {
            registrationsPerHour = most;
            return this;
        }

        /**
         * Makes this a wallet service. The ledger is then the service's, not a payee's: payees settle through the routes.
         *
         * @param keys what receipt tokens are signed with
         * @param documents how the keys of registered payees are fetched; the caller closes it after the server stopped
         * @return this
         */
        public Builder service(TokenKeys keys, KeyDocuments documents) {
            return service(() -> keys, documents);
        }

        /**
         * Makes this a wallet service whose keys are rotated while it runs. A new set must have passed the checks of the
         * first, as {@link org.farthing.server.keys.KeyWatch#require} has it.
         *
         * @param keys what receipt tokens are signed with; asked for each token, so it must not block or throw
         * @param documents how the keys of registered payees are fetched; the caller closes it after the server stopped
         * @return this
         */
        public Builder service(Supplier<TokenKeys> keys, KeyDocuments documents) {
            tokenKeys = keys;
            this.documents = documents;
            return this;
        }

        /**
         * Allows an http origin on loopback for this service and its payees, for development on one machine.
         *
         * @return this
         */
        public Builder loopback() {
            loopbackProfile = true;
            return this;
        }

        /**
         * Limits what a new wallet may spend in a day, unless its owner sets a limit of that currency itself.
         *
         * @param perDay the limit
         * @return this
         */
        public Builder dailyLimit(Money perDay) {
            dailyLimits.put(perDay.code(), perDay);
            return this;
        }

        /**
         * Names the page where a person tops up a wallet; payers whose money does not suffice are told.
         *
         * @param url an absolute https URL
         * @return this
         */
        public Builder topUpPage(String url) {
            topUpPage = url;
            return this;
        }

        /**
         * Limits how often a wallet can pay and ask about payments in a minute. The default is 600.
         *
         * @param most 1 or more
         * @return this
         */
        public Builder paymentsPerMinute(int most) {
            paymentsPerMinute = most;
            return this;
        }

        /**
         * Limits how many requests a payee can make in a minute. The default is 6000: a payee that sells much collects a hundred
         * payments a request, one request after the other.
         *
         * @param most 1 or more
         * @return this
         */
        public Builder collectionsPerMinute(int most) {
            collectionsPerMinute = most;
            return this;
        }

        private WalletService.@Nullable ServiceRoutes routes(WalletCallers callers, Administrator administrator) {
            if (tokenKeys == null || documents == null) {
                return null;
            }
            // Refuses keys that everybody has.
            var unused = tokenKeys.get().directory(origin);
            if (!origin.isHttps() && !(loopbackProfile && origin.isLoopback())) {
                throw new IllegalArgumentException(
                        "The public origin " + origin + " of the wallet service is plain http:"
                                + " use https, or switch the loopback profile on for development on 127.0.0.1.");
            }
            PayeeRegistry payees = new PayeeRegistry(ledger.payees(), documents, clock);
            SubmissionCheck check = new SubmissionCheck(origin, payees, clock, loopbackProfile);
            TokenMint mint = new TokenMint(origin, tokenKeys);
            return new WalletService.ServiceRoutes(
                    new ServicePaying(origin, ledger, callers, check, mint, new NotHeld(topUpPage), clock),
                    new ServiceInquiry(ledger, callers, payees, clock),
                    new ServiceCollecting(ledger, callers, payees),
                    new PayeeRegistering(ledger.payees(), payees, administrator, loopbackProfile));
        }

        private WalletCallers.Budgets budgets() {
            return new WalletCallers.Budgets(requestsPerMinute, paymentsPerMinute, collectionsPerMinute);
        }

        /**
         * Limits how many requests a wallet can make in a minute. The default is 120.
         *
         * @param most 1 or more
         * @return this
         */
        public Builder requestsPerMinute(int most) {
            requestsPerMinute = most;
            return this;
        }

        /**
         * Sets the time wallet requests are judged by.
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

        /**
         * Builds the handler.
         *
         * @return the handler
         * @throws IllegalArgumentException if a limit is less than 1, or a wallet service would be unsafe; the message says
         *     what to do
         */
        public WalletHandler build() {
            return new WalletHandler(this);
        }
    }
}
