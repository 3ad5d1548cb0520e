package org.farthing.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.jetty.server.Server;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.WalletHandler;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.TokenKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.Payee;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.trust.KeyDocuments;

/** The wallet service at which the payee under load collects, with books of its own. */
public final class LoadService {

    /** Those of a sample that wrk does not come to stay held for the rest of the run. */
    private static final int HOLDS_OF_A_WALLET = 1_000_000;

    private final Ledger ledger;
    private final LoadTokens tokens;

    private LoadService(Ledger ledger, LoadTokens tokens) {
        this.ledger = ledger;
        this.tokens = tokens;
    }

    /**
     * Runs until its standard input ends. It answers {@code payee PORT} by registering that payee, {@code mint PORT COUNT FILE}
     * by writing credentials for it, {@code books} and {@code check}.
     *
     * @param args the folder with {@link LoadKeys}
     * @throws Exception if it cannot start
     */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        LoadKeys payers = LoadKeys.read(folder);
        TokenKeys keys = keys(folder.resolve("service-keys"));
        int port = LoadPort.free();
        Origin origin = LoadPort.origin(port);
        Server server = new Server();
        LedgerOptions options = LedgerOptions.builder(server.getThreadPool())
                .maxHolds(HOLDS_OF_A_WALLET)
                .build();
        try (Ledger ledger = SqliteLedger.open(folder.resolve("service.db"), options);
                KeyDocuments documents = KeyDocuments.open(InstantSource.system(), true)) {
            WalletHandler routes = WalletHandler.builder(origin, ledger)
                    .service(keys, documents)
                    .loopback()
                    .build();
            LoadPort.listen(server, port, new KeysHandler(keys.directory(origin), routes));
            payers.fund(ledger);
            LoadTokens tokens =
                    new LoadTokens(payers, origin, keys.signingAt(Instant.now()).orElseThrow(), ledger);
            System.out.println("ready " + port);
            new LoadService(ledger, tokens).answer();
            server.stop();
        }
    }

    private static TokenKeys keys(Path folder) throws IOException {
        KeyFiles files = KeyFiles.in(folder);
        files.initWalletService(Algorithm.ED25519, Instant.now(), new SecureRandom());
        return files.loadWalletService(Instant.now());
    }

    private void answer() throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(answer(line.split(" ", -1)));
        }
    }

    private String answer(String[] words) throws IOException {
        return switch (words[0]) {
            case "payee" -> register(payee(words));
            case "mint" -> mint(payee(words), Integer.parseInt(words[2]), Path.of(words[3]));
            case "books" -> Books.of(ledger).format();
            case "check" -> Books.check(ledger);
            default -> throw new IOException("not a word of this process: " + words[0]);
        };
    }

    private static Origin payee(String[] words) {
        return LoadPort.origin(Integer.parseInt(words[1]));
    }

    private String register(Origin payee) {
        ledger.payees()
                .put(payee.text(), false, Payee.Status.ACTIVE, null)
                .toCompletableFuture()
                .join();
        return "registered";
    }

    private String mint(Origin payee, int count, Path file) throws IOException {
        Files.write(file, tokens.credentials(payee, count));
        return "minted";
    }
}
