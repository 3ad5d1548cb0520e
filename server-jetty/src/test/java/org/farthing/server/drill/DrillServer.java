package org.farthing.server.drill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;

/**
 * A server with books, to be killed. Told {@code arm STEP}, it stops there; told {@code books WALLET} it says what is in them. It ends
 * when nobody tells it anything any more.
 */
final class DrillServer {

    /** How long a request waits for the ledger: only against hanging, a machine may be busy. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Server server;
    private final Origin origin;
    private final Ledger ledger;
    private final StopPoint stop = new StopPoint();

    /** On loopback, with books that are made if they are not there. */
    DrillServer(int port, Path store) {
        QueuedThreadPool threads = new QueuedThreadPool();
        server = new Server(threads);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        origin = new Origin("http://127.0.0.1:" + port);
        ledger = SqliteLedger.open(store, LedgerOptions.builder(threads).build());
    }

    Server server() {
        return server;
    }

    Origin origin() {
        return origin;
    }

    StopPoint stop() {
        return stop;
    }

    /** The books themselves, for who only looks. */
    Ledger ledger() {
        return ledger;
    }

    /** The books, with the steps at which it can be stopped. */
    Ledger watched() {
        return stop.watch(ledger);
    }

    /** Serves and obeys until its input ends. */
    void run(Handler handler, BiFunction<Ledger, String, CompletionStage<String>> books) throws Exception {
        server.setHandler(handler);
        server.start();
        Lines.say("ready");
        Lines.hear(line -> {
            if (line.startsWith("books ")) {
                books.apply(ledger, line.substring("books ".length()))
                        .whenComplete((said, failure) -> Lines.say(line + " " + (failure == null ? said : failure)));
            } else {
                stop.arm(line.substring("arm ".length()));
            }
        });
        server.stop();
    }

    /** What the check found, in one line. */
    static String findings(CheckReport check) {
        return check.findings().stream()
                .map(String::valueOf)
                .collect(Collectors.joining("; "))
                .replace('\n', ' ');
    }
}
