package org.farthing.server.drill;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.protocol.Amount;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.jetty.RemoteTokens;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.Totals;
import org.farthing.server.mint.TestMint;
import org.farthing.server.offer.Offer;

/**
 * A payee that takes the tokens of a mint elsewhere, to be killed: FOLDER PORT MINT-PORT. {@code /docs/*} costs a token of 1, and
 * {@code /docs/fail} fails. Told {@code arm STEP}, it stops there; told {@code drained} it says so once nothing waits for the
 * mint, and told {@code books all} what is in them.
 */
final class TokenPayeeProcess {

    private static final Duration REST = Duration.ofMillis(100);

    private TokenPayeeProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        Origin origin = new Origin("http://127.0.0.1:" + port);
        ServerKeys keys = KeyFiles.in(folder.resolve("payee-keys")).load(Instant.now());
        QueuedThreadPool threads = new QueuedThreadPool();
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(16 * 1024);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
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
                .tokens(RemoteTokens.of("http://127.0.0.1:" + arguments[2]).withUploadEvery(REST))
                .price(
                        "/docs/*",
                        Offer.of(Amount.of(1), TestMint.CURRENCY)
                                .methods("token")
                                .build())
                .build(new Shop(stop));
        server.setHandler(new Wire(stop, new KeysHandler(keys.directory(origin, List.of()), paid)));
        server.start();
        sayWhenReady(paid);
        Lines.hear(line -> {
            if (line.equals("drained")) {
                sayWhenDrained(ledger);
            } else if (line.equals("books all")) {
                ledger.totals().thenAcceptBoth(ledger.check(), (totals, check) -> {
                    Lines.say(line + " "
                            + totals.stream().mapToLong(Totals::receivable).sum() + " "
                            + (check.sound()
                                    ? "sound"
                                    : check.findings().stream()
                                            .map(String::valueOf)
                                            .collect(Collectors.joining("; "))
                                            .replace('\n', ' ')));
                });
            } else {
                stop.arm(line.substring("arm ".length()));
            }
        });
        server.stop();
    }

    /** Only with the mint's directory is anything offered. */
    private static void sayWhenReady(PaymentHandler paid) {
        if (paid.isReady()) {
            Lines.say("ready");
        } else {
            later(() -> sayWhenReady(paid));
        }
    }

    private static void sayWhenDrained(Ledger ledger) {
        ledger.tokens().uploadItems(null, 0, 1).thenAccept(waiting -> {
            if (waiting.isEmpty()) {
                Lines.say("drained");
            } else {
                later(() -> sayWhenDrained(ledger));
            }
        });
    }

    private static void later(Runnable task) {
        CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS).execute(task);
    }

    private static final class Shop extends Handler.Abstract.NonBlocking {

        private final StopPoint stop;

        Shop(StopPoint stop) {
            this.stop = stop;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            var unused = stop.at("in handler").thenRun(() -> serve(request, response, callback));
            return true;
        }

        private static void serve(Request request, Response response, Callback callback) {
            if (request.getHttpURI().getPath().equals("/docs/fail")) {
                Response.writeError(request, response, callback, HttpStatus.INTERNAL_SERVER_ERROR_500);
                return;
            }
            response.write(true, ByteBuffer.wrap("bought".getBytes(StandardCharsets.UTF_8)), callback);
        }
    }
}
