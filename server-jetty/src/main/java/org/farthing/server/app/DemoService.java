package org.farthing.server.app;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.wallet.PayeeRegistration;
import org.farthing.protocol.wallet.RegisteredPayee;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.ledger.Ledger;

/** The demo's wallet service: an origin, keys and books of its own, and nothing in common with the shop but a line of HTTP. */
final class DemoService implements AutoCloseable {

    private final RunningWalletService service;
    private final KeyFiles keys;

    private DemoService(RunningWalletService service, KeyFiles keys) {
        this.service = service;
        this.keys = keys;
    }

    /** Opens it on a port of loopback, 0 for any free one. */
    static DemoService open(DemoFolder folder, int port, InstantSource clock) throws IOException {
        KeyFiles keys = KeyFiles.in(folder.serviceKeys());
        if (!Files.isDirectory(folder.serviceKeys())) {
            keys.initWalletService(Algorithm.ED25519, clock.instant(), new SecureRandom());
        }
        WalletServiceConfig config = new WalletServiceConfig(
                StoreAddress.of(folder.serviceStore()),
                keys,
                new Listening("127.0.0.1", port, Optional.empty(), false),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                clock);
        return new DemoService(RunningWalletService.open(config), keys);
    }

    Origin origin() {
        return service.origin();
    }

    Ledger ledger() {
        return service.ledger();
    }

    /** What its operator has and nobody else. */
    String administratorSecret() throws IOException {
        return Files.readString(keys.adminFile()).strip();
    }

    /** Does what its operator does before a shop is paid: takes it into the registry, with the keys it publishes. */
    RegisteredPayee admit(Origin shop) throws IOException {
        AdminCalls calls = new AdminCalls(origin().text(), administratorSecret());
        return new RemotePayees(calls).put(new PayeeRegistration(shop, false, false));
    }

    @Override
    public void close() {
        service.close();
    }
}
