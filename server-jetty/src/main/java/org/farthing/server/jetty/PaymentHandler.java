package org.farthing.server.jetty;

import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.annotation.ManagedAttribute;
import org.eclipse.jetty.util.annotation.ManagedObject;
import org.farthing.server.gate.Payment;
import org.farthing.server.gate.PaymentGate;
import org.farthing.server.gate.Refunds;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.offer.Route;
import org.jspecify.annotations.Nullable;

/**
 * Charges for what the handler behind it serves: requests on priced paths get 402 with signed challenges, or are served once
 * their payment is reserved and charged when they were served (specification: server.md, charge.md, retry.md).
 *
 * <p>{@link #builder} makes one with the usual parts. Place it inside compression, rate limits, size limits and
 * authentication, and outside everything that makes priced content (F-SV-23).
 *
 * <p><b>Guarantees.</b> Without a payment no priced handler runs. Nothing is charged for an answer that is not a 2xx, that
 * fails, or that was not made in time. One credential is charged and served once; sent again it gets the same answer.
 *
 * <p><b>Not guaranteed.</b> What the application leaks elsewhere: a priced resource that is also reachable under a free path is
 * free there, unless a {@link PricedGuard} stands in front of it.
 *
 * <p><b>Threads.</b> Blocks no thread itself and passes on the invocation type of the handler behind it. That handler runs on
 * the container's thread if nothing had to be waited for. Else it runs on a thread of the server or, if its type says that it
 * never blocks, on the one that brought the ledger's answer.
 *
 * <p>Setters are for the time before the start and throw {@link IllegalStateException} after it.
 */
@ManagedObject("Charges for requests (HTTP 402)")
public class PaymentHandler extends ConfigurableHandler {

    /** The request attribute with the {@link Payment} of a paid request, for the handler behind. */
    public static final String PAYMENT_ATTRIBUTE = PaymentHandler.class.getName() + ".payment";

    /**
     * The request attribute with the {@code Payment-Receipt} field value of a paid answer, for the handlers around. A receipt
     * is sensitive: keep it out of logs (S41).
     */
    public static final String RECEIPT_ATTRIBUTE = PaymentHandler.class.getName() + ".receipt";

    private final PaymentStatistics statistics = new PaymentStatistics();
    private volatile @Nullable HandlerParts parts;
    private volatile @Nullable PricedRequests requests;

    /** Creates a handler that charges for nothing yet. */
    public PaymentHandler() {
        this(null);
    }

    /**
     * Creates a handler that charges for nothing yet.
     *
     * @param handler what serves, or null to set it later
     */
    public PaymentHandler(@Nullable Handler handler) {
        super(handler);
        addBean(statistics, false);
    }

    /**
     * Starts a handler with the usual parts.
     *
     * @param origin the public origin, for example {@code https://api.example.com}
     * @return a builder
     * @throws IllegalArgumentException if the text is no origin
     */
    public static PaymentHandlerBuilder builder(String origin) {
        return new PaymentHandlerBuilder(origin);
    }

    /**
     * Returns the payment a request runs under.
     *
     * @param request the request as a handler behind this one got it
     * @return the payment, or null if nothing is charged for this request
     */
    public static @Nullable Payment getPayment(Request request) {
        return request.getAttribute(PAYMENT_ATTRIBUTE) instanceof Payment payment ? payment : null;
    }

    /**
     * Gives payments back, for the application's own program.
     *
     * @return refunds out of this handler's ledger
     * @throws NullPointerException if no ledger was set
     */
    public Refunds refunds() {
        return new Refunds(ledger(), () -> {
            HandlerParts made = parts;
            if (made != null) {
                made.wake();
            }
        });
    }

    /** The ledger that was set. */
    Ledger ledger() {
        return settings.ledger();
    }

    /** The gate, once this handler was started. */
    PaymentGate gate() {
        return Objects.requireNonNull(parts, "start the handler first").gate();
    }

    /** What a request costs here. */
    Optional<Route> priceOf(Request request) {
        String path = Request.getPathInContext(request);
        return path == null ? Optional.empty() : settings.prices.find(request.getMethod(), path);
    }

    @Override
    protected void doStart() throws Exception {
        HandlerParts made = HandlerStart.of(settings, getServer(), statistics);
        made.beans().forEach(bean -> addBean(bean, true));
        boolean chained = !getDescendants(PaymentHandler.class).isEmpty();
        parts = made;
        requests = new PricedRequests(this, settings, made, chained);
        try {
            super.doStart();
        } catch (Exception | Error failure) {
            made.discard();
            made.beans().forEach(this::removeBean);
            throw failure;
        }
        made.clockWatch().start();
    }

    /** What is still owed stays in the ledger and is collected after the next start. */
    @Override
    protected void doStop() throws Exception {
        HandlerParts made = parts;
        if (made != null) {
            made.close();
        }
        super.doStop();
        if (made != null) {
            made.beans().forEach(this::removeBean);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        Handler next = getHandler();
        if (path == null || next == null) {
            return super.handle(request, response, callback);
        }
        return Objects.requireNonNull(requests, "start the handler first")
                .handle(next, path, request, response, callback);
    }

    /**
     * Returns what happened so far; also a bean of this handler.
     *
     * @return the counters, which go on counting
     */
    public PaymentStatistics statistics() {
        return statistics;
    }

    /**
     * Tells whether payments by every method can be taken now. False while no signing key may be used or this node's clock
     * is off by more than 2 seconds, so that nothing is offered, and while the keys of a wallet service or the directory of
     * the issuer of tokens are missing or too old; payments by other methods go on meanwhile.
     *
     * @return for a health check
     */
    @ManagedAttribute("whether payments by every method can be taken now")
    public boolean isReady() {
        HandlerParts made = parts;
        return isStarted() && made != null && made.isReady();
    }

    /**
     * Returns how many signed challenges lie ready for busy pages.
     *
     * @return the number now
     */
    @ManagedAttribute("challenges that lie ready")
    public int getPreparedChallenges() {
        HandlerParts made = parts;
        return made == null ? 0 : made.gate().prepared();
    }

    /**
     * Returns how many charges are under way.
     *
     * @return the number now
     */
    @ManagedAttribute("charges under way")
    public int getRunning() {
        HandlerParts made = parts;
        return made == null ? 0 : made.gate().running();
    }
}
