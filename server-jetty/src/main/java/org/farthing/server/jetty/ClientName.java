package org.farthing.server.jetty;

import java.util.List;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Says who asks, for limits of requests (specification: server.md, F-SV-64): all requests of one name share a budget.
 *
 * <p>Unless a host says otherwise, {@link PaymentHandler} counts by the network a connection comes from: the first 24 bits of an
 * IPv4 address, the first 56 of an IPv6 address. A connection from this machine, or behind a TLS proxy elsewhere, is a
 * proxy's: its address says nothing of who asks, so such requests are not counted by it. Hosts behind a proxy say where the
 * client's address stands, by {@link #forwardedFor} or by Jetty's {@code ForwardedRequestCustomizer}.
 */
@FunctionalInterface
public interface ClientName {

    /**
     * Names who asks.
     *
     * @param request the request
     * @return a name, or null if it is not known, and so not limited by it
     */
    @Nullable
    String of(Request request);

    /**
     * Takes the network from a field that a proxy in front writes, such as {@code X-Forwarded-For}: its last entry, which is the
     * proxy's own. Use it only where every request comes through that proxy; otherwise anybody names itself as it likes.
     *
     * @param field the name of the field
     * @return names by that field; requests without a readable address in it share one name
     * @throws IllegalArgumentException if the field has no name
     */
    static ClientName forwardedFor(String field) {
        if (field.isBlank()) {
            throw new IllegalArgumentException("name the field the proxy writes, such as X-Forwarded-For");
        }
        return request -> {
            List<String> entries = request.getHeaders().getCSV(field, false);
            return AddressPrefix.ofText(entries.isEmpty() ? "" : entries.get(entries.size() - 1));
        };
    }
}
