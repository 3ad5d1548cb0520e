package org.farthing.server.jetty;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.farthing.server.offer.PricedOffer;
import org.farthing.server.offer.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one paywall lets a request through to: one route, whatever the application dispatches to within that request (F-SV-92
 * to F-SV-94; T65).
 *
 * @param paywall which paywall
 * @param route what is paid for
 * @param target path and query that were paid for
 */
record Passage(PaymentHandler paywall, Route route, String target) {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentHandler.class);
    private static final String ATTRIBUTE = Passage.class.getName();

    /** The page of the host may itself be priced, so the error is shown without it. */
    private static final ErrorHandler PLAIN = new ErrorHandler();

    /** Notes what a request is charged for. */
    static void open(PaymentHandler paywall, Route route, Request request) {
        request.setAttribute(ATTRIBUTE, new Passage(paywall, route, target(request)));
    }

    /** What is answered to a request on a priced path in place of a price. */
    enum Way {
        /** It is no dispatch: a price is asked for. */
        CHARGE,
        /** It goes on within its payment. */
        SERVE,
        /** The page of an error that happened elsewhere. */
        ERROR_PAGE,
        /** A paid request that was sent on to something else that costs. */
        OTHER
    }

    /** Tells what a request on a priced path is. */
    static Way of(PaymentHandler paywall, Route route, Request request) {
        if (errorStatus(request) != 0) {
            return Way.ERROR_PAGE;
        }
        if (!(request.getAttribute(ATTRIBUTE) instanceof Passage passage)
                || passage.paywall() != paywall
                || PaymentHandler.getPayment(request) == null) {
            return Way.CHARGE;
        }
        boolean samePrice = route.offers().stream().allMatch(PricedOffer::hasFixedPrice)
                || passage.target().equals(target(request));
        return passage.route().id().equals(route.id()) && samePrice ? Way.SERVE : Way.OTHER;
    }

    /** Shows an error without the page at a priced path: who provokes errors would read it for nothing. */
    static boolean plainError(Route route, Request request, Response response, Callback callback) throws Exception {
        LOG.warn("An error page is on {}, so it is not shown: make the paths of error pages free.", route);
        response.setStatus(errorStatus(request));
        return PLAIN.handle(request, response, callback);
    }

    /**
     * Keeps the status of an error through its page, if the error happened within a payment. Jetty shows pages with 200, and an
     * error with that status would be charged.
     */
    static Response uncharged(Request request, Response response) {
        int status = errorStatus(request);
        if (status == 0 || PaymentHandler.getPayment(request) == null) {
            return response;
        }
        response.setStatus(status);
        return new Response.Wrapper(request, response) {
            @Override
            public void setStatus(int code) {
                super.setStatus(HttpStatus.isClientError(code) || HttpStatus.isServerError(code) ? code : status);
            }
        };
    }

    private static int errorStatus(Request request) {
        return request.getAttribute(ErrorHandler.ERROR_STATUS) instanceof Integer status ? status : 0;
    }

    /** Refuses to go from one paid route to another. */
    static void refuse(Route route, Request request, Response response, Callback callback) {
        LOG.error(
                "A request was sent on to {} within the server, which it has not paid for, so it is not served and not charged. "
                        + "Give both paths one entry of the price list, or call the handler of the content directly.",
                route);
        Response.writeError(request, response, callback, HttpStatus.INTERNAL_SERVER_ERROR_500);
    }

    private static String target(Request request) {
        return request.getMethod() + ' ' + request.getHttpURI().getPathQuery();
    }
}
