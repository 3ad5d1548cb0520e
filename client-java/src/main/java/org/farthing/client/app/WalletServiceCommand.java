package org.farthing.client.app;

import picocli.CommandLine.Command;

/** {@code farthing wallet service …}. */
@Command(
        name = "service",
        header = "Choose the wallet services that you pay through.",
        description = {
            "",
            "A wallet service keeps one wallet for many payees. The sellers say which services they take; only those that you"
                    + " put on your list here are ever asked, the first of the list first. A wallet that you opened at a"
                    + " seller itself comes before them, unless you say --via-wallet.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND")
final class WalletServiceCommand extends CommandGroup {}
