package org.farthing.server.drill;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.WalletHandler;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.TokenKeys;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Housekeeping;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.trust.KeyDocuments;

/** A wallet service to be killed: FOLDER PORT. Told {@code arm STEP}, it stops there; told {@code books WALLET} it says what is in them. */
final class ServiceProcess {

    private ServiceProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        Origin origin = new Origin("http://127.0.0.1:" + port);
        TokenKeys keys = KeyFiles.in(folder.resolve("service-keys")).loadWalletService(Instant.now());
        QueuedThreadPool threads = new QueuedThreadPool();
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        StopPoint stop = new StopPoint();
        Ledger ledger = SqliteLedger.open(
                folder.resolve("service.db"), LedgerOptions.builder(threads).build());
        try (KeyDocuments documents = KeyDocuments.open(InstantSource.system(), true)) {
            WalletHandler routes = WalletHandler.builder(origin, stop.watch(ledger))
                    .service(keys, documents)
                    .loopback()
                    .build();
            server.setHandler(new KeysHandler(keys.directory(origin), routes));
            server.start();
            server.addBean(Housekeeping.start(ledger, Duration.ofSeconds(1)));
            Lines.say("ready");
            Lines.hear(line -> {
                if (line.startsWith("books ")) {
                    books(ledger, line.substring("books ".length()))
                            .whenComplete(
                                    (books, failure) -> Lines.say(line + " " + (failure == null ? books : failure)));
                } else {
                    stop.arm(line.substring("arm ".length()));
                }
            });
            server.stop();
        }
    }

    /** AVAILABLE HELD, and what the check found. */
    private static CompletionStage<String> books(Ledger ledger, String wallet) {
        return ledger.accounts(wallet).thenCombine(ledger.check(), (accounts, check) -> {
            Account account = accounts.get(0);
            String findings = check.findings().stream().map(String::valueOf).collect(Collectors.joining("; "));
            return account.available() + " " + account.held() + " "
                    + (check.sound() ? "sound" : findings.replace('\n', ' '));
        });
    }
}
