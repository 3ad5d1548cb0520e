package org.farthing.conformance.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.method.WalletOrderMethod;
import org.jspecify.annotations.Nullable;

/**
 * A real paywall on loopback with a page for every case of the server suite, its own ledger, and a wallet with money in it
 * (specification: conformance.md, F-CO-50 to F-CO-52). When {@link #open} returns, it serves.
 */
public final class ReferenceServer implements AutoCloseable {

    private static final String KEYS = "keys";
    private static final String STORE = "ledger.db";
    private static final String COUPON = "coupon.secret";

    private final ReferenceFolder folder;
    private final Loopback at;
    private final Ledger ledger;
    private final KeyFiles keys;
    private final ReferenceWallet wallet;
    private final @Nullable ReferenceWalletService service;
    private final Path config;
    private final @Nullable ReferenceMint mint;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ReferenceServer(
            ReferenceFolder folder,
            Loopback at,
            Ledger ledger,
            KeyFiles keys,
            ReferenceWallet wallet,
            @Nullable ReferenceWalletService service,
            Path config,
            @Nullable ReferenceMint mint) {
        this.folder = folder;
        this.at = at;
        this.ledger = ledger;
        this.keys = keys;
        this.wallet = wallet;
        this.service = service;
        this.config = config;
        this.mint = mint;
    }

    /**
     * Starts it.
     *
     * @throws IOException if the folder or the port cannot be used
     */
    public static ReferenceServer open(ReferenceSettings settings) throws IOException {
        ReferenceFolder folder = ReferenceFolder.of(settings.folder());
        ReferenceWalletService service = null;
        boolean started = false;
        try {
            if (settings.walletService()) {
                int port = settings.port() == 0 ? 0 : settings.port() + 1;
                service = ReferenceWalletService.open(folder, port, settings);
            }
            ReferenceServer opened = open(settings, folder, service);
            started = true;
            return opened;
        } finally {
            if (!started) {
                if (service != null) {
                    service.close();
                }
                folder.close();
            }
        }
    }

    private static ReferenceServer open(
            ReferenceSettings settings, ReferenceFolder folder, @Nullable ReferenceWalletService service)
            throws IOException {
        KeyFiles files = KeyFiles.in(folder.file(KEYS));
        if (!Files.isDirectory(files.folder())) {
            files.init(Algorithm.ED25519, settings.clock().instant(), new SecureRandom());
        }
        ServerKeys keys = files.load(settings.clock().instant());
        ReferenceWallet wallet = ReferenceWallet.in(folder, "wallet.jwk");
        ReferenceWallet second = ReferenceWallet.in(folder, "second-wallet.jwk");
        ReferenceWallet house = ReferenceWallet.in(folder, "house.jwk");
        String coupon = folder.secret(COUPON);
        Loopback at = Loopback.listen(settings.port());
        Origin otherRealm = at.another();
        Ledger ledger = SqliteLedger.open(
                folder.file(STORE),
                LedgerOptions.builder(at.server().getThreadPool())
                        .clock(settings.clock())
                        .build());
        at.server().addBean(new LedgerLife(ledger));
        List<Origin> origins = List.of(at.origin(), otherRealm);
        ReferenceMint mint = ReferenceMint.open(settings, folder, at, origins, ledger);
        ReferenceTill till = new ReferenceTill(
                settings,
                keys,
                ledger,
                List.of(new WalletOrderMethod(ledger), new CouponMethod(ledger, house, coupon)),
                mint,
                service);
        at.server().setHandler(new GracefulHandler(settings.around().apply(till.handlers(origins))));
        LifeCycle.start(at.server());
        wallet.fill(ledger, settings.clock().instant());
        second.fill(ledger, settings.clock().instant());
        house.fill(ledger, settings.clock().instant());
        if (service != null) {
            service.admit(at.origin());
            wallet.fill(service.ledger(), settings.clock().instant());
        }
        if (mint != null) {
            mint.payee().register(ledger);
        }
        Path config = ReferenceConfig.write(
                folder, at.origin(), otherRealm, List.of(wallet.file(), second.file()), service, mint);
        return new ReferenceServer(folder, at, ledger, files, wallet, service, config, mint);
    }

    /** Where it is: what is paid. */
    public Origin origin() {
        return at.origin();
    }

    /** The config file of the server suite, with every page and how to pay. */
    public Path config() {
        return config;
    }

    /** The file with the private key of the wallet that has money, here and at the wallet service. */
    public Path walletFile() {
        return wallet.file();
    }

    /** The file with the secret of method {@code coupon}. */
    public Path couponFile() {
        return folder.file(COUPON);
    }

    /** The id of that wallet. */
    public String walletId() {
        return wallet.id();
    }

    /** The file with the administrator's secret, for top-ups. */
    public Path adminFile() {
        return keys.adminFile();
    }

    /** Its books. */
    public Ledger ledger() {
        return ledger;
    }

    /** The wallet service beside it, if there is one. */
    public Optional<ReferenceWalletService> service() {
        return Optional.ofNullable(service);
    }

    /** Whether it issues blind tokens, and takes them. */
    public boolean issuesTokens() {
        return mint != null;
    }

    /** Waits until it is stopped. */
    public void join() throws InterruptedException {
        at.server().join();
    }

    /** Finishes the requests under way, closes the books, and removes a temporary folder. */
    @Override
    public void close() throws IOException {
        if (closed.getAndSet(true)) {
            return;
        }
        LifeCycle.stop(at.server());
        if (mint != null) {
            mint.close();
        }
        if (service != null) {
            service.close();
        }
        folder.close();
    }
}
