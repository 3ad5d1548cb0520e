package org.farthing.conformance.server;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;

/**
 * A small server that sells pages by the Payment scheme, in process and on loopback. Without a {@link Fault} it is correct; with one,
 * the right behaviour is left out in that place, so that the suite can be seen to notice. A request a connection; HTTP/1.1.
 */
final class TinyPayee implements AutoCloseable {

    private static final long MONEY = 1_000_000_000;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SigningKey SELLERS_KEY = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
    private static final SigningKey BUYERS_KEY = SigningKey.generate(Algorithm.ED25519, null, RANDOM);

    private final ServerSocket here;
    private final ServerSocket elsewhere;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final TinyClock clock = new TinyClock();
    private final TinyBooks books = new TinyBooks();
    private final TinyShop shop = new TinyShop();
    private final TinyGate gate;
    private final Set<Fault> faults;

    private TinyPayee(Set<Fault> faults) throws IOException {
        this.faults = faults;
        here = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        elsewhere = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        books.open(BUYERS_KEY.publicKey(), MONEY);
        gate = new TinyGate(SELLERS_KEY, books, shop, clock, faults);
        threads.execute(() -> accept(here));
        threads.execute(() -> accept(elsewhere));
    }

    /** Starts one that has these faults. */
    static TinyPayee with(Fault... faults) throws IOException {
        Set<Fault> all = EnumSet.noneOf(Fault.class);
        all.addAll(List.of(faults));
        return new TinyPayee(all);
    }

    /** Where its pages are. */
    Origin origin() {
        return originOf(here);
    }

    /** Another realm of the same server, with the same secret and prices. */
    Origin otherOrigin() {
        return originOf(elsewhere);
    }

    private static Origin originOf(ServerSocket socket) {
        return new Origin("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** The key of a wallet with money. */
    SigningKey walletKey() {
        return BUYERS_KEY;
    }

    /** What the wallet has. */
    TinyBooks books() {
        return books;
    }

    /** How often applications ran. */
    TinyShop shop() {
        return shop;
    }

    /** Its time. */
    TinyClock clock() {
        return clock;
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                threads.execute(() -> serve(connection, originOf(socket)));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket connection, Origin origin) {
        try (connection) {
            connection.setSoTimeout(5_000);
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            if (hello(in, out)) {
                return;
            }
            exchange(in, out, origin);
            end(connection, in);
        } catch (IOException e) {
            // The client went away.
        }
    }

    private void exchange(InputStream in, OutputStream out, Origin origin) throws IOException {
        try {
            TinyRequest request = TinyRequest.read(in, faults);
            if (request != null) {
                answer(request, origin).writeTo(out, !request.method.equals("HEAD"));
            }
        } catch (TinyRequest.Refused e) {
            new TinyAnswer(e.status()).writeTo(out, true);
        }
    }

    private TinyAnswer answer(TinyRequest request, Origin origin) {
        if (!request.all("Host").equals(List.of(origin.realm()))) {
            return new TinyAnswer(421);
        }
        if (request.rawPath().equals(KeyDirectory.WELL_KNOWN_PATH)) {
            return new TinyAnswer(200)
                    .add("Cache-Control", "public, max-age=3600")
                    .body(
                            "application/jwk-set+json",
                            KeyDirectory.of(origin, List.of(SELLERS_KEY.publicKey()))
                                    .format());
        }
        return gate.answer(request, origin);
    }

    /** Whether this is TLS; then it is answered, with an alert or with an old version. */
    private boolean hello(InputStream in, OutputStream out) throws IOException {
        in.mark(1);
        int first = in.read();
        in.reset();
        if (first != 0x16) {
            return false;
        }
        String oldHello = "1603020046" + "020000420302" + "00".repeat(32) + "00".repeat(0) + "00" + "002f" + "00";
        String alert = "15030100020246";
        out.write(java.util.HexFormat.of().parseHex(faults.contains(Fault.OLD_TLS) ? oldHello : alert));
        out.flush();
        return true;
    }

    /** Lets the client read the answer before the connection is reset over what it still sends. */
    private static void end(Socket connection, InputStream in) throws IOException {
        connection.shutdownOutput();
        connection.setSoTimeout(50);
        byte[] rest = new byte[8 * 1024];
        int left = 64;
        while (left > 0 && in.read(rest) >= 0) {
            left--;
        }
    }

    @Override
    public void close() throws IOException {
        here.close();
        elsewhere.close();
        threads.shutdownNow();
    }
}
