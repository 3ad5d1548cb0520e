package org.farthing.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.farthing.benchmarks.ledger.Purchases;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;

/** The server of R11: plain, behind a ledger that does nothing, and behind one that makes each request's charge durable. */
public final class HeldServer {

    private HeldServer() {}

    /**
     * Runs until its standard input ends. It answers {@code books} and {@code check} about the ledger.
     *
     * @param args the folder, and how long a group commit takes in microseconds
     * @throws Exception if it cannot start
     */
    public static void main(String[] args) throws Exception {
        Server plain = new Server();
        LoadPort.listen(plain, 0, new Document());
        Server echo = new Server();
        EchoLane lane = new EchoLane(echo.getThreadPool(), TimeUnit.MICROSECONDS.toNanos(Long.parseLong(args[1])));
        lane.start();
        listen(echo, Held.at(lane));
        Server held = new Server();
        LedgerOptions options = LedgerOptions.builder(held.getThreadPool()).build();
        try (Ledger ledger = SqliteLedger.open(Path.of(args[0], "held.db"), options)) {
            listen(held, Held.at(ledger, new Purchases()));
            Purchases.fund(ledger);
            System.out.println("ready " + port(plain) + " " + port(echo) + " " + port(held));
            answer(ledger);
            held.stop();
        }
        plain.stop();
        echo.stop();
    }

    private static void listen(Server server, Held.Till till) throws Exception {
        Handler handler = new Held(till, new Document());
        LoadPort.listen(server, 0, handler);
    }

    private static void answer(Ledger ledger) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(
                    switch (line) {
                        case "books" -> Books.of(ledger).format();
                        case "check" -> Books.check(ledger);
                        default -> throw new IOException("not a word of this process: " + line);
                    });
        }
    }

    private static int port(Server server) {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }
}
