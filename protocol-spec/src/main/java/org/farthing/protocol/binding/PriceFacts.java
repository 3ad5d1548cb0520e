package org.farthing.protocol.binding;

import java.util.Map;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Sha256;

/**
 * The facts of a request that a price was made from, beyond those that {@code rb} and {@code digest} bind. Their hash
 * stands in {@code opaque.pf} and is recomputed on the paid retry, so that nobody gets the price of a cheap header and
 * then sends the dear one (threat 76; F-BI-29 and F-BI-30 in spec/binding.md).
 */
public final class PriceFacts {

    private PriceFacts() {}

    /**
     * Hashes the facts a price function read.
     *
     * @param routeId the stable id of the route
     * @param facts every declared fact by name, with its value in this request; an absent one is left out
     * @return base64url of SHA-256 over the canonical JSON of {@code {"facts":{…},"route":routeId}}
     */
    public static String hash(String routeId, Map<String, String> facts) {
        return Sha256.base64url(CanonicalJson.write(Map.of("facts", facts, "route", routeId)));
    }
}
