package org.farthing.server.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.WalletId;
import org.farthing.server.gate.Payment;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.jetty.WalletHandler;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.Offer;

/**
 * A whole shop over TLS, as its embedder puts it together: paywall, wallets, key document, and an application that would love
 * to be cached. {@code /docs/*} is held, {@code /big/*} paid upfront, {@code /api/*} takes {@code Payment-Authorization};
 * everything else is free.
 */
final class TlsShop implements AutoCloseable {

    static final String PRICE = "0.002usd";
    static final String ETAG = "\"v1\"";

    /** How often the application ran for a paid request. */
    final AtomicInteger executions = new AtomicInteger();

    /** The requests for documents as they reached this server. */
    final List<Seen> seen = new CopyOnWriteArrayList<>();

    private final AtomicInteger free = new AtomicInteger();
    private final Path folder;
    private final Server server = new Server();
    private final ServerConnector connector;
    private final Ledger ledger;

    /** What a request looked like on arrival. */
    record Seen(String version, String method, String path, HttpFields fields) {}

    /** Opens the port; {@link #start} opens the shop. */
    TlsShop(Path folder) throws IOException {
        this.folder = folder;
        this.connector = TlsConnectors.open(server, TestCertificate.shared());
        this.ledger = SqliteLedger.open(
                folder.resolve("shop.db"),
                LedgerOptions.builder(server.getThreadPool()).build());
    }

    int port() {
        return connector.getLocalPort();
    }

    /** Where it is without anything in front. */
    Origin own() {
        return new Origin("https://localhost:" + port());
    }

    /** Sells as a public origin. */
    void start(Origin origin) throws Exception {
        Path keyFolder = folder.resolve("keys");
        KeyFiles.in(keyFolder).init(Algorithm.ED25519, Instant.now(), new SecureRandom());
        ServerKeys keys = KeyFiles.in(keyFolder).load(Instant.now());
        PaymentHandler documents = PaymentHandler.builder(origin.text())
                .keys(keys.signingAt(Instant.now()).orElseThrow())
                .secrets(keys.secrets())
                .ledger(ledger)
                .price("/docs/*", PRICE)
                .price("/big/*", Offer.of(PRICE).upfront().build())
                .price(
                        "/api/*",
                        Offer.of(PRICE)
                                .credentialField(CredentialField.PAYMENT_AUTHORIZATION)
                                .build())
                .build(new Documents());
        Handler wallets =
                WalletHandler.builder(origin, ledger).handler(documents).build();
        server.setHandler(new Arrivals(new KeysHandler(keys.directory(origin), wallets)));
        server.start();
    }

    // ---- the application -----------------------------------------------------------------------------------------

    /** Notes what arrives. */
    private final class Arrivals extends Handler.Wrapper {

        Arrivals(Handler next) {
            super(next);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            seen.add(new Seen(
                    request.getConnectionMetaData().getProtocol(),
                    request.getMethod(),
                    Request.getPathInContext(request),
                    request.getHeaders().asImmutable()));
            return super.handle(request, response, callback);
        }
    }

    /** Tells each paid request which payment it was served under, and asks every cache to keep that. */
    private final class Documents extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            Payment payment = PaymentHandler.getPayment(request);
            HttpFields.Mutable fields = response.getHeaders();
            fields.put(HttpHeader.CONTENT_TYPE, "text/plain");
            fields.put(HttpHeader.CACHE_CONTROL, "public, max-age=3600, s-maxage=3600, stale-while-revalidate=600");
            fields.put("CDN-Cache-Control", "max-age=3600");
            fields.put("Surrogate-Control", "max-age=3600");
            fields.put(HttpHeader.EXPIRES, "Fri, 01 Jan 2100 00:00:00 GMT");
            fields.put(HttpHeader.LAST_MODIFIED, "Thu, 01 Jan 2026 00:00:00 GMT");
            fields.put(HttpHeader.ETAG, ETAG);
            String path = Request.getPathInContext(request);
            if (payment == null) {
                return unpaid(path, fields, response, callback);
            }
            executions.incrementAndGet();
            if (path.endsWith("/fails")) {
                response.setStatus(404);
                return text(response, "nothing for " + payment.challengeId(), callback);
            }
            if (request.getHeaders().contains(HttpHeader.IF_NONE_MATCH, ETAG)) {
                response.setStatus(304);
                callback.succeeded();
                return true;
            }
            if (request.getHeaders().contains(HttpHeader.RANGE)) {
                response.setStatus(206);
                fields.put(HttpHeader.CONTENT_RANGE, "bytes 0-0/1000");
            }
            String body = Content.Source.asString(request, StandardCharsets.UTF_8);
            return text(response, "paid " + payment.challengeId() + (body.isEmpty() ? "" : " " + body), callback);
        }

        private boolean unpaid(String path, HttpFields.Mutable fields, Response response, Callback callback) {
            if (path.startsWith("/careless/")) {
                // What a paywall without Cache-Control would send: shows that the cache keeps such answers.
                List.copyOf(fields.getFieldNamesCollection()).forEach(fields::remove);
                response.setStatus(402);
            }
            return text(response, "free " + free.incrementAndGet(), callback);
        }

        private boolean text(Response response, String text, Callback callback) {
            response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
            return true;
        }
    }

    // ---- money ---------------------------------------------------------------------------------------------------

    /** Opens a wallet with a dollar in it, past the wallet routes. */
    void open(VerificationKey key) {
        String wallet = WalletId.of(key);
        await(ledger.register(new WalletRegistration(wallet, new WalletKey(key.thumbprint(), key.toString()))));
        fund(wallet);
    }

    void fund(String wallet) {
        await(ledger.topUp(new TopUp(wallet, "usd.e6", 1_000_000, "start")));
    }

    /** What is left in a wallet that nothing is set aside in. */
    long left(VerificationKey key) {
        var account = await(ledger.accounts(WalletId.of(key))).get(0);
        if (account.held() != 0) {
            throw new AssertionError("held: " + account);
        }
        return account.available();
    }

    boolean balanced() {
        return await(ledger.totals()).stream().mapToLong(Totals::sum).allMatch(sum -> sum == 0)
                && await(ledger.check()).sound();
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("no result", e);
        }
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
        ledger.close();
    }
}
