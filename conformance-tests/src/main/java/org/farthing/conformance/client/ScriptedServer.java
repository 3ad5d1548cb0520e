package org.farthing.conformance.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocketFactory;

/**
 * An HTTP server on raw sockets that answers what it is told, right or wrong: one request a connection, a thread each. It starts
 * at once and stops when it is closed.
 */
final class ScriptedServer implements AutoCloseable {

    /** Says what to answer. Called on the connection's thread, so also for several requests at once. */
    @FunctionalInterface
    interface Service {

        Reply answer(Received request);
    }

    private static final int PATIENCE_MILLIS = 30_000;
    private static final ThreadFactory DAEMONS = task -> {
        Thread thread = new Thread(task, "scripted-server");
        thread.setDaemon(true);
        return thread;
    };

    private final ServerSocket listening;
    private final String origin;
    private final Service service;
    private final ExecutorService connections = Executors.newCachedThreadPool(DAEMONS);

    private ScriptedServer(ServerSocket listening, String origin, Service service) {
        this.listening = listening;
        this.origin = origin;
        this.service = service;
    }

    /**
     * Starts a server.
     *
     * @param sockets plain or TLS
     * @param host the name or address clients use; it is also what it listens at
     * @param port the port, or 0 for any
     * @param service what answers
     */
    static ScriptedServer start(ServerSocketFactory sockets, String host, int port, Service service)
            throws IOException {
        ServerSocket socket = sockets.createServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName(host), port), 100);
        String scheme = sockets instanceof SSLServerSocketFactory ? "https" : "http";
        String authority = (host.contains(":") ? "[" + host + "]" : host) + ":" + socket.getLocalPort();
        ScriptedServer server = new ScriptedServer(socket, scheme + "://" + authority, service);
        server.connections.execute(server::accept);
        return server;
    }

    /** Its origin, such as {@code http://127.0.0.1:8402}. */
    String origin() {
        return origin;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket connection = listening.accept();
                connections.execute(() -> serve(connection));
            } catch (IOException e) {
                // Closed, or one connection less; the loop knows which.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setSoTimeout(PATIENCE_MILLIS);
            OutputStream out = connection.getOutputStream();
            Received request =
                    new RequestReader(new BufferedInputStream(connection.getInputStream()), out).read(origin);
            out.write(service.answer(request).wire(request.method().equals("HEAD")));
            out.flush();
        } catch (IOException e) {
            // Whoever opened the connection left it; what arrived before was recorded.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        connections.shutdownNow();
    }
}
