package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code farthing wallet freeze ORIGIN}. */
@Command(
        name = "freeze",
        header = "Stop a wallet: nothing new is paid from it.",
        description = {
            "",
            "For when your keys may be in other hands. The key of this home folder suffices to stop the wallet, and cannot start"
                    + " it again: that takes the recovery key. What is set aside for payees already is still paid or given back.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  farthing wallet freeze https://wallet.example")
final class WalletFreezeCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "ORIGIN", converter = OriginConverter.class, description = "The wallet service.")
    private @Nullable Origin origin;

    @Option(names = "--for-good", description = "Freeze it even if it has no recovery key, and can never pay again.")
    private boolean forGood;

    @Mixin
    private LoopbackOption loopback = new LoopbackOption();

    WalletFreezeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        if (origin == null) {
            throw CommandException.usage("say which wallet service");
        }
        loopback.require(origin);
        try (Payments payments = Payments.open(shell)) {
            WalletApi wallets = loopback.wallets(shell, payments.purse());
            if (!forGood && wallets.wallet(origin).recovery() == null) {
                throw CommandException.error(
                        "this wallet has no recovery key, so no command could thaw it again; if you mean it: --for-good");
            }
            new WalletLines(shell).whole(wallets.freeze(origin));
            return ExitCode.SERVED;
        }
    }
}
