package org.farthing.server.drill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Totals;
import org.farthing.server.offer.Offer;

/**
 * A payee with the books in its own hands, to be killed: STORE KEYS PORT ORIGIN NODE-LEASE. It sells {@code /docs/*}, paid after it was
 * served, and {@code /stream/*}, paid upfront; what ends in {@code /fail} fails. Told {@code arm STEP}, it stops there until
 * told {@code go on}; told {@code later} it is half a minute later, told {@code now} it is not any more, told {@code late} the time
 * of those is up who wait for the ledger, told {@code sweep} it sweeps, told {@code served} it
 * says how often its handler ran, and told {@code books WALLET} says what is in them.
 */
final class SellerProcess {

    private SellerProcess() {}

    static Child start(String store, Path keys, int port, Origin origin, Duration nodeLease) throws IOException {
        return Child.start(
                SellerProcess.class,
                store,
                keys.toString(),
                Integer.toString(port),
                origin.text(),
                nodeLease.toString());
    }

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[2]);
        ServerKeys keys = KeyFiles.in(Path.of(arguments[1])).load(Instant.now());
        QueuedThreadPool threads = new QueuedThreadPool();
        ToldScheduler time = new ToldScheduler();
        Server server = new Server(threads, time, null);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        StopPoint stop = new StopPoint();
        Shop shop = new Shop(stop);
        Ledger ledger = DrillStore.open(arguments[0], Duration.parse(arguments[4]), threads);
        PaymentHandler paid = PaymentHandler.builder(arguments[3])
                .loopback()
                .keys(keys.signingAt(Instant.now()).orElseThrow())
                .secrets(keys.secrets())
                .ledger(stop.watch(ledger))
                .ledgerDeadline(ToldScheduler.DEADLINE)
                .price("/docs/*", "0.002usd")
                .price("/stream/*", Offer.of("0.002usd").upfront().build())
                .build(shop);
        AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
        paid.setClock(() -> Instant.now().plus(Objects.requireNonNull(later.get())));
        server.setHandler(new Wire(stop, paid));
        server.start();
        Lines.say("ready");
        Lines.hear(line -> {
            if (line.equals("later")) {
                later.set(Duration.ofSeconds(31));
            } else if (line.equals("now")) {
                later.set(Duration.ZERO);
            } else if (line.equals("go on")) {
                stop.goOn();
            } else if (line.equals("late")) {
                Lines.say("late " + time.late());
            } else if (line.equals("served")) {
                Lines.say("served " + shop.served());
            } else if (line.equals("sweep")) {
                say(line, ledger.sweep().thenApply(report -> report.released() + report.refunded()));
            } else if (line.startsWith("books ")) {
                say(line, books(ledger, line.substring("books ".length())));
            } else {
                stop.arm(line.substring("arm ".length()));
            }
        });
        server.stop();
    }

    private static void say(String question, CompletionStage<?> answer) {
        answer.whenComplete((value, failure) -> Lines.say(question + " " + (failure == null ? value : failure)));
    }

    /** AVAILABLE HELD EARNED, and what the check found. */
    private static CompletionStage<String> books(Ledger ledger, String wallet) {
        return ledger.accounts(wallet).thenCompose(accounts -> {
            Account account = accounts.get(0);
            return ledger.totals()
                    .thenCompose(totals -> ledger.check().thenApply(check -> {
                        long earned = totals.stream().mapToLong(Totals::payees).sum();
                        String findings =
                                check.findings().stream().map(String::valueOf).collect(Collectors.joining("; "));
                        return account.available() + " " + account.held() + " " + earned + " "
                                + (check.sound() ? "sound" : findings.replace('\n', ' '));
                    }));
        });
    }

    private static final class Shop extends Handler.Abstract.NonBlocking {

        private final StopPoint stop;
        private final AtomicLong served = new AtomicLong();

        Shop(StopPoint stop) {
            this.stop = stop;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            served.incrementAndGet();
            var unused = stop.at("in handler").thenRun(() -> serve(request, response, callback));
            return true;
        }

        long served() {
            return served.get();
        }

        private static void serve(Request request, Response response, Callback callback) {
            List<String> path = List.of(request.getHttpURI().getPath().split("/"));
            if (path.contains("fail")) {
                Response.writeError(request, response, callback, HttpStatus.INTERNAL_SERVER_ERROR_500);
                return;
            }
            response.write(true, ByteBuffer.wrap("bought".getBytes(StandardCharsets.UTF_8)), callback);
        }
    }
}
