package org.farthing.conformance.vectors;

import org.farthing.protocol.binding.PriceFacts;

/** Kind {@code price-facts}: a route and the facts its price was made from to {@code pf}. */
final class PriceFactsCheck implements Check {

    @Override
    public Object run(CaseInput input) throws BrokenVectorException {
        return PriceFacts.hash(input.text("route"), input.textMap("facts"));
    }
}
