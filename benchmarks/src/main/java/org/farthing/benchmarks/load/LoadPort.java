package org.farthing.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.farthing.protocol.binding.Origin;

/** Where the servers of a run listen: all in the same way, so that nothing but their handlers differs. */
final class LoadPort {

    private LoadPort() {}

    /** A port for a server whose handler must know its public origin, which names the port. */
    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static Origin origin(int port) {
        return new Origin("http://127.0.0.1:" + port);
    }

    /** Starts a server there. */
    static void listen(Server server, int port, Handler handler) throws Exception {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(16 * 1024);
        configuration.setResponseHeaderSize(16 * 1024);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(handler);
        server.start();
    }
}
