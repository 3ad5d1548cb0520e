package org.farthing.server.app;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.farthing.protocol.binding.Origin;

/** Where a server listens: one plain connector, with room for large credentials, that says little about itself. */
final class ShopConnector {

    /** Credentials up to 16 KiB (S36), and the rest of a head. */
    private static final int HEADER_BYTES = 24 * 1024;

    private static final Duration IDLE = Duration.ofSeconds(30);
    /** How long a server may take to finish what it is asked while it stops. */
    static final long STOP_WITHIN_MS = 5_000;

    private ShopConnector() {}

    /** Opens the port, so that its number is known; nothing is accepted before the server starts. */
    static ServerConnector listen(Server server, Listening config) throws IOException {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(HEADER_BYTES);
        http.setResponseHeaderSize(HEADER_BYTES);
        http.setSendServerVersion(false);
        if (config.origin().filter(Origin::isHttps).isPresent()) {
            http.addCustomizer((request, responseFields) -> {
                // F-SV-41: whoever was here over TLS once comes back over TLS.
                responseFields.put(HttpHeader.STRICT_TRANSPORT_SECURITY, "max-age=31536000");
                return request;
            });
        }
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost(config.bind());
        connector.setPort(config.port());
        connector.setIdleTimeout(IDLE.toMillis());
        connector.open();
        server.addConnector(connector);
        server.setStopTimeout(STOP_WITHIN_MS);
        return connector;
    }

    /** The address as an origin, for who is on this machine. */
    static Origin origin(Listening config, ServerConnector connector) throws IOException {
        InetAddress address = InetAddress.getByName(config.bind());
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        String literal = host.indexOf(':') < 0 ? host : address.isLoopbackAddress() ? "[::1]" : "[" + host + "]";
        int port = connector.getLocalPort();
        return new Origin("http://" + literal + (port == 80 ? "" : ":" + port));
    }
}
