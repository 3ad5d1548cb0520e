package org.farthing.server.offer;

import org.farthing.protocol.Amount;
import org.jspecify.annotations.Nullable;

/**
 * One of the offers of a route, and where its price depends on the request, how.
 *
 * @param offer the offer; where a function makes the price, its amount counts for nothing
 * @param function the price, or null if it is the offer's own amount
 */
public record PricedOffer(Offer offer, @Nullable PriceFunction function) {

    private static final long MOST_DIGITS = 999_999_999_999_999_999L;

    /**
     * An offer with one price for every request.
     *
     * @param offer the offer
     * @return it
     */
    public static PricedOffer of(Offer offer) {
        return new PricedOffer(offer, null);
    }

    /**
     * An offer whose price a function makes.
     *
     * @param offer everything but the price
     * @param function the price, in the offer's currency
     * @return it
     */
    public static PricedOffer of(Offer offer, PriceFunction function) {
        return new PricedOffer(offer, function);
    }

    /**
     * Tells whether the price is the same for every request.
     *
     * @return false if a function makes it
     */
    public boolean hasFixedPrice() {
        return function == null;
    }

    Offer quote(PricedFacts facts) throws UnpriceableException {
        if (function == null) {
            return offer;
        }
        Amount price = function.price(facts);
        return offer.priced(price);
    }

    /** The offer at the price with the most digits it can ever have. */
    Offer longest() {
        Offer longest = offer.longest();
        return function == null ? longest : longest.priced(Amount.of(MOST_DIGITS));
    }

    PricedOffer named(String routeId) {
        return new PricedOffer(offer.named(routeId), function);
    }
}
