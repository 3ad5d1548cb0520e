package org.farthing.client.app;

import picocli.CommandLine.Command;

/** {@code farthing wallet …}. */
@Command(
        name = "wallet",
        header = "Make, show, fill and protect wallets.",
        description = {
            "",
            "A wallet is an account at a server that sells, or at a wallet service that many servers take, opened with a key"
                    + " that only you have. All your keys come"
                    + " from one secret in your home folder; two servers cannot tell that their wallets are one"
                    + " person's. Keep a copy of purse.json: whoever has it has the money, and without it the money"
                    + " is lost.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND")
final class WalletCommand extends CommandGroup {}
