package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code farthing wallet thaw ORIGIN}. */
@Command(
        name = "thaw",
        header = "Let a frozen wallet pay again.",
        description = {
            "",
            "Takes the recovery key. If somebody else may have your keys, first make new ones and get the wallet back with"
                    + " farthing wallet recover. It does not lift what the operator of the service stopped.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  farthing wallet thaw https://wallet.example --recovery-file /media/key/farthing.json")
final class WalletThawCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "ORIGIN", converter = OriginConverter.class, description = "The wallet service.")
    private @Nullable Origin origin;

    @Mixin
    private RecoveryOption recovery = new RecoveryOption();

    @Mixin
    private LoopbackOption loopback = new LoopbackOption();

    WalletThawCommand(Shell shell) {
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
            new WalletLines(shell).whole(wallets.thaw(origin, recovery.required(payments.purse(), origin)));
            return ExitCode.SERVED;
        }
    }
}
