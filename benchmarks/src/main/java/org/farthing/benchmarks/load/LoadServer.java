package org.farthing.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;

/** The server under load: plain, behind the payment handler, and with bare unsigned challenges, each on a port of its own. */
public final class LoadServer {

    private LoadServer() {}

    /**
     * Runs until its standard input ends.
     *
     * @param args the folder with {@link LoadKeys}
     * @throws Exception if it cannot start
     */
    public static void main(String[] args) throws Exception {
        LoadKeys keys = LoadKeys.read(Path.of(args[0]));
        Server plain = server(new Document());
        Server unsigned = server(new UnsignedChallenges(keys));
        plain.start();
        unsigned.start();
        // The public origin names the port, so the port is chosen before the handler is built.
        int port = freePort();
        Server paid = new Server();
        try (Ledger ledger = SqliteLedger.open(
                Path.of(args[0], "ledger.db"),
                LedgerOptions.builder(paid.getThreadPool()).build())) {
            PaymentHandler handler = PaymentHandler.builder("http://127.0.0.1:" + port)
                    .keys(keys.payee())
                    .secrets(keys.ring())
                    .ledger(ledger)
                    .price("/paid", "0.0005usd")
                    .loopback()
                    .build(new Document());
            listen(paid, port, handler);
            paid.start();
            fund(ledger, keys);
            System.out.println("ready " + port(plain) + " " + port(unsigned) + " " + port);
            while (System.in.read() >= 0) {
                // The end of the input is the end of the run.
            }
            paid.stop();
        }
    }

    private static void fund(Ledger ledger, LoadKeys keys) {
        for (SigningKey key : keys.payers()) {
            String wallet = LoadKeys.wallet(key);
            WalletKey walletKey = new WalletKey(key.publicKey().thumbprint(), LoadKeys.publicJwk(key));
            ledger.register(new WalletRegistration(wallet, walletKey))
                    .toCompletableFuture()
                    .join();
            ledger.topUp(new TopUp(wallet, "usd.e6", 1_000_000_000_000L, "load"))
                    .toCompletableFuture()
                    .join();
        }
    }

    private static int freePort() throws IOException {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Server server(Handler handler) {
        Server server = new Server();
        listen(server, 0, handler);
        return server;
    }

    private static void listen(Server server, int port, Handler handler) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(16 * 1024);
        configuration.setResponseHeaderSize(16 * 1024);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(handler);
    }

    private static int port(Server server) {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    /** 100 bytes, and nothing else to do. */
    private static final class Document extends Handler.Abstract.NonBlocking {

        private static final byte[] BODY = "x".repeat(100).getBytes(StandardCharsets.US_ASCII);

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
            response.write(true, ByteBuffer.wrap(BODY), callback);
            return true;
        }
    }

    /** What a 402 costs without its signature; the product never sends one like this, so it is written out here. */
    private static final class UnsignedChallenges extends Handler.Abstract.NonBlocking {

        private final SecretRing ring;
        private final java.security.SecureRandom random = new java.security.SecureRandom();

        UnsignedChallenges(LoadKeys keys) {
            this.ring = keys.ring();
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            RequestTarget target = RequestTarget.of("GET", new Origin("http://127.0.0.1"), "/paid", null);
            String opaque = Opaque.exact(Opaque.newNonce(random), target.rb()).format();
            ChallengeTerms terms = LoadKeys.terms("127.0.0.1", opaque);
            Challenge challenge = new Challenge(ring.id(terms), terms, null, null);
            String body = Problem.of(ProblemType.PAYMENT_REQUIRED, "This request has a price.")
                    .toJson();
            response.setStatus(402);
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, challenge.format());
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
            response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
            return true;
        }
    }
}
