package org.farthing.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.mint.Mint;
import org.farthing.server.token.AcceptedTokens;

/** The server of the run about blind tokens: plain, and a payee with a mint of its own books. */
public final class TokenServer {

    private static final String PRICE = "0.0005usd";

    private TokenServer() {}

    /**
     * Runs until its standard input ends. It answers {@code issue N FILE} when so many credentials with one token each are in the
     * file, {@code verify N} with the CPU time of one verification and {@code claim N} with that of one claim of a token and its
     * capture and with how long one takes, in microseconds, {@code books} and {@code check}.
     *
     * @param args the folder with {@link LoadKeys}
     * @throws Exception if it cannot start
     */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        LoadKeys keys = LoadKeys.read(folder);
        Server plain = new Server();
        LoadPort.listen(plain, 0, new Document());
        Server paid = new Server();
        Origin payee = LoadPort.origin(LoadPort.free());
        // The ledger's callers go on there, and the mint is one before anybody is served.
        LifeCycle.start(paid.getThreadPool());
        LedgerOptions options = LedgerOptions.builder(paid.getThreadPool()).build();
        try (Ledger ledger = SqliteLedger.open(folder.resolve("blind.db"), options)) {
            keys.fund(ledger);
            TokenSales sales = new TokenSales(keys, payee, ledger);
            Mint mint = sales.mint();
            mint.start();
            PaymentHandler handler = PaymentHandler.builder(payee.text())
                    .keys(keys.payee())
                    .secrets(keys.ring())
                    .ledger(ledger)
                    .tokens(AcceptedTokens.of(mint.acceptedIssuer()))
                    .price("/paid", PRICE)
                    .loopback()
                    .build(new Document());
            LoadPort.listen(paid, port(payee), handler);
            System.out.println(
                    "ready " + ((ServerConnector) plain.getConnectors()[0]).getLocalPort() + " " + port(payee));
            answer(sales, ledger);
            paid.stop();
            mint.close();
        }
        plain.stop();
    }

    private static int port(Origin origin) {
        return Integer.parseInt(origin.text().substring(origin.text().lastIndexOf(':') + 1));
    }

    private static void answer(TokenSales sales, Ledger ledger) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            System.out.println(
                    switch (words[0]) {
                        case "issue" -> sales.issue(Integer.parseInt(words[1]), Path.of(words[2]));
                        case "verify" -> sales.verify(Integer.parseInt(words[1]));
                        case "claim" -> sales.claim(Integer.parseInt(words[1]));
                        case "books" -> Books.of(ledger).format();
                        case "check" -> Books.check(ledger);
                        default -> throw new IOException("not a word of this process: " + line);
                    });
        }
    }
}
