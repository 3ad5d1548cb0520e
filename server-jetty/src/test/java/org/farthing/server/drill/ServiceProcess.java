package org.farthing.server.drill;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.WalletHandler;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.TokenKeys;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Housekeeping;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.trust.KeyDocuments;

/** A wallet service to be killed: FOLDER PORT. Told {@code arm STEP}, it stops there; told {@code books WALLET} it says what is in them. */
final class ServiceProcess {

    private ServiceProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        DrillServer drill = new DrillServer(Integer.parseInt(arguments[1]), folder.resolve("service.db"));
        TokenKeys keys = KeyFiles.in(folder.resolve("service-keys")).loadWalletService(Instant.now());
        try (KeyDocuments documents = KeyDocuments.open(InstantSource.system(), true)) {
            WalletHandler routes = WalletHandler.builder(drill.origin(), drill.watched())
                    .service(keys, documents)
                    .loopback()
                    .ledgerDeadline(DrillServer.PATIENCE)
                    .build();
            drill.server().addBean(Housekeeping.start(drill.ledger(), Duration.ofSeconds(1)));
            drill.run(new KeysHandler(keys.directory(drill.origin()), routes), ServiceProcess::books);
        }
    }

    /** AVAILABLE HELD, and what the check found. */
    private static CompletionStage<String> books(Ledger ledger, String wallet) {
        return ledger.accounts(wallet).thenCombine(ledger.check(), (accounts, check) -> {
            Account account = accounts.get(0);
            return account.available() + " " + account.held() + " "
                    + (check.sound() ? "sound" : DrillServer.findings(check));
        });
    }
}
