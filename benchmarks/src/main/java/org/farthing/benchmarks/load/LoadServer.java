package org.farthing.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.jetty.PaymentHandlerBuilder;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;

/**
 * The server under load: plain, with bare unsigned challenges, and behind the payment handler, once for orders against its own
 * ledger and once for receipt tokens of a wallet service, each on a port of its own and each payee with books of its own. A last
 * one has its challenges prepared.
 */
public final class LoadServer {

    private static final String PRICE = "0.0005usd";

    /** Everything a run sells: it measures the payee, not the trust it has. */
    private static final String EXPOSURE = "1000000usd";

    private static final long LOOK_AGAIN_MILLIS = 100;

    /** More than a sample of a second can take. */
    static final int PREPARED = 150_000;

    private LoadServer() {}

    /**
     * Runs until its standard input ends. It answers, about the payee that takes receipt tokens, {@code drained?} when nothing
     * is left to collect, {@code books} and {@code check}; about the one that prepares challenges, {@code prepared?} with their
     * number when no more are made.
     *
     * @param args the folder with {@link LoadKeys}, and the wallet service's port
     * @throws Exception if it cannot start
     */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Origin service = LoadPort.origin(Integer.parseInt(args[1]));
        LoadKeys keys = LoadKeys.read(folder);
        Server plain = new Server();
        LoadPort.listen(plain, 0, new Document());
        Server unsigned = new Server();
        LoadChallenges challenges = LoadChallenges.forOrders(keys, new Origin("http://127.0.0.1"));
        LoadPort.listen(unsigned, 0, new UnsignedChallenges(challenges));
        Server byOrder = new Server();
        Server byToken = new Server();
        Server prepared = new Server();
        try (Ledger orders = ledger(byOrder, folder.resolve("orders.db"));
                Ledger tokens = ledger(byToken, folder.resolve("tokens.db"))) {
            int orderPort = LoadPort.free();
            PaymentHandler signing =
                    payee(LoadPort.origin(orderPort), keys, orders).build(new Document());
            signing.setPreparedChallenges(0);
            LoadPort.listen(byOrder, orderPort, signing);
            keys.fund(orders);
            int tokenPort = LoadPort.free();
            LoadPort.listen(byToken, tokenPort, collecting(LoadPort.origin(tokenPort), keys, tokens, service));
            int preparedPort = LoadPort.free();
            PaymentHandler preparing = preparing(LoadPort.origin(preparedPort), keys, orders);
            LoadPort.listen(prepared, preparedPort, preparing);
            System.out.println("ready " + port(plain) + " " + port(unsigned) + " " + orderPort + " " + tokenPort + " "
                    + preparedPort);
            answer(tokens, preparing);
            prepared.stop();
            byOrder.stop();
            byToken.stop();
        }
    }

    private static Ledger ledger(Server server, Path file) {
        return SqliteLedger.open(
                file, LedgerOptions.builder(server.getThreadPool()).build());
    }

    private static PaymentHandlerBuilder payee(Origin origin, LoadKeys keys, Ledger ledger) {
        return PaymentHandler.builder(origin.text())
                .keys(keys.payee())
                .secrets(keys.ring())
                .ledger(ledger)
                .price("/paid", PRICE)
                .loopback();
    }

    /** Time stands still there, so that what is asked for in a second is all that was ever asked for, and nothing gets old. */
    private static PaymentHandler preparing(Origin origin, LoadKeys keys, Ledger ledger) {
        Instant now = Instant.now();
        PaymentHandler preparing = payee(origin, keys, ledger).build(new Document());
        preparing.setClock(() -> now);
        preparing.setPreparedChallenges(PREPARED);
        return preparing;
    }

    /** With the key document, by which the wallet service knows who collects. */
    private static Handler collecting(Origin origin, LoadKeys keys, Ledger ledger, Origin service) {
        PaymentHandler paid = payee(origin, keys, ledger)
                .walletService(service.text())
                .onlyWalletServices()
                .exposure(EXPOSURE)
                .build(new Document());
        KeyDirectory directory = new KeyDirectory(
                List.of(keys.payee().publicKey()),
                origin.text(),
                List.of(origin.text()),
                List.of(origin.realm()),
                true,
                List.of(service.text()));
        return new KeysHandler(directory, paid);
    }

    private static void answer(Ledger tokens, PaymentHandler preparing) throws IOException, InterruptedException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(
                    switch (line) {
                        case "drained?" -> drained(tokens).toCompletableFuture().join();
                        case "prepared?" -> Integer.toString(prepared(preparing));
                        case "books" -> Books.of(tokens).format();
                        case "check" -> Books.check(tokens);
                        default -> throw new IOException("not a word of this process: " + line);
                    });
        }
    }

    private static int prepared(PaymentHandler preparing) throws InterruptedException {
        int before = -1;
        int now = preparing.getPreparedChallenges();
        while (now != before) {
            Thread.sleep(LOOK_AGAIN_MILLIS);
            before = now;
            now = preparing.getPreparedChallenges();
        }
        return now;
    }

    /** When nothing waits, no request is under way, and the service owes nothing it has not confirmed. */
    private static CompletionStage<String> drained(Ledger ledger) {
        return ledger.outbox().status().thenCompose(statuses -> {
            if (statuses.stream().anyMatch(status -> status.failed() > 0)) {
                return CompletableFuture.completedStage("failed: " + statuses);
            }
            boolean done = statuses.stream().allMatch(status -> status.waiting() == 0 && status.exposure() == 0);
            return done ? CompletableFuture.completedStage("drained") : drainedLater(ledger);
        });
    }

    private static CompletionStage<String> drainedLater(Ledger ledger) {
        return CompletableFuture.supplyAsync(
                        () -> ledger, CompletableFuture.delayedExecutor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS))
                .thenCompose(LoadServer::drained);
    }

    private static int port(Server server) {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }
}
