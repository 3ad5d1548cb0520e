package org.farthing.server.drill;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The wire between a server and its database, which a test cuts, closes and stops. */
final class TcpProxy implements AutoCloseable {

    private enum State {
        OPEN,
        CLOSED,
        STOPPED
    }

    /** Cut when the database answers, or before it hears of it: the commit of what names this. */
    private record Cut(String names, boolean afterCommit) {}

    private volatile int target;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private State state = State.OPEN;
    private volatile @Nullable Cut cut;

    TcpProxy() throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** Says where the database is; before anybody connects. */
    void leadTo(int databasePort) {
        target = databasePort;
    }

    int port() {
        return server.getLocalPort();
    }

    /** The database is gone: what is open is cut, and nobody gets through. */
    void close(boolean gone) {
        set(gone ? State.CLOSED : State.OPEN);
        if (gone) {
            cutAll();
        }
    }

    /** The database hangs: connections stay, and no byte passes until this is taken back. */
    void stop(boolean stopped) {
        set(stopped ? State.STOPPED : State.OPEN);
    }

    /** Cuts the connection once, at the commit of the transaction that names this; nobody but the database knows of it. */
    void cutAfterCommit(String names) {
        cut = new Cut(names, true);
    }

    /** Cuts the connection once, when it is asked to commit the transaction that names this; nothing of it will stay. */
    void cutBeforeCommit(String names) {
        cut = new Cut(names, false);
    }

    boolean hasCut() {
        return cut == null;
    }

    private synchronized void set(State next) {
        state = next;
        notifyAll();
    }

    private synchronized boolean passes() throws InterruptedException {
        while (state == State.STOPPED) {
            wait();
        }
        return state == State.OPEN;
    }

    private void accept() throws IOException, InterruptedException {
        while (true) {
            Socket client = server.accept();
            sockets.add(client);
            if (!passes()) {
                client.close();
                continue;
            }
            Socket database = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(database);
            Wire wire = new Wire(client, database);
            start(wire::ask);
            start(wire::answer);
        }
    }

    private void cutAll() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        sockets.clear();
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException e) {
                        // A wire that is cut ends here.
                        return;
                    }
                },
                "drill-wire");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        set(State.CLOSED);
        cutAll();
    }

    /** One connection. It remembers what it was asked since the last commit, as text. */
    private final class Wire {

        private final Socket client;
        private final Socket database;
        private final ByteArrayOutputStream asked = new ByteArrayOutputStream();

        Wire(Socket client, Socket database) {
            this.client = client;
            this.database = database;
        }

        void ask() throws IOException, InterruptedException {
            byte[] bytes = new byte[65_536];
            InputStream from = client.getInputStream();
            OutputStream to = database.getOutputStream();
            for (int read = from.read(bytes); read >= 0; read = from.read(bytes)) {
                if (!passes()) {
                    break;
                }
                synchronized (asked) {
                    asked.write(bytes, 0, read);
                }
                if (text(bytes, read).contains("COMMIT") && isCut(false)) {
                    break;
                }
                to.write(bytes, 0, read);
            }
            end();
        }

        void answer() throws IOException, InterruptedException {
            byte[] bytes = new byte[65_536];
            InputStream from = database.getInputStream();
            OutputStream to = client.getOutputStream();
            for (int read = from.read(bytes); read >= 0; read = from.read(bytes)) {
                boolean committed = text(bytes, read).contains("COMMIT");
                if (!passes() || (committed && isCut(true))) {
                    break;
                }
                if (committed) {
                    synchronized (asked) {
                        asked.reset();
                    }
                }
                to.write(bytes, 0, read);
            }
            end();
        }

        private boolean isCut(boolean afterCommit) {
            Cut armed = cut;
            if (armed == null || armed.afterCommit() != afterCommit) {
                return false;
            }
            synchronized (asked) {
                if (!text(asked.toByteArray(), asked.size()).contains(armed.names())) {
                    return false;
                }
            }
            cut = null;
            return true;
        }

        private static String text(byte[] bytes, int length) {
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }

        private void end() throws IOException {
            client.close();
            database.close();
            sockets.remove(client);
            sockets.remove(database);
        }
    }
}
