package org.farthing.server.jetty;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.server.gate.Inquiry;
import org.farthing.server.gate.PaymentGate;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.PriceList;
import org.farthing.server.offer.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a request through a started payment handler: is it free, an {@code OPTIONS}, an exchange of tokens, a dispatch within
 * the server, or to be charged for; and if so, what is asked of the gate. Immutable; asked by every request.
 */
final class PricedRequests {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentHandler.class);

    private final PaymentHandler paywall;
    private final PaymentGate gate;
    private final @Nullable SwapRoute swaps;
    private final boolean chained;
    private final PriceList prices;
    private final List<Origin> origins;
    private final Confidentiality confidentiality;
    private final ClientName clients;
    private final CredentialField credentialField;
    private final int bodyLimit;
    private final boolean passOptions;
    private final CrossOrigin crossOrigin;

    /**
     * Takes what is fixed from the start on.
     *
     * @param chained whether there is another payment handler behind
     */
    PricedRequests(PaymentHandler paywall, HandlerSettings settings, HandlerParts parts, boolean chained) {
        this.paywall = paywall;
        this.gate = parts.gate();
        this.swaps = parts.swaps();
        this.chained = chained;
        this.prices = settings.prices;
        this.origins = List.copyOf(settings.origins);
        this.confidentiality = settings.confidentiality;
        this.clients = settings.clients();
        this.credentialField = settings.credentialField;
        this.bodyLimit = settings.requestBodyLimit;
        this.passOptions = settings.passOptions;
        this.crossOrigin = settings.crossOrigin;
    }

    /**
     * Answers a request, or lets it through.
     *
     * @param next what serves
     * @param path the request's path in context
     */
    boolean handle(Handler next, String path, Request request, Response response, Callback callback) throws Exception {
        if (swaps != null && path.equals(SwapRoute.PATH)) {
            swaps.handle(request, Passage.uncharged(request, response), callback, client(request));
            return true;
        }
        if (HttpMethod.OPTIONS.is(request.getMethod()) && isAnsweredHere(request, path)) {
            return free(new OptionsAnswer(crossOrigin), request, response, callback);
        }
        Optional<Route> route = prices.find(request.getMethod(), path);
        Response answer = Passage.uncharged(request, response);
        return route.isPresent()
                ? priced(route.get(), next, request, answer, callback)
                : free(next, request, answer, callback);
    }

    /** A dispatch within the server is neither charged nor a way around a price (F-SV-92 to F-SV-94). */
    private boolean priced(Route route, Handler next, Request request, Response response, Callback callback)
            throws Exception {
        switch (Passage.of(paywall, route, request)) {
            case SERVE -> {
                return next.handle(request, response, callback);
            }
            case ERROR_PAGE -> {
                return Passage.plainError(route, request, response, callback);
            }
            case OTHER -> Passage.refuse(route, request, response, callback);
            case CHARGE -> {
                Passage.open(paywall, route, request);
                charge(route, next, request, response, callback);
            }
        }
        return true;
    }

    /** A preflight is never charged, whatever OPTIONS costs: browsers send it without a credential (F-SV-22). */
    private boolean isAnsweredHere(Request request, String path) {
        boolean priced = prices.find(request.getMethod(), path).isPresent();
        if (!CrossOrigin.isPreflight(request)) {
            return !priced && !passOptions && prices.hasPrice(path);
        }
        return priced
                || (crossOrigin.isAllowed()
                        && prices.find(CrossOrigin.requestedMethod(request), path)
                                .isPresent())
                || (!passOptions && prices.hasPrice(path));
    }

    /** A paywall behind this one sees to the credentials of what it charges for. */
    private boolean free(Handler next, Request request, Response response, Callback callback) throws Exception {
        Optional<FreeAnswer> answer = chained ? Optional.empty() : FreeAnswer.to(gate, request, response, callback);
        return answer.isPresent() ? answer.get().from(next) : next.handle(request, response, callback);
    }

    private void charge(Route route, Handler next, Request request, Response response, Callback callback) {
        GateReply reply = new GateReply(
                request, response, route.credentialFields(credentialField), crossOrigin, route.isTranslated());
        Inquiry inquiry;
        try {
            inquiry = inquiry(route, request);
        } catch (IllegalArgumentException e) {
            reply.refuse(gate.unbindable(route, request.getHeaders()::getValuesList), callback);
            return;
        }
        new PaidExchange(gate, next, gate.examine(inquiry), bodyLimit, reply, request, response, callback).handle();
    }

    /** A request for another authority is presented as one that cannot be charged for: 421 (F-SV-2). */
    private Inquiry inquiry(Route route, Request request) {
        Origin known = known(request);
        Origin origin = known == null ? origins.get(0) : known;
        RequestTarget target = RequestTarget.of(
                request.getMethod(),
                origin,
                Objects.requireNonNullElse(request.getHttpURI().getPath(), ""),
                request.getHttpURI().getQuery());
        boolean confidential = known != null && confidentiality.isGiven(request, origin);
        return new Inquiry(
                route,
                target,
                request.getHeaders()::getValuesList,
                RequestId.of(request),
                client(request),
                confidential);
    }

    private @Nullable Origin known(Request request) {
        for (Origin origin : origins) {
            if (KnownAuthority.is(request, origin)) {
                return origin;
            }
        }
        return null;
    }

    /** A name that cannot be told limits nothing, as limits that fail do. */
    private @Nullable String client(Request request) {
        try {
            return clients.of(request);
        } catch (RuntimeException e) {
            LOG.error("Who asks could not be told, so this request is not limited by it", e);
            return null;
        }
    }
}
