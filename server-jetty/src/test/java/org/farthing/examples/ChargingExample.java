package org.farthing.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.jetty.WalletHandler;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Housekeeping;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;

/** A Jetty server that charges for its documents. */
final class ChargingExample {

    private ChargingExample() {}

    /** What must be closed when the server stops, in this order. */
    record Books(Housekeeping housekeeping, Ledger ledger) {}

    static Books charge(Server server, Origin origin, Path keyFolder, Path store, Handler documents)
            throws IOException {
        // readme: begin
        ServerKeys keys = KeyFiles.in(keyFolder).load(Instant.now());
        Ledger ledger = SqliteLedger.open(
                store, LedgerOptions.builder(server.getThreadPool()).build());
        Housekeeping housekeeping = Housekeeping.start(ledger, Duration.ofSeconds(5));
        PaymentHandler paid = PaymentHandler.builder(origin.text())
                .keys(keys.signingAt(Instant.now()).orElseThrow())
                .secrets(keys.secrets())
                .ledger(ledger)
                .price("/docs/*", "0.002usd")
                .loopback() // for development on http://127.0.0.1; leave it out with an https origin
                .build(documents);
        Handler wallets = WalletHandler.builder(origin, ledger).handler(paid).build();
        server.setHandler(new KeysHandler(keys.directory(origin), wallets));
        // readme: end
        return new Books(housekeeping, ledger);
    }
}
