package org.farthing.client.app;

import picocli.CommandLine.Command;

/** {@code farthing journal …}. */
@Command(
        name = "journal",
        header = "See what was paid; finish what was interrupted.",
        description = {
            "",
            "Every payment is written down before it is signed, so that budgets hold even if the power goes. A payment"
                    + " whose answer got lost stays open: resuming it sends the very same order again, which gets"
                    + " the answer and costs nothing more.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND")
final class JournalCommand extends CommandGroup {}
