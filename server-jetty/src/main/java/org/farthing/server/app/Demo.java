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
import org.farthing.server.keys.KeyFiles;
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
     * Runs it to its end; with {@code serve}, until the process is stopped.
     *
     * @param port the port on loopback, 0 for any free one
     * @param store the ledger's file, or null for a temporary one
     * @param serve whether to leave the shop open
     * @throws CommandFailedException if something is not what it should be
     */
    void run(int port, @Nullable Path store, boolean serve) throws IOException, MalformedException {
        Stopping stopping = Stopping.watch();
        try (DemoFolder folder = DemoFolder.make(store)) {
            DemoShelf shelf = DemoShelf.load();
            try (DocumentShop shop = DocumentShop.open(config(folder, shelf, port))) {
                tell(shop, shelf, folder, serve);
            }
        } catch (InterruptedException stopped) {
            out.println("stopped");
        } finally {
            stopping.done();
        }
    }

    private ShopConfig config(DemoFolder folder, DemoShelf shelf, int port) throws IOException {
        KeyFiles keys = KeyFiles.in(folder.keys());
        if (!Files.isDirectory(folder.keys())) {
            keys.init(Algorithm.ED25519, clock.instant(), new SecureRandom());
        }
        shelf.writeTo(folder.site());
        return shelf.price(ShopConfig.builder(folder.site(), folder.store(), keys, USUAL_PRICE))
                .listen(LOOPBACK, port)
                .clock(clock)
                .build();
    }

    private void tell(DocumentShop shop, DemoShelf shelf, DemoFolder folder, boolean serve)
            throws IOException, InterruptedException, MalformedException {
        DemoStory say = new DemoStory(out);
        say.plain("Farthing demo: a server sells documents, a program buys some, and the books balance.");
        new DemoTour(shop, shelf, folder, clock, say).tell();
        say.plain("");
        say.plain("Everything was as it should be.");
        if (serve) {
            Account account = fillWallet(shop.origin(), folder);
            String money = Money.of(account.available(), account.currency()).format();
            new DemoLines(shop.origin(), folder, say).print(money);
            shop.join();
        }
    }

    private Account fillWallet(Origin origin, DemoFolder folder) throws IOException, InterruptedException {
        Path wallet = folder.wallet();
        Purse purse = Files.isDirectory(wallet) ? Purse.open(wallet) : Purse.create(wallet, new SecureRandom());
        WalletApi wallets = new WalletApi(HttpClient.newHttpClient(), purse, clock, true);
        wallets.register(origin);
        CurrencyId currency = Shown.usualCurrency(POCKET_MONEY);
        String secret = Files.readString(KeyFiles.in(folder.keys()).adminFile()).strip();
        String once = "demo-" + clock.instant().toEpochMilli();
        return wallets.topUp(origin, currency, POCKET_MONEY.toAmount(currency), once, secret);
    }
}
