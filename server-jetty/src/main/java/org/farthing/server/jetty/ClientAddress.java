package org.farthing.server.jetty;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Names clients by the network their connection comes from, where that is theirs and not a proxy's (F-SV-64).
 *
 * @param tlsProxy whether every connection is one of a proxy elsewhere
 */
record ClientAddress(boolean tlsProxy) implements ClientName {

    @Override
    public @Nullable String of(Request request) {
        ConnectionMetaData seen = request.getConnectionMetaData();
        ConnectionMetaData real = seen;
        while (real instanceof ConnectionMetaData.Wrapper wrapper) {
            real = wrapper.getWrapped();
        }
        SocketAddress remote = seen.getRemoteSocketAddress();
        // A customizer of the host may have put the client's address in the proxy's place.
        boolean told = !remote.equals(real.getRemoteSocketAddress());
        boolean network = real.getConnector() instanceof NetworkConnector;
        return told || (network && !tlsProxy && isFar(remote)) ? AddressPrefix.of(remote) : null;
    }

    private static boolean isFar(SocketAddress remote) {
        return remote instanceof InetSocketAddress inet
                && (inet.getAddress() == null || !inet.getAddress().isLoopbackAddress());
    }
}
