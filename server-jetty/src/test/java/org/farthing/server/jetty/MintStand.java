package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenResponses;
import org.farthing.server.keys.MintKey;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.mint.Mint;
import org.farthing.server.mint.MintBuilder;
import org.farthing.server.mint.MintKeys;
import org.farthing.server.mint.TestMint;
import org.farthing.server.offer.Offer;
import org.farthing.server.token.AcceptedTokens;

/** A mint behind its routes in raw bytes, over a real ledger, and somebody with a wallet who buys. */
final class MintStand implements AutoCloseable {

    static final Origin ISSUER = new Origin("https://mint.example");
    static final Origin PAYEE = new Origin("https://api.example.com");
    static final long FUNDS = 10_000;

    /** What tokens of the payee are for. */
    static final TokenChallenge CHALLENGE = TokenChallenge.forPayee(ISSUER, PAYEE);

    private static final SecureRandom RANDOM = new SecureRandom();

    final TestClock clock;
    final Payer alice = Payer.with(SigningKey.generate(Algorithm.ED25519, null, RANDOM));
    final Mint mint;

    private final SigningKey key = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
    private final byte[] secret = RANDOM.generateSeed(32);
    private final ExecutorService completions = Executors.newFixedThreadPool(4);
    private final Ledger ledger;
    private final Server server;
    private final LocalConnector connector;
    private PaymentHandler purchases = new PaymentHandler();

    /** A mint that shares its books with the payee, and sells for 30 days. */
    MintStand(Path folder) {
        this(folder, new Plan());
    }

    /** With other keys than those of one epoch that begins now. */
    MintStand(
            Path folder,
            Function<Instant, List<MintKey>> epochs,
            Consumer<MintBuilder> settings,
            Consumer<MintHandler.Builder> routes,
            UnaryOperator<Ledger> interpose) {
        this(folder, Plan.of(epochs, settings, routes, interpose));
    }

    MintStand(Path folder, Plan plan) {
        clock = plan.clock;
        ledger = SqliteLedger.open(
                folder.resolve("mint.db"),
                LedgerOptions.builder(completions).clock(clock).build());
        String jwk = alice.key().publicKey().toString();
        await(ledger.register(new WalletRegistration(
                alice.wallet(), new WalletKey(alice.key().publicKey().thumbprint(), jwk))));
        await(ledger.topUp(new TopUp(alice.wallet(), TestMint.CURRENCY.text(), FUNDS, "start")));
        MintKeys keys = MintKeys.of(plan.keys.apply(clock.instant()));
        MintBuilder builder = Mint.builder(
                        ISSUER, plan.interpose.apply(ledger), keys, TestMint.CURRENCY, TestMint.LADDER)
                .clock(clock)
                .bundle(Map.of(1L, 2, 2L, 1, 4L, 1, 8L, 1, 16L, 1))
                .bundle(Map.of(32L, 1))
                .bundle(Map.of(1L, 1, 2L, 1));
        plan.settings.accept(builder);
        mint = builder.build();
        server = new Server(new QueuedThreadPool(40), new ManualScheduler(), null);
        connector = new LocalConnector(server);
        server.addConnector(connector);
        server.setHandler(handler(plan.routes));
        start();
    }

    /** What is out of the ordinary. */
    static final class Plan {

        final TestClock clock = new TestClock();
        Function<Instant, List<MintKey>> keys = TestMint::epoch;
        Consumer<MintBuilder> settings = mint -> mint.sharing(PAYEE);
        BiConsumer<MintStand, MintHandler.Builder> routes = (stand, handler) -> {};
        UnaryOperator<Ledger> interpose = ledger -> ledger;

        private static Plan of(
                Function<Instant, List<MintKey>> keys,
                Consumer<MintBuilder> settings,
                Consumer<MintHandler.Builder> routes,
                UnaryOperator<Ledger> interpose) {
            Plan plan = new Plan();
            plan.keys = keys;
            plan.settings = settings;
            plan.routes = (stand, handler) -> routes.accept(handler);
            plan.interpose = interpose;
            return plan;
        }
    }

    private Handler handler(BiConsumer<MintStand, MintHandler.Builder> routes) {
        PaymentHandlerBuilder paywall = PaymentHandler.builder(ISSUER.text())
                .keys(key)
                .secrets(SecretRing.builder().current(secret).build());
        MintHandler.Builder builder =
                MintHandler.builder(mint, paywall).clock(clock).handler(Paywall.text("the shop"));
        routes.accept(this, builder);
        MintHandler handler = builder.build();
        purchases = handler.paywall();
        purchases.setClock(clock);
        return handler;
    }

    private void start() {
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A paywall for this mint's tokens and ledger, behind its routes. */
    PaymentHandler shop(String path, long price) {
        PaymentHandler shop = PaymentHandler.builder(PAYEE.text())
                .keys(key)
                .secrets(SecretRing.builder().current(secret).build())
                .ledger(ledger)
                .tokens(AcceptedTokens.of(mint.acceptedIssuer()))
                .price(path, Offer.of(Amount.of(price), TestMint.CURRENCY).build())
                .build(Paywall.text("the document"));
        shop.setClock(clock);
        return shop;
    }

    // ---- in raw bytes --------------------------------------------------------------------------------------------

    HttpTester.Response at(String host, String method, String path, String... headers) {
        return send(host, method, path, new byte[0], headers);
    }

    HttpTester.Response send(String method, String path, byte[] body, String... headers) {
        return send(ISSUER.realm(), method, path, body, headers);
    }

    private HttpTester.Response send(String host, String method, String path, byte[] body, String... headers) {
        StringBuilder head = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(host).append("\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer request = ByteBuffer.allocate(start.length + body.length)
                .put(start)
                .put(body)
                .flip();
        try {
            ByteBuffer answer = connector.getResponse(request, method.equals("HEAD"), 30, TimeUnit.SECONDS);
            return HttpTester.parseResponse(HttpTester.from(answer), method.equals("HEAD"));
        } catch (Exception e) {
            throw new AssertionError("no answer", e);
        }
    }

    HttpTester.Response post(String path, String body, String... headers) {
        return send("POST", path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    HttpTester.Response get(String path, String... headers) {
        return send("GET", path, new byte[0], headers);
    }

    // ---- what a client does --------------------------------------------------------------------------------------

    List<PendingToken> pending(long... values) {
        return TestMint.pending(mint.directory(), CHALLENGE, clock.instant(), values);
    }

    /** The first bundle. */
    List<PendingToken> bundle() {
        return pending(1, 1, 2, 4, 8, 16);
    }

    static String body(List<PendingToken> pending) {
        return new PurchaseBody(TestMint.requests(pending)).format();
    }

    /** Asks for the price and pays it: the value of {@code Authorization}. */
    String credential(String path, byte[] body) {
        HttpTester.Response demand = send("POST", path, body);
        assertThat(demand.getStatus()).as(demand.getContent()).isEqualTo(402);
        return alice.pay(demand);
    }

    HttpTester.Response purchase(List<PendingToken> pending) {
        String body = body(pending);
        String credential = credential("/token-purchase", body.getBytes(StandardCharsets.UTF_8));
        return post("/token-purchase", body, "Authorization: " + credential);
    }

    List<BlindToken> buy(List<PendingToken> pending) {
        return tokens(pending, purchase(pending));
    }

    static List<BlindToken> tokens(List<PendingToken> pending, HttpTester.Response answer) {
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        try {
            return TestMint.finish(
                    pending,
                    TokenResponses.parse(answer.getContentBytes(), pending.size())
                            .responses());
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    HttpTester.Response swap(List<BlindToken> tokens, List<PendingToken> pending) {
        return post("/token-swap", new SwapBody(CHALLENGE, tokens, TestMint.requests(pending)).format());
    }

    static Problem problem(HttpTester.Response answer, int status, ProblemType type) {
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(status);
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        try {
            Problem problem = Problem.parse(answer.getContent());
            assertThat(problem.type()).isEqualTo(type);
            return problem;
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- money ---------------------------------------------------------------------------------------------------

    /** What sells tokens. */
    PaymentHandler purchases() {
        return purchases;
    }

    Ledger ledger() {
        return ledger;
    }

    long available() {
        return await(ledger.accounts(alice.wallet())).get(0).available();
    }

    boolean balanced() {
        return await(ledger.totals()).stream().allMatch(totals -> totals.sum() == 0)
                && await(ledger.check()).sound();
    }

    static <T> T await(CompletionStage<T> stage) {
        return Paywall.await(stage);
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
        ledger.close();
        completions.shutdownNow();
    }
}
