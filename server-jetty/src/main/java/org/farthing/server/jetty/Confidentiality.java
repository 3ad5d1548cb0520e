package org.farthing.server.jetty;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.binding.Origin;

/**
 * Whether a credential may travel on a request's connection (S39; specification: server.md, F-SV-40; binding.md, F-BI-33 and
 * F-BI-35). It looks at the connection itself: what customizers make of {@code Forwarded} fields is the sender's text, and
 * so is the scheme of an absolute request target.
 *
 * @param loopbackProfile whether plain http on loopback is allowed, for development
 * @param tlsProxy whether a proxy that is not on this machine ends TLS in front of every connector
 */
record Confidentiality(boolean loopbackProfile, boolean tlsProxy) {

    /** Tells whether nobody on the way between the client and the origin's own machines can read along. */
    boolean isGiven(Request request, Origin origin) {
        ConnectionMetaData connection = request.getConnectionMetaData();
        while (connection instanceof ConnectionMetaData.Wrapper wrapper) {
            connection = wrapper.getWrapped();
        }
        if (connection.isSecure()) {
            return origin.isHttps() && TransportChecks.isModern(connection);
        }
        boolean local = isLocal(connection);
        return origin.isHttps() ? tlsProxy || local : loopbackProfile && local;
    }

    /** A connector without a network is within this machine; for the others the peer's address counts. */
    private static boolean isLocal(ConnectionMetaData connection) {
        if (!(connection.getConnector() instanceof NetworkConnector)) {
            return true;
        }
        SocketAddress peer = connection.getRemoteSocketAddress();
        return peer instanceof InetSocketAddress inet
                && inet.getAddress() != null
                && inet.getAddress().isLoopbackAddress();
    }
}
