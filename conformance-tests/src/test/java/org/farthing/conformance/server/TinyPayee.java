package org.farthing.conformance.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * A small server that sells pages by the Payment scheme, in process and on loopback. Without a {@link Fault} it is correct; with one,
 * the right behaviour is left out in that place, so that the suite can be seen to notice. A request a connection; HTTP/1.1.
 */
final class TinyPayee implements AutoCloseable {

    /** A ServerHello of TLS 1.1: version, random, no session, a cipher suite, no compression. */
    private static final String OLD_HELLO = "160302002a" + "02000026" + "0302" + "00".repeat(32) + "00" + "002f" + "00";

    private static final long MONEY = 1_000_000_000;
    /** So that nothing hangs. */
    private static final int PATIENCE_MILLIS = 60_000;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SigningKey SELLERS_KEY = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
    private static final SigningKey BUYERS_KEY = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
    private static final SigningKey OTHERS_KEY = SigningKey.generate(Algorithm.ED25519, null, RANDOM);

    private final ServerSocket here;
    private final ServerSocket elsewhere;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final TinyClock clock = new TinyClock();
    private final TinyBooks books = new TinyBooks();
    private final TinyShop shop = new TinyShop();
    private final TinyGate gate;
    private final Set<Fault> faults;
    private final @Nullable SSLContext tls;

    private TinyPayee(Set<Fault> faults, @Nullable SSLContext tls) throws IOException {
        this.faults = faults;
        this.tls = tls;
        here = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        elsewhere = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        books.open(BUYERS_KEY.publicKey(), MONEY);
        books.open(OTHERS_KEY.publicKey(), MONEY);
        gate = new TinyGate(SELLERS_KEY, books, shop, clock, faults);
        threads.execute(() -> accept(here));
        threads.execute(() -> accept(elsewhere));
    }

    /** Starts one that has these faults. */
    static TinyPayee with(Fault... faults) throws IOException {
        return new TinyPayee(Set.of(faults), null);
    }

    /** Starts one over TLS that has these faults. */
    static TinyPayee overTls(SSLContext tls, Fault... faults) throws IOException {
        return new TinyPayee(Set.of(faults), tls);
    }

    /** Where its pages are. */
    Origin origin() {
        return originOf(here);
    }

    /** Another realm of the same server, with the same secret and prices. */
    Origin otherOrigin() {
        return originOf(elsewhere);
    }

    private Origin originOf(ServerSocket socket) {
        return new Origin((tls == null ? "http" : "https") + "://127.0.0.1:" + socket.getLocalPort());
    }

    /** The key of a wallet with money. */
    SigningKey walletKey() {
        return BUYERS_KEY;
    }

    /** The key of somebody else's wallet with money. */
    SigningKey otherWalletKey() {
        return OTHERS_KEY;
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
            connection.setSoTimeout(PATIENCE_MILLIS);
            connection.setTcpNoDelay(true);
            if (tls == null) {
                converse(connection, origin);
            } else {
                converseOverTls(connection, origin, tls);
            }
        } catch (IOException e) {
            // The client went away.
        }
    }

    private void converse(Socket connection, Origin origin) throws IOException {
        InputStream in = new BufferedInputStream(connection.getInputStream());
        exchange(in, connection.getOutputStream(), origin);
        end(connection, in);
    }

    /** Looks at the first bytes: TLS, old TLS, or none. */
    private void converseOverTls(Socket connection, Origin origin, SSLContext context) throws IOException {
        byte[] first = connection.getInputStream().readNBytes(11);
        boolean hello = first.length == 11 && first[0] == 0x16;
        if (!hello && !faults.contains(Fault.PLAIN_HTTP)) {
            new TinyAnswer(400).writeTo(connection.getOutputStream(), true);
        } else if (!hello) {
            InputStream rest = new SequenceInputStream(new ByteArrayInputStream(first), connection.getInputStream());
            exchange(rest, connection.getOutputStream(), origin);
            end(connection, rest);
        } else if (first[10] < 3 && faults.contains(Fault.OLD_TLS)) {
            connection.getOutputStream().write(HexFormat.of().parseHex(OLD_HELLO));
            end(connection, connection.getInputStream());
        } else {
            SSLSocketFactory sockets = context.getSocketFactory();
            try (Socket secure = sockets.createSocket(connection, new ByteArrayInputStream(first), true)) {
                converse(secure, origin);
            }
        }
    }

    private void exchange(InputStream in, OutputStream out, Origin origin) throws IOException {
        try {
            TinyRequest request = TinyRequest.read(in, faults);
            if (request != null) {
                strict(answer(request, origin)).writeTo(out, !request.method.equals("HEAD"));
            }
        } catch (TinyRequest.Refused e) {
            new TinyAnswer(e.status()).writeTo(out, true);
        }
    }

    private TinyAnswer strict(TinyAnswer answer) {
        return tls == null || faults.contains(Fault.NO_STRICT_TRANSPORT)
                ? answer
                : answer.add("Strict-Transport-Security", "max-age=31536000");
    }

    private TinyAnswer answer(TinyRequest request, Origin origin) {
        if (!request.all("Host").equals(List.of(origin.realm()))) {
            return new TinyAnswer(421);
        }
        if (request.rawPath().equals(KeyDirectory.WELL_KNOWN_PATH) && !faults.contains(Fault.NO_KEY_DOCUMENT)) {
            return new TinyAnswer(200)
                    .add("Cache-Control", "public, max-age=3600")
                    .body(
                            "application/jwk-set+json",
                            KeyDirectory.of(origin, List.of(SELLERS_KEY.publicKey()))
                                    .format());
        }
        return gate.answer(request, origin);
    }

    /** Lets the client read the answer before the connection is reset over what it still sends. */
    private static void end(Socket connection, InputStream in) throws IOException {
        if (connection instanceof SSLSocket) {
            return;
        }
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
