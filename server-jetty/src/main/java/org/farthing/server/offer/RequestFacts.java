package org.farthing.server.offer;

import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * All that the gate and a payment method know of a request: what a challenge can be bound to, and nothing more.
 *
 * @param target method, public origin, raw path and raw query
 * @param digest the digest of the body, or null if the request has none
 * @param priced the declared price facts
 */
public record RequestFacts(RequestTarget target, @Nullable ContentDigest digest, PricedFacts priced) {

    /**
     * Returns the public origin the request was for, as configured, never as a client spelled it.
     *
     * @return the origin
     */
    public Origin origin() {
        return target.origin();
    }

    /**
     * Adds what became known of the body.
     *
     * @param bodyDigest the digest, or null if there is no body
     * @return the same facts with this digest
     */
    public RequestFacts withDigest(@Nullable ContentDigest bodyDigest) {
        return new RequestFacts(target, bodyDigest, priced);
    }
}
