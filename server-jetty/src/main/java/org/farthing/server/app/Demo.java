package org.farthing.server.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.farthing.client.purse.Purse;
import org.farthing.client.wallet.Account;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.server.jetty.AcceptedServices;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.token.AcceptedTokens;
import org.jspecify.annotations.Nullable;

/**
 * The demo: opens a shop that sells this project's specification, tells the story of a purchase, and perhaps leaves the shop
 * open. Client and server meet here as in anybody's program: through their public API and over HTTP.
 */
final class Demo {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String USUAL_PRICE = "0.001usd";
    private static final Money POCKET_MONEY = Shown.money("1usd");

    private final PrintWriter out;
    private final InstantSource clock;

    Demo(PrintWriter out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    /** The demo checks itself: what it shows must be so. */
    static void require(boolean so, String whatIsNot) {
        if (!so) {
            throw new CommandFailedException(whatIsNot);
        }
    }

    /**
     * What is shown.
     *
     * @param serve whether to leave the shop open
     * @param viaWallet whether to start a wallet service too, and buy by way of it
     * @param tokens whether to start a mint too, and pay with blind tokens
     */
    record Scenes(boolean serve, boolean viaWallet, boolean tokens) {}

    private static int mintPort(int port) {
        return port == 0 ? 0 : port + 2;
    }

    /** Who else is there beside the shop. */
    private record Others(
            @Nullable DemoService service, @Nullable DemoMint mint) implements AutoCloseable {

        static Others open(DemoFolder folder, int port, Scenes scenes, InstantSource clock) throws IOException {
            DemoService service = scenes.viaWallet() ? DemoService.open(folder, port == 0 ? 0 : port + 1, clock) : null;
            try {
                DemoMint mint = scenes.tokens() ? DemoMint.open(folder, mintPort(port), clock) : null;
                return new Others(service, mint);
            } catch (IOException | RuntimeException e) {
                new Others(service, null).close();
                throw e;
            }
        }

        @Override
        public void close() {
            if (mint != null) {
                mint.close();
            }
            if (service != null) {
                service.close();
            }
        }
    }

    /**
     * Runs it to its end; if it shall serve, until the process is stopped.
     *
     * @param port the port on loopback, 0 for any free one
     * @param store the ledger's file, or null for a temporary one
     * @param scenes what is shown
     * @throws CommandFailedException if something is not what it should be
     */
    void run(int port, @Nullable Path store, Scenes scenes) throws IOException, MalformedException {
        Stopping stopping = Stopping.watch();
        try (DemoFolder folder = DemoFolder.make(store)) {
            if (scenes.tokens() && !Files.isDirectory(folder.mint(mintPort(port)))) {
                out.println("Making keys for a mint, which takes a few seconds.");
                out.flush();
            }
            try (Others others = Others.open(folder, port, scenes, clock)) {
                run(port, folder, scenes.serve(), others);
            }
        } catch (InterruptedException stopped) {
            out.println("stopped");
        } finally {
            stopping.done();
        }
    }

    private void run(int port, DemoFolder folder, boolean serve, Others others)
            throws IOException, InterruptedException, MalformedException {
        DemoShelf shelf = DemoShelf.load();
        try (DocumentShop shop = DocumentShop.open(config(folder, shelf, port, others))) {
            if (others.mint() != null) {
                others.mint().admit(shop.origin());
            }
            tell(shop, shelf, folder, others);
            if (serve) {
                leaveOpen(shop, folder, others);
            }
        }
    }

    private ShopConfig config(DemoFolder folder, DemoShelf shelf, int port, Others others) throws IOException {
        KeyFiles keys = KeyFiles.in(folder.keys());
        if (!Files.isDirectory(folder.keys())) {
            keys.init(Algorithm.ED25519, clock.instant(), new SecureRandom());
        }
        shelf.writeTo(folder.site());
        AcceptedServices none = AcceptedServices.none();
        DemoService service = others.service();
        ShopConfig.Builder config = shelf.price(ShopConfig.builder(folder.site(), folder.store(), keys, USUAL_PRICE))
                .listen(LOOPBACK, port)
                .services(service == null ? none : none.with(service.origin().text()))
                .clock(clock);
        DemoMint mint = others.mint();
        if (mint != null) {
            config.tokens(new TokenTrade.OfAnother(
                    mint.origin(), DemoTokenTour.PRESENTED_EVERY, AcceptedTokens.DEFAULT_TOKENS));
        }
        return config.build();
    }

    private void tell(DocumentShop shop, DemoShelf shelf, DemoFolder folder, Others others)
            throws IOException, InterruptedException, MalformedException {
        DemoStory say = new DemoStory(out);
        say.plain("Farthing demo: a server sells documents, a program buys some, and the books balance.");
        new DemoTour(shop, shelf, folder, clock, say).tell();
        if (others.service() != null) {
            new DemoWalletTour(shop, shelf, others.service(), folder, clock, say).tell();
        }
        if (others.mint() != null) {
            new DemoTokenTour(shop, shelf, others.mint(), folder.tokenTourWallet(), clock, say).tell();
        }
        say.plain("");
        say.plain("Everything was as it should be.");
    }

    private void leaveOpen(DocumentShop shop, DemoFolder folder, Others others)
            throws IOException, InterruptedException {
        String secret = Files.readString(KeyFiles.in(folder.keys()).adminFile()).strip();
        Account account = fillWallet(shop.origin(), folder.wallet(), secret);
        String money = Money.of(account.available(), account.currency()).format();
        DemoLines lines = new DemoLines(shop.origin(), folder, new DemoStory(out));
        lines.print(money);
        DemoService service = others.service();
        if (service != null) {
            fillWallet(service.origin(), folder.serviceWallet(), service.administratorSecret());
            lines.printService(service.origin(), money);
        }
        DemoMint mint = others.mint();
        if (mint != null) {
            fillWallet(mint.origin(), folder.wallet(), mint.administratorSecret());
            lines.printMint(mint.origin(), money);
        }
        lines.printReady();
        shop.join();
    }

    private Account fillWallet(Origin ledger, Path folder, String secret) throws IOException, InterruptedException {
        Purse purse = Files.isDirectory(folder) ? Purse.open(folder) : Purse.create(folder, new SecureRandom());
        WalletApi wallets = new WalletApi(HttpClient.newHttpClient(), purse, clock, true);
        wallets.register(ledger);
        CurrencyId currency = Shown.usualCurrency(POCKET_MONEY);
        String once = "demo-" + clock.instant().toEpochMilli();
        return wallets.topUp(ledger, currency, POCKET_MONEY.toAmount(currency), once, secret);
    }
}
