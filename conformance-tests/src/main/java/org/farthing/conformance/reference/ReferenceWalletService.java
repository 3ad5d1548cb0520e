package org.farthing.conformance.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.WalletHandler;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.TokenKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.Payee;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.trust.KeyDocuments;

/** A real wallet service on loopback, with books, keys and an origin of its own. */
public final class ReferenceWalletService implements AutoCloseable {

    private static final String KEYS = "wallet-service-keys";
    private static final String STORE = "wallet-service.db";
    /** Suites open wallets by the dozen from one address. */
    private static final int OPENINGS_PER_HOUR = 10_000;

    private final Loopback at;
    private final Ledger ledger;
    private final KeyDocuments documents;
    private final KeyFiles keys;

    private ReferenceWalletService(Loopback at, Ledger ledger, KeyDocuments documents, KeyFiles keys) {
        this.at = at;
        this.ledger = ledger;
        this.documents = documents;
        this.keys = keys;
    }

    static ReferenceWalletService open(ReferenceFolder folder, int port, ReferenceSettings settings)
            throws IOException {
        InstantSource clock = settings.clock();
        KeyFiles files = KeyFiles.in(folder.file(KEYS));
        if (!Files.isDirectory(files.folder())) {
            files.initWalletService(Algorithm.ED25519, clock.instant(), new SecureRandom());
        }
        TokenKeys keys = files.loadWalletService(clock.instant());
        Loopback at = Loopback.listen(port);
        Ledger ledger = SqliteLedger.open(
                folder.file(STORE),
                LedgerOptions.builder(at.server().getThreadPool()).clock(clock).build());
        KeyDocuments documents = KeyDocuments.open(clock, true);
        WalletHandler routes = WalletHandler.builder(at.origin(), ledger)
                .clock(clock)
                .admin(keys::admin)
                .registrationsPerHour(OPENINGS_PER_HOUR)
                .service(keys, documents)
                .loopback()
                .build();
        at.server().addBean(new LedgerLife(ledger));
        at.server()
                .setHandler(new GracefulHandler(
                        settings.around().apply(new KeysHandler(keys.directory(at.origin()), routes))));
        LifeCycle.start(at.server());
        return new ReferenceWalletService(at, ledger, documents, files);
    }

    /** Makes payments to a payee from now on; its keys are fetched when its first challenge comes. */
    void admit(Origin payee) {
        var unused = ledger.payees()
                .put(payee.text(), false, Payee.Status.ACTIVE, null)
                .toCompletableFuture()
                .join();
    }

    /** What orders name as their ledger and tokens as their issuer. */
    public Origin origin() {
        return at.origin();
    }

    /** The file with the administrator's secret. */
    public Path adminFile() {
        return keys.adminFile();
    }

    /** Its books. */
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public void close() {
        LifeCycle.stop(at.server());
        documents.close();
    }
}
