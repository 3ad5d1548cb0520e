package org.farthing.conformance.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.MintHandler;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.jetty.PaymentHandlerBuilder;
import org.farthing.server.keys.MintKey;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.mint.Mint;
import org.farthing.server.mint.MintKeys;
import org.farthing.server.offer.Offer;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.token.DirectorySource;
import org.farthing.server.token.RemoteIssuer;
import org.farthing.testing.TestTokenKeys;

/** An issuer and a payee, each with books and an ear of its own, as two firms have them. */
final class TokenWorld implements AutoCloseable {

    static final CurrencyId CURRENCY = new CurrencyId("usd.e6");
    static final long VALUE = 500;
    static final String ISSUER = "issuer";
    static final String PAYEE = "payee";

    private static final SecureRandom RANDOM = new SecureRandom();

    final TestClock clock = new TestClock();
    final RecordingConnector issuerHears;
    final RecordingConnector payeeHears;
    final Origin issuer;
    final Origin payee;

    private final Path folder;
    private final ExecutorService completions = Executors.newFixedThreadPool(4);
    private final Ledger issuerBooks;
    private final Ledger payeeBooks;
    private final RemoteIssuer known;
    private final Server first = new Server();
    private final Server second = new Server();

    TokenWorld(Path folder) throws Exception {
        this.folder = folder;
        issuerBooks = books(ISSUER);
        payeeBooks = books(PAYEE);
        issuerHears = open(first);
        payeeHears = open(second);
        issuer = Origin.parse("http://127.0.0.1:" + issuerHears.getLocalPort());
        payee = Origin.parse("http://127.0.0.1:" + payeeHears.getLocalPort());
        Mint mint = mint();
        first.setHandler(issuing(mint));
        // The payee reads the directory's bytes; who fetches them is shown elsewhere.
        known = new RemoteIssuer(
                issuer,
                origin -> CompletableFuture.completedFuture(
                        new DirectorySource.Fetched(mint.directory(), Duration.ZERO, Optional.empty())),
                RemoteIssuer.Trust.DEFAULT,
                payeeBooks.tokens(),
                clock);
        second.setHandler(paying());
        first.start();
        second.start();
        refresh();
    }

    private Ledger books(String name) {
        return SqliteLedger.open(
                folder.resolve(name + ".db"),
                LedgerOptions.builder(completions).clock(clock).build());
    }

    private static RecordingConnector open(Server server) throws IOException {
        RecordingConnector connector = new RecordingConnector(server);
        server.addConnector(connector);
        connector.open();
        return connector;
    }

    /** One value and bundles of one token: the least that a purchase can hide among others. */
    private Mint mint() {
        Instant from = clock.instant().minus(Duration.ofDays(1));
        PublishedKey published = new PublishedKey(
                TestTokenKeys.publicKey(0),
                Amount.of(VALUE),
                CURRENCY,
                from,
                from.plus(Duration.ofDays(31)),
                from.plus(Duration.ofDays(61)),
                from.plus(Duration.ofDays(68)),
                from.plus(Duration.ofDays(91)));
        return Mint.builder(
                        issuer,
                        issuerBooks,
                        MintKeys.of(List.of(new MintKey(TestTokenKeys.get(0), published))),
                        CURRENCY,
                        new Denominations(List.of(VALUE)))
                .bundle(Map.of(VALUE, 1))
                .clock(clock)
                .build();
    }

    private static PaymentHandlerBuilder paywall(Origin origin, SigningKey key) {
        return PaymentHandler.builder(origin.text())
                .keys(key)
                .secrets(SecretRing.builder().current(RANDOM.generateSeed(32)).build())
                .loopback();
    }

    private Handler issuing(Mint mint) {
        SigningKey key = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
        MintHandler handler = MintHandler.builder(mint, paywall(issuer, key))
                .clock(clock)
                .requestsPerMinute(1_000_000)
                .build();
        return new KeysHandler(KeyDirectory.of(issuer, List.of(key.publicKey())), handler);
    }

    private Handler paying() {
        SigningKey key = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
        PaymentHandler handler = paywall(payee, key)
                .ledger(payeeBooks)
                .tokens(AcceptedTokens.of(known))
                .price("/page", Offer.of(Amount.of(VALUE), CURRENCY).build())
                .build(new Page());
        handler.setClock(clock);
        return new KeysHandler(KeyDirectory.of(payee, List.of(key.publicKey())), handler);
    }

    private static final class Page extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Content.Sink.write(response, true, "the page", callback);
            return true;
        }
    }

    /** As the payee's timer does. */
    void refresh() {
        assertThat(await(known.refresh())).isTrue();
    }

    /** Puts money into a wallet at the issuer. */
    void open(String wallet, String thumbprint, String jwk, long amount) {
        await(issuerBooks.register(new WalletRegistration(wallet, new WalletKey(thumbprint, jwk))));
        await(issuerBooks.topUp(new TopUp(wallet, CURRENCY.text(), amount, "top-up of " + wallet)));
    }

    /** All the issuer has: what went over its wires since it last forgot, and its books. */
    List<byte[]> issuerHas() {
        return has(issuerHears, ISSUER);
    }

    /** All the payee has. */
    List<byte[]> payeeHas() {
        return has(payeeHears, PAYEE);
    }

    private List<byte[]> has(RecordingConnector heard, String name) {
        List<byte[]> all = new ArrayList<>(heard.heard());
        all.addAll(Books.values(folder.resolve(name + ".db")));
        return all;
    }

    static View view(List<byte[]> seen) {
        View view = new View();
        seen.forEach(view::add);
        return view;
    }

    static String text(List<byte[]> seen) {
        StringBuilder text = new StringBuilder();
        seen.forEach(bytes ->
                text.append(new String(bytes, StandardCharsets.ISO_8859_1)).append('\n'));
        return text.toString();
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Override
    public void close() {
        LifeCycle.stop(second);
        LifeCycle.stop(first);
        payeeBooks.close();
        issuerBooks.close();
        completions.shutdownNow();
    }
}
