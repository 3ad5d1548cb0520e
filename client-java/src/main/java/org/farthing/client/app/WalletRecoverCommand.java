package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.farthing.client.purse.Purse;
import org.farthing.client.purse.RecoveryKey;
import org.farthing.client.wallet.Wallet;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.VerificationKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farthing wallet recover --recovery-file FILE}. */
@Command(
        name = "recover",
        header = "Get a wallet back whose keys were lost or stolen.",
        description = {
            "",
            "Give the wallet the key of this home folder, and take every other key away from it. Do it in a new home folder:"
                    + " all keys of the old one come from one secret, and a thief has them all. Repeating it does no"
                    + " harm. The recovery key stays what it is; keep its file.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  farthing wallet recover --home ~/purse2 --recovery-file /media/key/farthing.json",
            "",
            "after:  farthing wallet new --home ~/purse2"
        })
final class WalletRecoverCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private RecoveryOption option = new RecoveryOption();

    @Mixin
    private LoopbackOption loopback = new LoopbackOption();

    WalletRecoverCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        RecoveryKey recovery = option.open();
        Origin service = recovery.service();
        loopback.require(service);
        try (Payments payments = Payments.open(shell)) {
            Purse purse = payments.purse();
            // The purse first: after a crash the same command goes on where this one stopped.
            purse.recover(service, recovery.wallet());
            WalletApi wallets = loopback.wallets(shell, purse);
            VerificationKey own = purse.publicKey(service);
            Wallet wallet = wallets.addKey(service, own, recovery.key());
            int revoked = 0;
            for (String other : wallet.keys()) {
                if (!other.equals(own.thumbprint())) {
                    wallet = wallets.revokeKey(service, other, recovery.key());
                    revoked++;
                }
            }
            boolean unused = purse.services().add(service, false);
            new WalletLines(shell).whole(wallet);
            shell.say("The wallet is yours; " + revoked + " other keys cannot pay from it any more.");
            if (wallet.status().equals("FROZEN")) {
                shell.say("It is still frozen:  farthing wallet thaw " + service + " --recovery-file FILE");
            }
            return ExitCode.SERVED;
        }
    }
}
