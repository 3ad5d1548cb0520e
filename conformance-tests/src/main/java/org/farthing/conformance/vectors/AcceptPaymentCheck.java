package org.farthing.conformance.vectors;

import java.util.List;
import java.util.Map;
import org.farthing.protocol.AcceptPayment;
import org.farthing.protocol.MalformedException;

/** Kind {@code accept-payment}: the weight a client gives each offer, and the order in which they are then sent. */
final class AcceptPaymentCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        AcceptPayment accepted = AcceptPayment.parse(input.text("field"));
        List<String> offers = input.texts("offers");
        return Map.of(
                "thousandths",
                offers.stream()
                        .map(offer -> accepted.thousandths(method(offer), intent(offer)))
                        .toList(),
                "order",
                accepted.rank(offers, AcceptPaymentCheck::method, AcceptPaymentCheck::intent));
    }

    private static String method(String offer) {
        return offer.substring(0, offer.indexOf('/'));
    }

    private static String intent(String offer) {
        return offer.substring(offer.indexOf('/') + 1);
    }
}
