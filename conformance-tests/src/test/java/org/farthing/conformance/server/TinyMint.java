package org.farthing.conformance.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.farthing.conformance.http.Trust;
import org.farthing.conformance.http.Wire;
import org.farthing.conformance.server.TinyRefusals.Refusal;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;

/**
 * A small server that sells blind tokens and pages for them, in process and on loopback. Without a {@link TokenFault} it is correct
 * in all that concerns tokens; with one, the right behaviour is left out in that place. A request a connection; HTTP/1.1.
 */
final class TinyMint implements AutoCloseable {

    private static final SecureRandom RANDOM = new SecureRandom();
    /** So that nothing hangs. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final SigningKey SELLERS_KEY = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
    private static final SigningKey BUYERS_KEY = SigningKey.generate(Algorithm.ED25519, null, RANDOM);

    private static final RemotePayee PAYEE =
            new RemotePayee(new Origin("https://remote.example"), SigningKey.generate(Algorithm.ED25519, null, RANDOM));

    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final TinyClock clock = new TinyClock();
    private final Origin origin;
    private final TinyTokenShop shop;
    private final TinyTokenRoutes routes;

    private TinyMint(Set<TokenFault> faults) throws IOException {
        socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        origin = new Origin("http://127.0.0.1:" + socket.getLocalPort());
        TinyIssuing issuing = new TinyIssuing(origin, clock, faults);
        TinySerials serials = new TinySerials(faults);
        TinyTill till = new TinyTill(SELLERS_KEY, clock, faults);
        shop = new TinyTokenShop(origin, SELLERS_KEY, clock, issuing, serials, till, faults);
        routes = new TinyTokenRoutes(origin, BUYERS_KEY.publicKey(), PAYEE, issuing, serials, till, shop, faults);
        threads.execute(this::accept);
    }

    /** Starts one that has these faults. */
    static TinyMint with(TokenFault... faults) throws IOException {
        return new TinyMint(Set.of(faults));
    }

    /** The site of it: its pages, its wallet, its clock. */
    Site site() throws IOException {
        Map<PageName, Page> pages = new EnumMap<>(PageName.class);
        for (PageName name : List.of(PageName.PAID, PageName.TOKEN_SUM, PageName.PRIVATE_TOKEN, PageName.FAILING)) {
            pages.put(name, Page.get(name, URI.create(origin.text() + TinyTokenShop.path(name))));
        }
        Wire wire = new Wire(URI.create(origin.text()), PATIENCE, Trust.of(null));
        return new Site(
                pages, wire, new WalletPayer(BUYERS_KEY, null, null), waiting(), null, null, PAYEE, shop.expired());
    }

    private Waiting waiting() {
        return new Waiting() {
            @Override
            public Instant now() {
                return clock.instant();
            }

            @Override
            public void until(Instant time) {
                clock.until(time);
            }
        };
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                threads.execute(() -> serve(connection));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setSoTimeout((int) PATIENCE.toMillis());
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            TinyRequest request = TinyRequest.read(in, Set.of());
            if (request != null) {
                answer(request).writeTo(connection.getOutputStream(), true);
            }
        } catch (IOException | TinyRequest.Refused e) {
            // The client went away, or sent what this server does not read.
        }
    }

    private TinyAnswer answer(TinyRequest request) {
        try {
            String path = request.rawPath();
            if (path.equals(KeyDirectory.WELL_KNOWN_PATH)) {
                return new TinyAnswer(200)
                        .add("Cache-Control", "public, max-age=3600")
                        .body(
                                "application/jwk-set+json",
                                KeyDirectory.of(origin, List.of(SELLERS_KEY.publicKey()))
                                        .format());
            }
            if (path.startsWith("/token-") && request.method.equals("POST")) {
                return routes.answer(request);
            }
            return path.startsWith("/.well-known/") ? routes.directory() : shop.answer(request);
        } catch (Refusal refusal) {
            return refusal.answer();
        } catch (RuntimeException e) {
            return TinyTill.problem(ProblemType.INTERNAL_PAYMENT_ERROR, 500, Map.of())
                    .put("X-Failure", new String(String.valueOf(e).getBytes(UTF_8), UTF_8));
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }
}
