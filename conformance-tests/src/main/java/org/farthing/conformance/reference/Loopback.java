package org.farthing.conformance.reference;

import java.io.IOException;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.protocol.binding.Origin;

/**
 * A Jetty server on 127.0.0.1 whose ports are open, so that its origins are known before anything is served.
 *
 * @param server the server, not started
 * @param origin its first origin
 */
record Loopback(Server server, Origin origin) {

    /** Credentials up to 16 KiB (S36), and the rest of a head. */
    private static final int HEADER_BYTES = 24 * 1024;

    private static final String ADDRESS = "127.0.0.1";

    static Loopback listen(int port) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("reference");
        Server server = new Server(threads);
        return new Loopback(server, connect(server, port));
    }

    /** Opens another port, any free one. */
    Origin another() throws IOException {
        return connect(server, 0);
    }

    private static Origin connect(Server server, int port) throws IOException {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(HEADER_BYTES);
        http.setResponseHeaderSize(HEADER_BYTES);
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost(ADDRESS);
        connector.setPort(port);
        connector.open();
        server.addConnector(connector);
        int bound = connector.getLocalPort();
        return new Origin("http://" + ADDRESS + (bound == 80 ? "" : ":" + bound));
    }
}
