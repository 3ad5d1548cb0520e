package org.farthing.server.jetty;

import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.server.offer.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands directly in front of content and lets nobody to what costs who has not paid for it, whatever happened between the
 * paywall and here: a rewrite, a forward, a welcome file (F-SV-95; T65). A paywall sees the path a request comes with; an
 * application that sends requests from a free path on to a priced one goes around it.
 *
 * <p>It answers 403 then, and the log names the route. Place it behind everything that changes paths, where a request has the
 * path in context that the price list means.
 */
public final class PricedGuard extends Handler.Wrapper {

    private static final Logger LOG = LoggerFactory.getLogger(PricedGuard.class);

    private final PaymentHandler paywall;

    /**
     * Creates a guard.
     *
     * @param paywall the paywall in front, whose prices count
     * @param content what is guarded
     */
    public PricedGuard(PaymentHandler paywall, Handler content) {
        super(content);
        this.paywall = paywall;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<Route> route = paywall.priceOf(request);
        if (route.isEmpty() || Passage.of(paywall, route.get(), request) == Passage.Way.SERVE) {
            return super.handle(request, response, callback);
        }
        LOG.error(
                "A request came to {} around the paywall, so it is refused: give the path it came with a price, too, or send "
                        + "the client to the priced path with a redirect.",
                route.get());
        Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403);
        return true;
    }
}
