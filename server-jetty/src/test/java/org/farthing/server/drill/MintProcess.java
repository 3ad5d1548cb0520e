package org.farthing.server.drill;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Handler;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.MintHandler;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Solvency;
import org.farthing.server.mint.Mint;
import org.farthing.server.mint.MintKeys;
import org.farthing.server.mint.TestMint;
import org.farthing.server.trust.KeyDocuments;

/**
 * A mint to be killed: FOLDER PORT BEGIN, the second its keys begin in. Told {@code arm STEP}, it stops there; told {@code books
 * WALLET} it says what is in them.
 */
final class MintProcess {

    private MintProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        DrillServer drill = new DrillServer(Integer.parseInt(arguments[1]), folder.resolve("mint.db"));
        ServerKeys keys = KeyFiles.in(folder.resolve("mint-keys")).load(Instant.now());
        MintKeys epoch = MintKeys.of(TestMint.epoch(Instant.ofEpochSecond(Long.parseLong(arguments[2]))));
        Mint mint = Mint.builder(drill.origin(), drill.watched(), epoch, TestMint.CURRENCY, TestMint.LADDER)
                .bundle(Map.of(1L, 2, 2L, 1, 4L, 1, 8L, 1, 16L, 1))
                .build();
        try (KeyDocuments documents = KeyDocuments.open(InstantSource.system(), true)) {
            MintHandler routes = MintHandler.builder(
                            mint,
                            PaymentHandler.builder(drill.origin().text())
                                    .loopback()
                                    .keys(keys.signingAt(Instant.now()).orElseThrow())
                                    .secrets(keys.secrets()))
                    .payees(documents)
                    .ledgerDeadline(DrillServer.PATIENCE)
                    .build();
            Handler handler = new KeysHandler(keys.directory(drill.origin()), routes);
            drill.run(new Wire(drill.stop(), handler), MintProcess::books);
        }
    }

    /** AVAILABLE HELD TOKENS PAYEES, and what the check and the count of tokens found. */
    private static CompletionStage<String> books(Ledger ledger, String wallet) {
        return ledger.accounts(wallet).thenCompose(accounts -> {
            Account account = accounts.get(0);
            return ledger.totals()
                    .thenCompose(totals -> ledger.tokens()
                            .solvency()
                            .thenCompose(keys -> ledger.check().thenApply(check -> {
                                boolean solvent = keys.stream().allMatch(Solvency::sound);
                                return account.available() + " " + account.held() + " "
                                        + totals.get(0).tokens() + " "
                                        + totals.get(0).payees() + " "
                                        + (check.sound() && solvent
                                                ? "sound"
                                                : "unsound " + DrillServer.findings(check));
                            })));
        });
    }
}
