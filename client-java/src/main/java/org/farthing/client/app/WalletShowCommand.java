package org.farthing.client.app;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.farthing.client.purse.Purse;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code farthing wallet show [ORIGIN]}. */
@Command(
        name = "show",
        header = "Show your wallets, or what is in one.",
        description = {
            "",
            "Without a server, lists the wallets you opened; nobody is asked. With one, asks it what the wallet there has.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  farthing wallet show", "  farthing wallet show https://api.example.com"})
final class WalletShowCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(
            paramLabel = "ORIGIN",
            arity = "0..1",
            converter = OriginConverter.class,
            description = "The server with the wallet.")
    private @Nullable Origin origin;

    @Mixin
    private LoopbackOption loopback = new LoopbackOption();

    WalletShowCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        try (Payments payments = Payments.open(shell)) {
            if (origin == null) {
                list(payments.purse());
            } else {
                loopback.require(origin);
                new WalletLines(shell)
                        .whole(loopback.wallets(shell, payments.purse()).wallet(origin));
            }
            return ExitCode.SERVED;
        }
    }

    private void list(Purse purse) throws IOException {
        List<Purse.KnownWallet> wallets = purse.wallets();
        wallets.forEach(wallet -> shell.print(wallet.id() + "  " + wallet.origin()));
        if (wallets.isEmpty()) {
            shell.say("no wallet yet; open one with: farthing wallet new --at ORIGIN");
        }
    }
}
