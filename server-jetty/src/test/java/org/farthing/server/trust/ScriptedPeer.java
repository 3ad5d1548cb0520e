package org.farthing.server.trust;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;

/** A peer on loopback that keeps what it is asked and answers with the bytes a test gives it. */
final class ScriptedPeer implements AutoCloseable {

    /** Writes an answer as it likes. */
    interface Script {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CompletableFuture<Void> accepting;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Script script = out -> {};

    ScriptedPeer() throws IOException {
        this(ServerSocketFactory.getDefault());
    }

    ScriptedPeer(ServerSocketFactory sockets) throws IOException {
        listening = sockets.createServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        accepting = CompletableFuture.runAsync(this::accept, threads);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed by the test.
            return;
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append(line).append('\n');
            }
            if (!head.isEmpty()) {
                heads.add(head.toString());
                script.answer(socket.getOutputStream());
                socket.getOutputStream().flush();
            }
        } catch (SocketException e) {
            // The fetcher hung up, which some tests are about.
            return;
        } catch (IOException e) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    /** What was asked: the heads of the requests. */
    List<String> heads() {
        return heads;
    }

    void answers(Script next) {
        script = next;
    }

    void answers(String status, String fields, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        answers(out -> {
            out.write(("HTTP/1.1 " + status + "\r\nContent-Length: " + bytes.length + "\r\n" + fields + "\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.write(bytes);
        });
    }

    /** Waits until the test is over, or so many milliseconds: true if it is over. */
    boolean over(long millis) throws InterruptedException {
        return closing.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Afterwards nobody listens: a socket goes on taking connections until the thread that accepts them has left it. */
    @Override
    public void close() throws IOException {
        closing.countDown();
        listening.close();
        accepting.orTimeout(60, TimeUnit.SECONDS).join();
        threads.shutdownNow();
    }
}
