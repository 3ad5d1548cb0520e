package org.farthing.server.jetty;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.gate.Admission;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.method.WalletOrderMethod;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceFact;
import org.farthing.server.offer.PriceFunction;
import org.farthing.server.offer.PriceList;
import org.farthing.server.token.AcceptedTokens;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link PaymentHandler} together. What is not said here has a setter there.
 *
 * <pre>{@code
 * server.setHandler(PaymentHandler.builder("https://api.example.com")
 *         .keys(signingKey)
 *         .secrets(ring)
 *         .ledger(ledger)
 *         .price("/docs/*", "0.002usd")
 *         .build(new ResourceHandler()));
 * }</pre>
 */
public final class PaymentHandlerBuilder {

    private final Origin origin;
    private final PaymentHandler handler = new PaymentHandler();
    private final PriceList.Builder prices = PriceList.builder();
    private @Nullable Ledger ledger;
    private AcceptedServices services = AcceptedServices.none();
    private boolean methodAdded;
    private boolean onlyServices;

    PaymentHandlerBuilder(String origin) {
        try {
            this.origin = Origin.parse(origin);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        handler.addOrigin(this.origin);
    }

    /**
     * Sets what signs challenges, receipts and release statements.
     *
     * @param key the key
     * @return this
     */
    public PaymentHandlerBuilder keys(SigningKey key) {
        handler.setSigningKey(key);
        return this;
    }

    /**
     * Sets keys and secrets that are rotated while the handler runs, in the place of a key and a ring.
     *
     * @param source gives the same object until something changes, such as {@link org.farthing.server.keys.KeyWatch}
     * @return this
     */
    public PaymentHandlerBuilder keys(Supplier<ServerKeys> source) {
        handler.setKeys(source);
        return this;
    }

    /**
     * Sets what binds challenge ids.
     *
     * @param ring the secrets
     * @return this
     */
    public PaymentHandlerBuilder secrets(SecretRing ring) {
        handler.setSecrets(ring);
        return this;
    }

    /**
     * Sets where money and claims are.
     *
     * @param books the ledger
     * @return this
     */
    public PaymentHandlerBuilder ledger(Ledger books) {
        ledger = books;
        handler.setLedger(books);
        return this;
    }

    /**
     * Sets how long a request waits for the ledger before it is answered 503.
     *
     * @param most more than nothing; 10 seconds if nothing is said
     * @return this
     * @throws IllegalArgumentException if it is not more than nothing
     */
    public PaymentHandlerBuilder ledgerDeadline(Duration most) {
        handler.setLedgerDeadline(most);
        return this;
    }

    /**
     * Sets who is told to wait, 429. Without it, the defaults of {@link PaymentLimits} hold.
     *
     * @param limits the limits, such as {@code PaymentLimits.builder().challenges(60).build()}
     * @return this
     */
    public PaymentHandlerBuilder admission(Admission limits) {
        handler.setAdmission(limits);
        return this;
    }

    /**
     * Sets by what name clients are counted, for hosts behind a proxy.
     *
     * @param name such as {@code ClientName.forwardedFor("X-Forwarded-For")}
     * @return this
     */
    public PaymentHandlerBuilder clientName(ClientName name) {
        handler.setClientName(name);
        return this;
    }

    /**
     * Adds a payment method. Without one, orders against the ledger are taken.
     *
     * @param method the method
     * @return this
     */
    public PaymentHandlerBuilder method(PaymentMethod method) {
        methodAdded = true;
        handler.addMethod(method);
        return this;
    }

    /**
     * Accepts receipts of a wallet service, beside orders against the ledger; may be repeated. The payee must be registered
     * there, and its key document must name the service.
     *
     * @param service its origin, such as {@code https://wallet.example}
     * @return this
     * @throws IllegalArgumentException if it is no origin
     */
    public PaymentHandlerBuilder walletService(String service) {
        services = services.with(service);
        return this;
    }

    /**
     * Limits what may be sold against the receipts of one wallet service before it is collected; for each currency, 10.00 of
     * it if nothing is said.
     *
     * @param limit for example {@code 5usd}
     * @return this
     * @throws IllegalArgumentException if it cannot be read or is zero
     */
    public PaymentHandlerBuilder exposure(String limit) {
        services = services.withExposure(limit);
        return this;
    }

    /**
     * Sets how long collecting from a wallet service may take: receipts must be good for at least that long. An hour if
     * nothing is said.
     *
     * @param window at least 2 minutes
     * @return this
     */
    public PaymentHandlerBuilder captureWindow(Duration window) {
        services = services.withCaptureWindow(window);
        return this;
    }

    /**
     * Accepts blind tokens of an issuer, beside orders against the ledger.
     *
     * @param accepted which tokens, such as {@code AcceptedTokens.of(issuer)}
     * @return this
     */
    public PaymentHandlerBuilder tokens(AcceptedTokens accepted) {
        handler.setTokens(accepted);
        return this;
    }

    /**
     * Accepts blind tokens of an issuer that keeps its books elsewhere, beside orders against the ledger. The issuer must have
     * registered this payee.
     *
     * @param accepted which tokens, such as {@code RemoteTokens.of("https://issuer.example")}
     * @return this
     */
    public PaymentHandlerBuilder tokens(RemoteTokens accepted) {
        handler.setRemoteTokens(accepted);
        return this;
    }

    /**
     * Takes no orders against the ledger: wallets are at the services alone.
     *
     * @return this
     */
    public PaymentHandlerBuilder onlyWalletServices() {
        onlyServices = true;
        return this;
    }

    /**
     * Sets a price.
     *
     * @param pathSpec a path, {@code /prefix/*} or {@code *.suffix}
     * @param price for example {@code 0.002usd}
     * @return this
     * @throws IllegalArgumentException if path or price cannot be read
     */
    public PaymentHandlerBuilder price(String pathSpec, String price) {
        return price(pathSpec, Offer.of(price).build());
    }

    /**
     * Sets a price with all its conditions.
     *
     * @param pathSpec a path, {@code /prefix/*} or {@code *.suffix}
     * @param offer what it costs and how it is charged
     * @return this
     * @throws IllegalArgumentException if the path has a price already
     */
    public PaymentHandlerBuilder price(String pathSpec, Offer offer) {
        prices.charge(pathSpec, offer);
        return this;
    }

    /**
     * Sets several prices to choose from: in other currencies, or for other payment methods.
     *
     * @param pathSpec a path, {@code /prefix/*} or {@code *.suffix}
     * @param offers what may be paid, the preferred one first
     * @return this
     * @throws IllegalArgumentException if the path has a price already, or the offers do not go together
     */
    public PaymentHandlerBuilder price(String pathSpec, List<Offer> offers) {
        prices.charge(Set.of(), pathSpec, offers);
        return this;
    }

    /** Tells whether receipts of wallet services are accepted. */
    boolean acceptsServices() {
        return !services.origins().isEmpty();
    }

    /** Sets a price that a function makes. */
    void price(Set<String> methods, String pathSpec, Offer offer, Set<PriceFact> facts, PriceFunction function) {
        prices.charge(methods, pathSpec, offer, facts, function);
    }

    /**
     * Leaves a path free.
     *
     * @param pathSpec a path, {@code /prefix/*} or {@code *.suffix}
     * @return this
     */
    public PaymentHandlerBuilder free(String pathSpec) {
        prices.free(pathSpec);
        return this;
    }

    /**
     * Leaves some methods of a path free, for example {@code HEAD}.
     *
     * @param methods the methods
     * @param pathSpec a path, {@code /prefix/*} or {@code *.suffix}
     * @return this
     */
    public PaymentHandlerBuilder free(Set<String> methods, String pathSpec) {
        prices.free(methods, pathSpec);
        return this;
    }

    /**
     * Lets web pages of other origins pay here; without this no page but the origin's own can.
     *
     * @param origins for example {@code https://shop.example}
     * @return this
     * @throws IllegalArgumentException if one is {@code *} or no origin
     * @see CrossOrigin for other methods and fields of the application
     */
    public PaymentHandlerBuilder crossOrigin(String... origins) {
        handler.setCrossOrigin(CrossOrigin.allow(origins));
        return this;
    }

    /**
     * Allows a plain http origin on a loopback address, for development.
     *
     * @return this
     */
    public PaymentHandlerBuilder loopback() {
        handler.setLoopbackProfile(true);
        return this;
    }

    /**
     * Says that a TLS proxy on another machine is in front, which nobody can go around.
     *
     * @return this
     */
    public PaymentHandlerBuilder tlsProxy() {
        handler.setTlsProxy(true);
        return this;
    }

    /**
     * Sets the time.
     *
     * @param source the clock
     * @return this
     */
    public PaymentHandlerBuilder clock(InstantSource source) {
        handler.setClock(source);
        return this;
    }

    /**
     * Builds the handler.
     *
     * @param paid what serves
     * @return the handler, not started
     * @throws IllegalStateException if there is no way to pay
     */
    public PaymentHandler build(Handler paid) {
        handler.setPrices(prices.build());
        if (onlyServices && services.origins().isEmpty()) {
            throw new IllegalStateException("Only wallet services, and none is named: name one with walletService.");
        }
        if (!methodAdded && !onlyServices && ledger != null) {
            handler.addMethod(new WalletOrderMethod(ledger));
        }
        handler.setWalletServices(services);
        handler.setHandler(paid);
        return handler;
    }
}
