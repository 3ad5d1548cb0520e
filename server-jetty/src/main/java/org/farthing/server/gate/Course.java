package org.farthing.server.gate;

import java.util.List;
import java.util.Objects;
import org.farthing.protocol.AcceptPayment;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PricedFacts;
import org.farthing.server.offer.RequestFacts;
import org.farthing.server.offer.Route;
import org.farthing.server.offer.UnpriceableException;
import org.jspecify.annotations.Nullable;

/** One request on its way through the gate: what its answer will be about. */
record Course(
        Inquiry inquiry,
        @Nullable PricedFacts priced,
        @Nullable ContentDigest digest,
        @Nullable String challengeId) {

    static Course of(Examined examined, @Nullable ContentDigest digest) {
        if (examined instanceof Examined.Plausible plausible) {
            return new Course(plausible.inquiry(), plausible.priced(), digest, plausible.challengeId());
        }
        if (examined instanceof Examined.Rejected rejected) {
            return new Course(rejected.inquiry(), rejected.priced(), digest, rejected.challengeId());
        }
        if (examined instanceof Examined.Limited limited) {
            return new Course(limited.inquiry(), limited.priced(), digest, limited.challengeId());
        }
        if (examined instanceof Examined.Other other) {
            return new Course(other.inquiry(), other.priced(), digest, null);
        }
        Examined.Unpaid unpaid = (Examined.Unpaid) examined;
        return new Course(unpaid.inquiry(), unpaid.priced(), digest, null);
    }

    Route route() {
        return inquiry.route();
    }

    /** The request as methods see it; only where the price facts could be read. */
    RequestFacts facts() {
        PricedFacts known = Objects.requireNonNull(priced, "a request without readable price facts is refused before");
        return new RequestFacts(inquiry.target(), digest, known);
    }

    AcceptPayment accept() {
        return AcceptPayment.orAll(inquiry.headers().apply("Accept-Payment"));
    }

    /** The offers at the prices of this request, in the client's language. */
    List<Offer> quotes() throws UnpriceableException {
        String languages = String.join(",", inquiry.headers().apply("Accept-Language"));
        return route().quotes(facts().priced()).stream()
                .map(offer -> offer.readBy(languages))
                .toList();
    }

    /** The pass that is shown. Beside a credential it counts for nothing: what it had to offer has been taken or refused. */
    List<String> pass() {
        return challengeId == null ? inquiry.headers().apply(Pass.FIELD) : List.of();
    }

    /** What to say about the money of the credential that was sent, if one was sent that can be named (F-OU-1, F-OU-2). */
    @Nullable
    ChargeOutcome outcome(ChargeOutcome.State state) {
        return challengeId == null || !ChargeOutcome.canName(challengeId)
                ? null
                : new ChargeOutcome(state, challengeId);
    }
}
