package org.farthing.server.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Payee;
import org.farthing.server.token.AcceptedTokens;

/** The demo's mint: an origin, keys and books of its own. Wallets buy tokens here; the shop takes them and is credited here. */
final class DemoMint implements AutoCloseable {

    private static final String WORDS = """
            <!doctype html>
            <html lang="en">
            <title>A mint</title>
            <p>This server sells blind tokens and takes them back. Buy some: <code>farthing tokens buy</code>.</p>
            </html>
            """;

    private final DocumentShop mint;
    private final TokenValues values;
    private final KeyFiles keys;

    private DemoMint(DocumentShop mint, TokenValues values, KeyFiles keys) {
        this.mint = mint;
        this.values = values;
        this.keys = keys;
    }

    /** Opens it on a port of loopback, 0 for any free one. Making its keys takes a few seconds. */
    static DemoMint open(DemoFolder folder, int port, InstantSource clock) throws IOException {
        Path home = folder.mint(port);
        Path site = home.resolve("site");
        Files.createDirectories(site);
        KeyFiles keys = KeyFiles.in(home.resolve("keys"));
        if (!Files.isDirectory(keys.folder())) {
            keys.init(Algorithm.ED25519, clock.instant(), new SecureRandom());
        }
        Files.writeString(site.resolve(Folder.WELCOME), WORDS);
        TokenValues values = TokenValues.of(TokenValues.usualSmallest("usd"), List.of());
        ShopConfig config = ShopConfig.builder(site, home.resolve("ledger.db"), keys, "0.01usd")
                .free(Folder.WELCOME)
                .listen("127.0.0.1", port)
                .tokens(new TokenTrade.OwnMint(
                        home.resolve("token-keys"), values, List.of(), AcceptedTokens.DEFAULT_TOKENS))
                .clock(clock)
                .build();
        return new DemoMint(DocumentShop.open(config), values, keys);
    }

    Origin origin() {
        return mint.origin();
    }

    Ledger ledger() {
        return mint.ledger();
    }

    TokenValues values() {
        return values;
    }

    /** What its operator has and nobody else. */
    String administratorSecret() throws IOException {
        return Files.readString(keys.adminFile()).strip();
    }

    /** Does what {@code --token-payee} does: whatever this shop presents is credited to it. */
    void admit(Origin shop) {
        var unused = ledger().payees()
                .put(shop.text(), false, Payee.Status.ACTIVE, null)
                .toCompletableFuture()
                .join();
    }

    @Override
    public void close() {
        mint.close();
    }
}
