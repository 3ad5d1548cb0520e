package org.farthing.client.app;

import picocli.CommandLine.Command;

/** {@code farthing receipt …}. */
@Command(
        name = "receipt",
        header = "Check receipts.",
        description = {
            "",
            "A receipt is the payee's signed word that it took a payment, and what for. farthing get --receipt FILE"
                    + " keeps the one that came with the answer.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND")
final class ReceiptCommand extends CommandGroup {}
