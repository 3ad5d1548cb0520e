package org.farthing.client.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import java.util.function.Predicate;
import javax.net.ServerSocketFactory;
import org.farthing.protocol.binding.Origin;

/** An HTTP/1.1 server on loopback that does what a test says, byte for byte; one request per connection. */
public final class ScriptedServer implements AutoCloseable {

    private final ServerSocket socket;
    private final String scheme;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile Function<Received, Reply> script = request -> Reply.of(404);
    private volatile Predicate<Received> early = request -> false;

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

    /** Which requests are answered before their body is read. */
    public void answerEarly(Predicate<Received> which) {
        early = which;
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
            InputStream in = new BufferedInputStream(connection.getInputStream());
            Received request = read(in);
            received.add(request);
            Reply reply = script.apply(request);
            reply.writeTo(connection.getOutputStream(), request.method().equals("HEAD"));
            if (early.test(request)) {
                // The client may still be sending; hanging up at once would take the answer away from it.
                in.transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException gone) {
            // The client hung up, which some tests want it to.
        }
    }

    private Received read(InputStream in) throws IOException {
        String[] start = line(in).split(" ", -1);
        Map<String, List<String>> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        if (early.test(new Received(start[0], start[1], headers, new byte[0]))) {
            return new Received(start[0], start[1], headers, new byte[0]);
        }
        if (headers.getOrDefault("transfer-encoding", List.of()).contains("chunked")) {
            return new Received(start[0], start[1], headers, chunks(in, headers));
        }
        int length = Integer.parseInt(
                headers.getOrDefault("content-length", List.of("0")).get(0));
        return new Received(start[0], start[1], headers, in.readNBytes(length));
    }

    /** Trailers are kept beside the headers. */
    private static byte[] chunks(InputStream in, Map<String, List<String>> headers) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    List.of(line.substring(colon + 1).strip()));
        }
        return body.toByteArray();
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
