package org.farthing.server.gate;

import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * Something happened at the gate. It never carries a credential, a receipt or anything else secret.
 *
 * @param kind what happened
 * @param routeId the route's id; for what a wallet service said, its origin
 * @param reason the problem that was answered, or null if there was none
 * @param amount the money that moved, or null if none did
 * @param currency its currency, or null
 */
public record PaymentEvent(
        Kind kind,
        String routeId,
        @Nullable ProblemType reason,
        @Nullable Amount amount,
        @Nullable CurrencyId currency) {

    /** What happened. */
    public enum Kind {
        /** A 402 went out. */
        DEMANDED,
        /** Another problem went out. */
        REFUSED,
        /** Somebody was told to wait: 429, or 503 where the whole server is busy. */
        LIMITED,
        /** Money was captured for an answer. */
        CAPTURED,
        /** The answer of an upfront charge left: what was captured stays captured. */
        DELIVERED,
        /** A hold was given back, or an upfront charge refunded. */
        RELEASED,
        /** A stored answer went out again. */
        REPLAYED,
        /** What became of the money is not known. */
        PENDING,
        /** A wallet service has confirmed a capture: the money is the payee's. The route is the service's origin. */
        COLLECTED,
        /** A wallet service does not honour a capture or a refund: somebody must look. The route is the service's origin. */
        COLLECT_FAILED
    }

    static PaymentEvent answered(Kind kind, String routeId, @Nullable ProblemType reason) {
        return new PaymentEvent(kind, routeId, reason, null, null);
    }
}
