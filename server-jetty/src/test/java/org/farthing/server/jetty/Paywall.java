package org.farthing.server.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.gate.PaymentEvent;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.method.WalletOrderMethod;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceList;
import org.jspecify.annotations.Nullable;

/**
 * A whole paywall in one process for raw-byte tests: a server without a network, the real ledger on a real file, time in the
 * test's hands, and an application that counts its executions.
 */
final class Paywall implements AutoCloseable {

    static final String ORIGIN = "https://api.example.com";
    static final String CURRENCY = "usd.e6";
    static final long FUNDS = 1_000_000;
    static final long PRICE = 2_000;

    private static final SecureRandom RANDOM = new SecureRandom();

    final TestClock clock;
    final ManualScheduler scheduler = new ManualScheduler();
    final SigningKey key;
    final byte[] secret;
    final Payer alice;
    final AtomicInteger executions = new AtomicInteger();
    final List<PaymentEvent> events = new CopyOnWriteArrayList<>();

    private final String origin;
    private final boolean ownsLedger;
    private final Path store;
    private final ExecutorService completions = Executors.newFixedThreadPool(4);
    private volatile Handler app = text("the document");
    private Ledger ledger;
    private @Nullable Ledger interposed;
    private @Nullable Server server;
    private @Nullable LocalConnector connector;
    private PaymentHandler handler = new PaymentHandler();

    Paywall(Path folder) {
        this.origin = ORIGIN;
        this.clock = new TestClock();
        this.key = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
        this.secret = RANDOM.generateSeed(32);
        this.alice = Payer.with(SigningKey.generate(Algorithm.ED25519, null, RANDOM));
        this.ownsLedger = true;
        this.store = folder.resolve("ledger.db");
        this.ledger = openLedger();
        open(alice, FUNDS);
    }

    /** Another node, or another payee, with the keys, the secrets, the time and the ledger of a first one. */
    Paywall(Paywall first, String origin) {
        this.origin = origin;
        this.clock = first.clock;
        this.key = first.key;
        this.secret = first.secret;
        this.alice = first.alice;
        this.ownsLedger = false;
        this.store = first.store;
        this.ledger = first.ledger;
    }

    /** A paywall with one price for all documents, started. */
    static Paywall start(Path folder) {
        return start(folder, prices -> prices.charge("/docs/*", offer().build()));
    }

    static Paywall start(Path folder, Consumer<PriceList.Builder> prices) {
        return start(folder, prices, handler -> {});
    }

    static Paywall start(Path folder, Consumer<PriceList.Builder> prices, Consumer<PaymentHandler> settings) {
        Paywall paywall = new Paywall(folder);
        paywall.boot(prices, settings);
        return paywall;
    }

    static Offer.Builder offer() {
        return Offer.of("0.002usd").description("One document");
    }

    // ---- the server ----------------------------------------------------------------------------------------------

    void boot(Consumer<PriceList.Builder> prices, Consumer<PaymentHandler> settings) {
        boot(prices, settings, payments -> payments);
    }

    /** Boots with other handlers around the paywall. */
    void boot(
            Consumer<PriceList.Builder> prices,
            Consumer<PaymentHandler> settings,
            Function<PaymentHandler, Handler> around) {
        PriceList.Builder list = PriceList.builder();
        prices.accept(list);
        handler = new PaymentHandler(new App());
        handler.addOrigin(new Origin(origin));
        handler.setPrices(list.build());
        Ledger seen = interposed == null ? ledger : interposed;
        handler.setLedger(seen);
        handler.setSigningKey(key);
        handler.setSecrets(SecretRing.builder().current(secret).build());
        handler.addMethod(new WalletOrderMethod(seen));
        handler.setClock(clock);
        handler.setEvents(events::add);
        settings.accept(handler);
        server = new Server(new QueuedThreadPool(60), scheduler, null);
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(16 * 1024);
        http.setResponseHeaderSize(16 * 1024);
        connector = new LocalConnector(server, new HttpConnectionFactory(http));
        server.addConnector(connector);
        server.setHandler(around.apply(handler));
        startNow();
    }

    void startNow() {
        try {
            server().start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    Server server() {
        if (server == null) {
            throw new IllegalStateException("boot first");
        }
        return server;
    }

    PaymentHandler handler() {
        return handler;
    }

    /** Starts again with other prices, the ledger and the keys as they are. */
    void reprice(Consumer<PriceList.Builder> prices) {
        stopServer();
        boot(prices, settings -> {});
    }

    /** Starts again with a handler that has a life of its own behind the paywall. */
    void serveWith(Handler behind) {
        try {
            handler.stop();
            handler.setHandler(behind);
            handler.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    void stopServer() {
        try {
            server().stop();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Sets what serves paid requests from now on. */
    void app(Handler next) {
        app = next;
    }

    private final class App extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            executions.incrementAndGet();
            return app.handle(request, response, callback);
        }

        @Override
        public InvocationType getInvocationType() {
            return app.getInvocationType();
        }
    }

    // ---- requests ------------------------------------------------------------------------------------------------

    /** Sends raw text, lines separated by LF, and reads one answer. */
    HttpTester.Response raw(String request) {
        try {
            LocalConnector open = connector;
            if (open == null) {
                throw new IllegalStateException("boot first");
            }
            boolean head = request.startsWith("HEAD ");
            String bytes = request.replace("\n", "\r\n");
            ByteBuffer answer = open.getResponse(
                    ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)), head, 30, TimeUnit.SECONDS);
            return HttpTester.parseResponse(HttpTester.from(answer), head);
        } catch (Exception e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** Opens a connection the test writes to, reads from and closes as it likes. */
    LocalConnector.LocalEndPoint connect() {
        LocalConnector open = connector;
        if (open == null) {
            throw new IllegalStateException("boot first");
        }
        return open.connect();
    }

    HttpTester.Response get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    HttpTester.Response send(String method, String path, @Nullable String body, String... headers) {
        StringBuilder text = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\n");
        text.append("Host: ").append(origin.substring("https://".length())).append('\n');
        for (String header : headers) {
            text.append(header).append('\n');
        }
        if (body != null) {
            text.append("Content-Length: ").append(body.length()).append('\n');
        }
        return raw(text.append('\n').append(body == null ? "" : body).toString());
    }

    /** Asks, pays and asks again. */
    HttpTester.Response buy(String path) {
        return get(path, "Authorization: " + alice.pay(get(path)));
    }

    // ---- money ---------------------------------------------------------------------------------------------------

    /** Lets the handler see another ledger than the test from the next boot on. */
    void interpose(Ledger other) {
        interposed = other;
    }

    Ledger ledger() {
        return ledger;
    }

    private Ledger openLedger() {
        return SqliteLedger.open(
                store, LedgerOptions.builder(completions).clock(clock).build());
    }

    /** Stops the server without a word to the ledger, as a crash would, and opens the ledger as another process. */
    void crash(Consumer<PriceList.Builder> prices) {
        ledger.close();
        stopServer();
        ledger = openLedger();
        boot(prices, settings -> {});
    }

    void open(Payer payer, long funds) {
        String jwk = payer.key().publicKey().toString();
        WalletKey first = new WalletKey(payer.key().publicKey().thumbprint(), jwk);
        await(ledger.register(new WalletRegistration(payer.wallet(), first)));
        if (funds > 0) {
            await(ledger.topUp(new TopUp(payer.wallet(), CURRENCY, funds, "start")));
        }
    }

    Account account(Payer payer) {
        return account(payer, CURRENCY);
    }

    Account account(Payer payer, String currency) {
        return await(ledger.accounts(payer.wallet())).stream()
                .filter(account -> account.currency().equals(currency))
                .findFirst()
                .orElseThrow();
    }

    long spent(Payer payer) {
        return FUNDS - account(payer).available() - account(payer).held();
    }

    /** Nothing was taken from Alice, nothing is set aside, and the books add up. */
    boolean nothingMoved() {
        Account account = account(alice);
        return account.available() == FUNDS && account.held() == 0 && balanced();
    }

    boolean balanced() {
        for (Totals totals : await(ledger.totals())) {
            if (totals.sum() != 0) {
                return false;
            }
        }
        return await(ledger.check()).sound();
    }

    Charge charge(String challengeId) {
        return await(ledger.charge(challengeId)).orElseThrow();
    }

    /** Reads the charge until it is so: for what the ledger does after an answer left. */
    Charge awaitCharge(String challengeId, Predicate<Charge> condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        Charge charge = charge(challengeId);
        while (!condition.test(charge)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the charge stays " + charge);
            }
            charge = charge(challengeId);
        }
        return charge;
    }

    /** Looks until it is so: for what is done after an answer left. */
    static void awaitTrue(BooleanSupplier condition, Supplier<?> otherwise) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it stays " + otherwise.get());
            }
            Thread.onSpinWait();
        }
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no result", e);
        }
    }

    /** Does it on a thread of its own; what goes wrong there is seen by who waits for it. */
    static <T> CompletableFuture<T> beside(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> new Thread(task).start());
    }

    Executor threads() {
        return completions;
    }

    @Override
    public void close() {
        try {
            if (server != null) {
                server.stop();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            if (ownsLedger) {
                ledger.close();
            }
            completions.shutdownNow();
        }
    }

    // ---- applications --------------------------------------------------------------------------------------------

    static Handler text(String text) {
        return of((request, response, callback) -> {
            response.getHeaders().put("Content-Type", "text/plain");
            response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
        });
    }

    static Handler status(int status) {
        return of((request, response, callback) -> {
            response.setStatus(status);
            response.getHeaders().put("Location", "/elsewhere");
            response.write(true, ByteBuffer.wrap("body".getBytes(StandardCharsets.UTF_8)), callback);
        });
    }

    static Handler of(Action action) {
        return new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                action.handle(request, response, callback);
                return true;
            }
        };
    }

    /** What an application does with one request. */
    interface Action {
        void handle(Request request, Response response, Callback callback) throws Exception;
    }
}
