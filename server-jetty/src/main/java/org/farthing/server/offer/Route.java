package org.farthing.server.offer;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.farthing.protocol.Amount;
import org.farthing.protocol.binding.PriceFacts;
import org.farthing.protocol.binding.RequestTarget;
import org.jspecify.annotations.Nullable;

/** One priced entry of a {@link PriceList}: an offer, and where the price depends on the request, how. */
public final class Route {

    /** Methods that must not change anything on the server (RFC 9110 section 9.2.1), so running one twice does no harm. */
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final Offer offer;
    private final Set<PriceFact> facts;
    private final @Nullable PriceFunction function;

    Route(Offer offer, Set<PriceFact> facts, @Nullable PriceFunction function) {
        this.offer = offer;
        this.facts = Set.copyOf(facts);
        this.function = function;
    }

    /**
     * Returns the route's stable name.
     *
     * @return the id
     */
    public String id() {
        return offer.routeId();
    }

    /**
     * Tells whether the price is the same for every request.
     *
     * @return false if a function makes it
     */
    public boolean hasFixedPrice() {
        return function == null;
    }

    /**
     * Returns the offer; where a function makes the price, its amount counts for nothing.
     *
     * @return the offer
     */
    public Offer offer() {
        return offer;
    }

    /**
     * Reads the declared facts of a request.
     *
     * @param target the request
     * @param headers the values of a header field by its name, an empty list if absent
     * @return the facts
     * @throws UnpriceableException if a declared fact is ambiguous or broken
     */
    public PricedFacts facts(RequestTarget target, Function<String, List<String>> headers) throws UnpriceableException {
        return PricedFacts.read(facts, target, headers);
    }

    /**
     * Prices a request.
     *
     * @param priced the declared facts
     * @return the offer at the price of this request
     * @throws UnpriceableException if the facts make no sense
     */
    public Offer quote(PricedFacts priced) throws UnpriceableException {
        if (function == null) {
            return offer;
        }
        Amount price = function.price(priced);
        return offer.priced(price);
    }

    /**
     * Returns what binds the declared facts, {@code opaque.pf}.
     *
     * @param priced the declared facts
     * @return the hash, or empty if the route declared none
     */
    public Optional<String> factsHash(PricedFacts priced) {
        return facts.isEmpty() ? Optional.empty() : Optional.of(PriceFacts.hash(id(), priced.asMap()));
    }

    /**
     * Tells whether the handler may run twice for one payment.
     *
     * @param method the request method
     * @return true for safe methods and for offers declared repeatable
     */
    public boolean isRepeatable(String method) {
        return offer.repeatable() || SAFE.contains(method);
    }

    @Override
    public String toString() {
        return "Route[" + id() + "]";
    }
}
