package org.farthing.server.offer;

import org.farthing.protocol.Amount;

/**
 * A price that depends on the request. It is called once for every answer that demands or takes money, on a container thread:
 * it must not block, and equal facts must have equal prices while a challenge lives.
 *
 * <p><b>Security guarantee.</b> It cannot see a fact that the challenge does not bind. What it throws other than {@link
 * UnpriceableException} ends in 500 and nothing is served.
 */
@FunctionalInterface
public interface PriceFunction {

    /**
     * Prices a request.
     *
     * @param facts the declared facts of this request
     * @return the price in the base units of the offer's currency
     * @throws UnpriceableException if the facts make no sense; the client gets 400 with the message
     */
    Amount price(PricedFacts facts) throws UnpriceableException;
}
