package org.farthing.server.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.jetty.WalletHandler;
import org.farthing.server.keys.KeyWatch;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.offer.PriceList;

/**
 * A running server that sells the files of a folder: the files behind a paywall, the key document, and the wallets of its own
 * ledger, all at one origin. Open one, use it, close it.
 *
 * <p>Whatever is unsafe is refused at opening with a sentence that says what to do (specification: server.md, F-SV-50).
 */
final class DocumentShop implements AutoCloseable {

    private final Server server;
    private final KeyWatch<ServerKeys> keys;
    private final Ledger ledger;
    private final Origin origin;
    private final Origin local;
    private final PriceList prices;
    private final SortedMap<String, Long> files;
    private final ShopTokens tokens;

    private DocumentShop(
            Server server,
            KeyWatch<ServerKeys> keys,
            Ledger ledger,
            ShopTokens tokens,
            Origin origin,
            Origin local,
            PriceList prices,
            SortedMap<String, Long> files) {
        this.server = server;
        this.keys = keys;
        this.ledger = ledger;
        this.tokens = tokens;
        this.origin = origin;
        this.local = local;
        this.prices = prices;
        this.files = files;
    }

    /**
     * Opens the shop: when this returns, it sells.
     *
     * @throws IOException if the folder, the keys or the port cannot be used
     * @throws RuntimeException if the configuration is unsafe; the message says what to do
     */
    static DocumentShop open(ShopConfig config) throws IOException {
        Folder folder = Folder.of(config.folder());
        StartRefusals.check(config, folder);
        KeyWatch<ServerKeys> keys = KeyWatch.payee(config.keys(), config.clock());
        SortedMap<String, Long> files = folder.files();
        PriceList prices = ShopPrices.of(config, files);

        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("farthing");
        Server server = new Server(threads);
        ServerConnector connector = ShopConnector.listen(server, config.listening());
        Ledger opened = null;
        ShopTokens tokens = null;
        boolean started = false;
        try {
            Origin local = ShopConnector.origin(config.listening(), connector);
            Origin origin = config.origin().orElse(local);
            ShopTokens.check(config, origin);
            // Before the store is opened, and so perhaps made: this refuses keys that everybody has.
            Supplier<KeyDirectory> directory = KeyDocument.of(
                    keys, set -> set.directory(origin, config.services().origins()));
            Ledger ledger = config.store()
                    .open(LedgerOptions.builder(threads).clock(config.clock()).build());
            opened = ledger;
            server.addBean(new LedgerLife(ledger));
            tokens = ShopTokens.of(config, origin, ledger);
            server.setHandler(new GracefulHandler(
                    new KeysHandler(directory, handlers(config, folder, prices, origin, keys, ledger, tokens))));
            LifeCycle.start(server);
            tokens.admitPayees(ledger);
            keys.start();
            started = true;
            return new DocumentShop(server, keys, ledger, tokens, origin, local, prices, files);
        } finally {
            if (!started) {
                LifeCycle.stop(server);
                connector.close();
                if (opened != null) {
                    opened.close();
                }
                if (tokens != null) {
                    tokens.close();
                }
            }
        }
    }

    /** The public origin: what is paid, and what wallets are made for. */
    Origin origin() {
        return origin;
    }

    /** Where it listens, for somebody on this machine. */
    Origin local() {
        return local;
    }

    /** What costs what. */
    PriceList prices() {
        return prices;
    }

    /** The files that were there at the start, by path, with their size. */
    SortedMap<String, Long> files() {
        return files;
    }

    /** The books it keeps; they close with it. */
    Ledger ledger() {
        return ledger;
    }

    /** Its keys, for whoever does not wait until they are looked at next. */
    KeyWatch<ServerKeys> keys() {
        return keys;
    }

    /** What it does with blind tokens, for people; empty if nothing. */
    Optional<String> tokens() {
        return tokens.words();
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
        tokens.close();
    }

    private static Handler handlers(
            ShopConfig config,
            Folder folder,
            PriceList prices,
            Origin origin,
            KeyWatch<ServerKeys> keys,
            Ledger ledger,
            ShopTokens tokens) {
        PaymentHandler paywall =
                PaymentHandler.builder(origin.text()).keys(keys).ledger(ledger).build(content(folder.root()));
        paywall.setPrices(prices);
        paywall.setClock(config.clock());
        paywall.setLoopbackProfile(!origin.isHttps());
        paywall.setTlsProxy(config.tlsProxy());
        paywall.setWalletServices(config.services());
        paywall.setAdmission(config.limits().admission(config.clock()));
        config.limits().clientName().ifPresent(paywall::setClientName);
        tokens.acceptAt(paywall);

        return WalletHandler.builder(origin, ledger)
                .clock(config.clock())
                .admin(() -> keys.get().admin())
                .handler(tokens.around(new Shelf(folder, paywall, tokens.passesSwapsOn()), keys))
                .build();
    }

    private static Handler content(Path root) {
        ResourceHandler content = new ResourceHandler();
        content.setBaseResource(ResourceFactory.of(content).newResource(root));
        content.setDirAllowed(false);
        content.setWelcomeFiles(List.of(Folder.WELCOME));
        // A range would cost as much as the whole.
        content.setAcceptRanges(false);
        return content;
    }
}
