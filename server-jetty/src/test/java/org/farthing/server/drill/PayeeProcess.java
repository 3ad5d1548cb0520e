package org.farthing.server.drill;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Housekeeping;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.OutboxItem;
import org.farthing.server.ledger.SqliteLedger;

/**
 * A payee to be killed: FOLDER PORT SERVICE-PORT. It sells {@code /docs/*} and fails to serve {@code /docs/fail}. Told {@code
 * arm STEP}, it stops there, and told {@code go on} its handler does; told {@code drained?}, it says so once its outbox is empty.
 */
final class PayeeProcess {

    private PayeeProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        Origin origin = new Origin("http://127.0.0.1:" + port);
        Origin service = new Origin("http://127.0.0.1:" + arguments[2]);
        ServerKeys keys = KeyFiles.in(folder.resolve("payee-keys")).load(Instant.now());
        QueuedThreadPool threads = new QueuedThreadPool();
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        StopPoint stop = new StopPoint();
        Ledger ledger = SqliteLedger.open(
                folder.resolve("payee.db"), LedgerOptions.builder(threads).build());
        PaymentHandler paid = PaymentHandler.builder(origin.text())
                .loopback()
                .keys(keys.signingAt(Instant.now()).orElseThrow())
                .secrets(keys.secrets())
                .ledger(stop.watch(ledger))
                .ledgerDeadline(DrillServer.PATIENCE)
                .walletService(service.text())
                .onlyWalletServices()
                .price("/docs/*", "0.002usd")
                .build(new Shop(stop));
        server.setHandler(new KeysHandler(keys.directory(origin, List.of(service)), paid));
        server.start();
        server.addBean(Housekeeping.start(ledger, Duration.ofSeconds(1)));
        Lines.say("ready");
        Lines.hear(line -> {
            if (line.equals("drained?")) {
                sayWhenDrained(ledger);
            } else if (line.equals("go on")) {
                stop.goOn();
            } else {
                stop.arm(line.substring("arm ".length()));
            }
        });
        server.stop();
    }

    /** Asks the books now and then, without holding up a thread. */
    private static void sayWhenDrained(Ledger ledger) {
        ledger.outbox().items(OutboxItem.State.WAITING, 0, 1).thenAccept(waiting -> {
            if (waiting.isEmpty()) {
                Lines.say("drained");
            } else {
                CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(() -> sayWhenDrained(ledger));
            }
        });
    }

    private static final class Shop extends Handler.Abstract {

        private final StopPoint stop;

        Shop(StopPoint stop) {
            this.stop = stop;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Lines.say("handling");
            var unused = stop.at("in handler").thenRun(() -> serve(request, response, callback));
            return true;
        }

        private static void serve(Request request, Response response, Callback callback) {
            if (request.getHttpURI().getPath().equals("/docs/fail")) {
                Response.writeError(request, response, callback, HttpStatus.INTERNAL_SERVER_ERROR_500);
                return;
            }
            byte[] text = "bought".getBytes(StandardCharsets.UTF_8);
            response.write(true, ByteBuffer.wrap(text), callback);
        }
    }
}
