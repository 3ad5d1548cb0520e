package org.farthing.server.app;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.WalletHandler;
import org.farthing.server.keys.KeyWatch;
import org.farthing.server.keys.TokenKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.Payee;
import org.farthing.server.trust.KeyDocuments;

/**
 * A running wallet service: its routes, its key document and its books at one origin. Open one, use it, close it.
 *
 * <p>Whatever is unsafe is refused at opening with a sentence that says what to do (specification: wallet-service.md, F-WS-47).
 */
final class RunningWalletService implements AutoCloseable {

    /** A hold lasts until its payee collects, so one wallet has many at a time (F-ST-86). */
    private static final int MOST_HOLDS = 1024;

    private final Server server;
    private final KeyWatch<TokenKeys> keys;
    private final Ledger ledger;
    private final KeyDocuments documents;
    private final Origin origin;
    private final Origin local;

    private RunningWalletService(
            Server server,
            KeyWatch<TokenKeys> keys,
            Ledger ledger,
            KeyDocuments documents,
            Origin origin,
            Origin local) {
        this.server = server;
        this.keys = keys;
        this.ledger = ledger;
        this.documents = documents;
        this.origin = origin;
        this.local = local;
    }

    /**
     * Opens the service: when this returns, it serves.
     *
     * @throws IOException if the keys or the port cannot be used
     * @throws RuntimeException if the configuration is unsafe; the message says what to do
     */
    static RunningWalletService open(WalletServiceConfig config) throws IOException {
        StartRefusals.check(config.listening());
        KeyWatch<TokenKeys> keys = KeyWatch.walletService(config.keys(), config.clock());
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("farthing");
        Server server = new Server(threads);
        ServerConnector connector = ShopConnector.listen(server, config.listening());
        Ledger opened = null;
        KeyDocuments documents = null;
        boolean started = false;
        try {
            Origin local = ShopConnector.origin(config.listening(), connector);
            Origin origin = config.listening().origin().orElse(local);
            requirePayees(config, origin);
            // Before the store is opened, and so perhaps made: this refuses keys that everybody has.
            Supplier<KeyDirectory> directory = KeyDocument.of(keys, set -> set.directory(origin));
            documents = KeyDocuments.open(config.clock(), !origin.isHttps());
            Ledger ledger = config.store()
                    .open(LedgerOptions.builder(threads)
                            .clock(config.clock())
                            .maxHolds(MOST_HOLDS)
                            .build());
            opened = ledger;
            server.addBean(new LedgerLife(ledger));
            server.setHandler(
                    new GracefulHandler(new KeysHandler(directory, routes(config, origin, keys, ledger, documents))));
            LifeCycle.start(server);
            admitPayees(config, ledger);
            keys.start();
            started = true;
            return new RunningWalletService(server, keys, ledger, documents, origin, local);
        } finally {
            if (!started) {
                LifeCycle.stop(server);
                connector.close();
                if (opened != null) {
                    opened.close();
                }
                if (documents != null) {
                    documents.close();
                }
            }
        }
    }

    private static WalletHandler routes(
            WalletServiceConfig config,
            Origin origin,
            KeyWatch<TokenKeys> keys,
            Ledger ledger,
            KeyDocuments documents) {
        WalletHandler.Builder routes = WalletHandler.builder(origin, ledger)
                .clock(config.clock())
                .admin(() -> keys.get().admin())
                .service(keys, documents);
        if (!origin.isHttps()) {
            routes.loopback();
        }
        config.dailyLimit().ifPresent(routes::dailyLimit);
        config.topUpPage().ifPresent(routes::topUpPage);
        return routes.build();
    }

    private static void requirePayees(WalletServiceConfig config, Origin origin) {
        for (Origin payee : config.payees()) {
            if (!payee.isHttps() && !(payee.isLoopback() && !origin.isHttps())) {
                throw new CommandFailedException("The payee " + payee + " has a plain http origin, which only counts on"
                        + " a loopback address and for a service on one. Name its https origin.");
            }
            if (payee.equals(origin)) {
                throw new CommandFailedException("--payee names this service itself; name the origin of a shop.");
            }
        }
    }

    /** Adds those who are not registered; their keys are fetched when the first challenge comes, so they may start later. */
    private static void admitPayees(WalletServiceConfig config, Ledger ledger) {
        for (Origin payee : config.payees()) {
            Optional<Payee> known =
                    ledger.payees().find(payee.text()).toCompletableFuture().join();
            if (known.isEmpty()) {
                ledger.payees()
                        .put(payee.text(), false, Payee.Status.ACTIVE, null)
                        .toCompletableFuture()
                        .join();
            }
        }
    }

    /** The public origin: what orders name as ledger and tokens as issuer. */
    Origin origin() {
        return origin;
    }

    /** Where it listens, for somebody on this machine. */
    Origin local() {
        return local;
    }

    /** The books it keeps; they close with it. */
    Ledger ledger() {
        return ledger;
    }

    /** Waits until the server ends. */
    void join() throws InterruptedException {
        server.join();
    }

    /** Finishes the requests under way, then closes the books. */
    @Override
    public void close() {
        keys.close();
        LifeCycle.stop(server);
        documents.close();
    }
}
