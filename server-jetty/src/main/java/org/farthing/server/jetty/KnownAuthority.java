package org.farthing.server.jetty;

import java.util.Locale;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.binding.Origin;

/**
 * Whether a request was sent to a configured public origin (specification: binding.md, F-BI-31 and F-BI-32). The authority
 * of a request never chooses an origin; it can only be refused.
 */
final class KnownAuthority {

    private KnownAuthority() {}

    /**
     * Tells whether the request's authority is the origin's. The scheme is not compared: behind a TLS proxy the request
     * arrives over plain http.
     */
    static boolean is(Request request, Origin origin) {
        HttpURI uri = request.getHttpURI();
        String host = uri.getHost();
        if (host == null) {
            return false;
        }
        int usual = origin.isHttps() ? 443 : 80;
        int port = uri.getPort();
        String authority = port <= 0 || port == usual ? host : host + ':' + port;
        return authority.toLowerCase(Locale.ROOT).equals(origin.realm());
    }
}
