package org.farthing.server.gate;

import java.util.List;
import java.util.function.Function;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.server.offer.Route;
import org.jspecify.annotations.Nullable;

/**
 * A request for something that has a price, as a transport presents it.
 *
 * @param route the priced route
 * @param target method, configured public origin, raw path and raw query
 * @param headers the values of a header field, one a line, by its name; an empty list if absent
 * @param requestId the id of this request in logs and answers
 * @param client who asks, for limits: an address prefix or what the host counts by; null if that is not known
 * @param confidential whether nobody on the way can read along: TLS, or a loopback that the configuration allows. If not,
 *     no challenge is issued, and a credential that arrives is ignored (S39, T13)
 */
public record Inquiry(
        Route route,
        RequestTarget target,
        Function<String, List<String>> headers,
        String requestId,
        @Nullable String client,
        boolean confidential) {

    /** Headers hold credentials, so they are not shown. */
    @Override
    public String toString() {
        return "Inquiry[" + requestId + ", " + route + "]";
    }
}
