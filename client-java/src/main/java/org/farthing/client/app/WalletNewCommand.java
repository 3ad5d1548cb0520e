package org.farthing.client.app;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.farthing.client.purse.Purse;
import org.farthing.client.wallet.Wallet;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code farthing wallet new [--at ORIGIN]}. */
@Command(
        name = "new",
        header = "Make your keys, and open a wallet.",
        description = {
            "",
            "Makes the secret that all your keys come from, unless the home folder has one. With --at, opens a wallet at"
                    + " that server: it learns a public key and nothing else of you. Doing it twice changes nothing.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  farthing wallet new --at https://api.example.com", "  farthing wallet new --home ~/purse"})
final class WalletNewCommand implements Callable<Integer> {

    private final Shell shell;

    @Option(
            names = "--at",
            paramLabel = "ORIGIN",
            converter = OriginConverter.class,
            description = "Open a wallet at this server.")
    private @Nullable Origin at;

    @Mixin
    private LoopbackOption loopback = new LoopbackOption();

    WalletNewCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        boolean fresh = !Payments.hasPurse(shell);
        if (!fresh && at == null) {
            throw CommandException.error("there are keys in " + shell.home()
                    + " already; they were left as they are. To open a wallet at a server: --at ORIGIN");
        }
        if (at != null) {
            loopback.require(at);
        }
        Purse purse = fresh ? Purse.create(shell.home(), new SecureRandom()) : Purse.open(shell.home());
        if (fresh) {
            shell.say("made your keys in " + shell.home() + "; keep a copy of purse.json where nobody else finds it");
        }
        if (at != null) {
            Wallet wallet = loopback.wallets(shell, purse).register(at);
            shell.print(wallet.id() + "  " + at);
            if (wallet.accounts().isEmpty()) {
                shell.say("The wallet is open and empty. Fill it the way the server says; it knows it by this id.");
            }
        }
        return ExitCode.SERVED;
    }
}
