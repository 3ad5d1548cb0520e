package org.farthing.client.app;

import picocli.CommandLine.Command;

/** {@code farthing trust …}. */
@Command(
        name = "trust",
        header = "Choose the payees that you trust, and see what is known of them.",
        description = {
            "",
            "Who you pay is remembered: the payee and the keys it signs its offers with. If one of them is another later, nothing"
                    + " is paid until you say so. You can also add a payee before its first payment, and pay only those"
                    + " that you added or paid before.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND")
final class TrustCommand extends CommandGroup {}
