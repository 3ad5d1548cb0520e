package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.farthing.client.wallet.StatementPage;
import org.farthing.client.wallet.Transfer;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code farthing wallet statement ORIGIN}. */
@Command(
        name = "statement",
        header = "List what went in and out of a wallet, the newest first.",
        description = {
            "",
            "The server's books, not yours: compare them with farthing journal list. A payment is a hold, when its money is"
                    + " set aside, and a capture, when the server takes it, or a release, when it gives it back.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  farthing wallet statement https://api.example.com")
final class WalletStatementCommand implements Callable<Integer> {

    private static final int MOST_LINES = 1000;

    private final Shell shell;

    @Parameters(paramLabel = "ORIGIN", converter = OriginConverter.class, description = "The server with the wallet.")
    private @Nullable Origin origin;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many lines at most, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--from", paramLabel = "CURSOR", description = "Go on where an earlier list said there is more.")
    private @Nullable String cursor;

    @Mixin
    private LoopbackOption loopback = new LoopbackOption();

    WalletStatementCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        if (origin == null || limit < 1 || limit > MOST_LINES) {
            throw CommandException.usage("say which server, and a --limit of 1 to " + MOST_LINES);
        }
        loopback.require(origin);
        try (Payments payments = Payments.open(shell)) {
            WalletApi wallets = loopback.wallets(shell, payments.purse());
            StatementPage page = wallets.statement(origin, limit, cursor);
            page.transfers().forEach(this::print);
            if (page.next() != null) {
                shell.say("there is more: --from " + Printable.line(page.next()));
            }
            return ExitCode.SERVED;
        }
    }

    private void print(Transfer transfer) {
        String note = transfer.note() == null ? "" : "  " + transfer.note();
        String payment = transfer.challengeId() == null ? "" : "  " + transfer.challengeId();
        shell.print(Printable.line(String.format(
                "%s  %-8s  %14s  %s to %s%s%s",
                transfer.at(),
                transfer.kind(),
                Money.of(transfer.amount(), transfer.currency()).format(),
                transfer.from(),
                transfer.to(),
                payment,
                note)));
    }
}
