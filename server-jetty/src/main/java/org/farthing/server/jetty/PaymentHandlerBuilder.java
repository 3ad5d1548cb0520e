package org.farthing.server.jetty;

import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.method.WalletOrderMethod;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceList;
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
    private boolean methodAdded;

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
     * Allows a plain http origin on a loopback address, for development.
     *
     * @return this
     */
    public PaymentHandlerBuilder loopback() {
        handler.setLoopbackProfile(true);
        return this;
    }

    /**
     * Builds the handler.
     *
     * @param paid what serves
     * @return the handler, not started
     */
    public PaymentHandler build(Handler paid) {
        handler.setPrices(prices.build());
        if (!methodAdded && ledger != null) {
            handler.addMethod(new WalletOrderMethod(ledger));
        }
        handler.setHandler(paid);
        return handler;
    }
}
