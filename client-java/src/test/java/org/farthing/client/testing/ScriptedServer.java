package org.farthing.client.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import org.farthing.protocol.binding.Origin;

/** An HTTP/1.1 server on loopback that does what a test says, byte for byte; one request per connection. */
public final class ScriptedServer implements AutoCloseable {

    private final ServerSocket socket;
    private final String scheme;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile Function<Received, Reply> script = request -> Reply.of(404);

    private ScriptedServer(ServerSocket socket, String scheme) {
        this.socket = socket;
        this.scheme = scheme;
    }

    public static ScriptedServer start() throws IOException {
        return start(ServerSocketFactory.getDefault(), "http://127.0.0.1:");
    }

    public static ScriptedServer start(ServerSocketFactory sockets, String scheme) throws IOException {
        ServerSocket socket = sockets.createServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        ScriptedServer server = new ScriptedServer(socket, scheme);
        daemon(server::accept);
        return server;
    }

    /** Sets what it does from now on. */
    public void script(Function<Received, Reply> next) {
        script = next;
    }

    public Origin origin() {
        return new Origin(scheme + socket.getLocalPort());
    }

    /** Every request so far but those for keys. */
    public List<Received> received() {
        return received.stream()
                .filter(request -> !request.target().startsWith("/.well-known/"))
                .toList();
    }

    /** Every request for keys so far. */
    public List<Received> keyRequests() {
        return received.stream()
                .filter(request -> request.target().startsWith("/.well-known/"))
                .toList();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                daemon(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            Received request = read(new BufferedInputStream(connection.getInputStream()));
            received.add(request);
            script.apply(request)
                    .writeTo(connection.getOutputStream(), request.method().equals("HEAD"));
        } catch (IOException gone) {
            // The client hung up, which some tests want it to.
        }
    }

    private static Received read(InputStream in) throws IOException {
        String[] start = line(in).split(" ", -1);
        Map<String, List<String>> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(
                headers.getOrDefault("content-length", List.of("0")).get(0));
        return new Received(start[0], start[1], headers, in.readNBytes(length));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
