package org.farthing.server.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.keys.AdminBearer;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the wallets of an embedded ledger under {@code /v1/wallets} (specification: wallets.md, Routes) and leaves every
 * other path to the handler it wraps: opening a wallet, its accounts, its statement, and the administrator's top-ups. Put it
 * outside the payment handler: these routes are never priced.
 *
 * <p>Every answer is {@code no-store}; refusals are problems. Bodies are at most 16 KiB. Never blocks a container thread.
 *
 * <p>Not promised: requests are single use within this process (see F-WR-5); registrations are counted by the address of the
 * connection, so behind a proxy add Jetty's {@code ForwardedRequestCustomizer}.
 */
public final class WalletHandler extends Handler.Wrapper {

    private static final Logger LOG = LoggerFactory.getLogger(WalletHandler.class);

    private final Origin origin;
    private final WalletService service;

    private WalletHandler(Builder builder) {
        super(builder.handler);
        origin = builder.origin;
        WalletCallers callers = new WalletCallers(origin, builder.ledger, builder.clock, builder.requestsPerMinute);
        RateBudget registrations =
                new RateBudget(builder.registrationsPerHour, Duration.ofHours(1), Builder.MOST_PREFIXES, builder.clock);
        service = new WalletService(builder.ledger, callers, builder.admin, registrations);
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
        if (!WalletRoute.owns(path)) {
            return super.handle(request, response, callback);
        }
        try {
            WalletRoute route = route(path, request);
            SmallBody.read(request, WalletBodies.LONGEST)
                    .thenCompose(body -> service.serve(route, request, body))
                    .whenComplete((reply, failure) -> finish(request, response, callback, reply, failure));
        } catch (Refusal refusal) {
            refuse(request, response, callback, refusal);
        }
        return true;
    }

    private WalletRoute route(String path, Request request) {
        if (!KnownAuthority.is(request, origin)) {
            throw new Refusal(Problem.of(ProblemType.MISDIRECTED_REQUEST, "This server does not serve this host."));
        }
        WalletRoute route = WalletRoute.of(path);
        if (route == null) {
            throw new Refusal(Problem.of(ProblemType.NOT_FOUND, "There is no such wallet route."));
        }
        if (!request.getMethod().equals(route.kind().method)) {
            throw new Refusal(
                    Problem.of(ProblemType.METHOD_NOT_ALLOWED, "Only " + route.kind().method + " can be used here."));
        }
        return route;
    }

    private static void finish(
            Request request,
            Response response,
            Callback callback,
            WalletService.@Nullable Reply reply,
            @Nullable Throwable failure) {
        try {
            if (reply != null) {
                write(request, response, callback, reply);
            } else {
                Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                        ? wrapped.getCause()
                        : failure;
                fail(request, response, callback, cause);
            }
        } catch (RuntimeException e) {
            // Nobody is behind a stage to catch it, and the request must end.
            callback.failed(e);
        }
    }

    private static void write(Request request, Response response, Callback callback, WalletService.Reply reply) {
        byte[] body = reply.json().getBytes(StandardCharsets.UTF_8);
        HttpFields.Mutable fields = response.getHeaders();
        response.setStatus(reply.status());
        fields.put(RequestId.FIELD, RequestId.of(request));
        fields.put(HttpHeader.CACHE_CONTROL, "no-store");
        fields.put(HttpHeader.CONTENT_TYPE, "application/json");
        fields.put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private static void fail(Request request, Response response, Callback callback, @Nullable Throwable cause) {
        if (cause instanceof Refusal refusal) {
            refuse(request, response, callback, refusal);
        } else if (cause instanceof LedgerUnavailableException) {
            LOG.warn("The ledger did not answer, request {}: {}", RequestId.of(request), cause.getMessage());
            refuse(
                    request,
                    response,
                    callback,
                    Refusal.waitFirst(
                            ProblemType.LEDGER_UNAVAILABLE, "The ledger is away; try again.", Duration.ofSeconds(1)));
        } else if (cause instanceof HttpException http && http.getCode() == 413) {
            refuse(
                    request,
                    response,
                    callback,
                    new Refusal(Problem.of(
                                    ProblemType.BODY_TOO_LARGE,
                                    "A body has at most " + WalletBodies.LONGEST + " bytes here.")
                            .with("limit", Integer.toString(WalletBodies.LONGEST))));
        } else if (cause instanceof RuntimeException && !(cause instanceof HttpException)) {
            LOG.error("A wallet route failed, request {}", RequestId.of(request), cause);
            refuse(
                    request,
                    response,
                    callback,
                    new Refusal(Problem.of(
                            ProblemType.INTERNAL_PAYMENT_ERROR, "This server made a mistake; it is in its log.")));
        } else {
            // The body broke off or is no HTTP: Jetty answers, if there is anybody left to answer.
            callback.failed(cause);
        }
    }

    private static void refuse(Request request, Response response, Callback callback, Refusal refusal) {
        Problem problem = refusal.problem();
        HttpFields.Mutable fields = response.getHeaders();
        if (problem.type() == ProblemType.UNAUTHENTICATED) {
            fields.put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        if (problem.type() == ProblemType.METHOD_NOT_ALLOWED) {
            WalletRoute route = WalletRoute.of(Request.getPathInContext(request));
            fields.put(HttpHeader.ALLOW, route == null ? "" : route.kind().method);
        }
        Duration wait = refusal.retryAfter();
        if (wait != null) {
            fields.put(HttpHeader.RETRY_AFTER, wait.toSeconds());
        }
        ProblemReply.write(request, response, callback, problem);
    }

    /** Collects what a wallet handler needs. For one thread. */
    public static final class Builder {

        private static final int MOST_PREFIXES = 50_000;

        private final Origin origin;
        private final Ledger ledger;
        private InstantSource clock = InstantSource.system();
        private Optional<AdminBearer> admin = Optional.empty();
        private int registrationsPerHour = 20;
        private int requestsPerMinute = 120;
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
            admin = Optional.of(bearer);
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
         * @throws IllegalArgumentException if a limit is less than 1
         */
        public WalletHandler build() {
            return new WalletHandler(this);
        }
    }
}
