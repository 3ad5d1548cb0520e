package org.farthing.client.app;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.farthing.client.budget.JournalEntry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code farthing journal list}. */
@Command(
        name = "list",
        header = "List payments, the newest last.",
        description = {
            "",
            "One line each: when, how much, what became of it, for what, and the payment's id. 'counts' means that the"
                    + " money counts against your budgets.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  farthing journal list", "  farthing journal list --open"})
final class JournalListCommand implements Callable<Integer> {

    private final Shell shell;

    @Option(names = "--open", description = "Only payments that were interrupted and can be resumed.")
    private boolean open;

    JournalListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandException {
        try (Payments payments = Payments.open(shell)) {
            List<JournalEntry> entries = payments.journal().entries().stream()
                    .filter(entry -> !open || entry.state().isOpen())
                    .toList();
            for (JournalEntry entry : entries) {
                shell.print(line(entry));
            }
            if (entries.isEmpty()) {
                shell.say(open ? "no payment is open" : "no payment was ever made with this home folder");
            }
            return ExitCode.SERVED;
        }
    }

    private static String line(JournalEntry entry) {
        return String.format(
                "%s  %14s  %-24s  %-6s  %s  %s",
                entry.at().truncatedTo(ChronoUnit.SECONDS),
                entry.proposal().money().format(),
                (entry.proposal().prepaid() ? "tokens: " : "") + state(entry.state()),
                entry.counted() ? "counts" : "-",
                Shown.request(entry.proposal()),
                entry.id());
    }

    private static String state(JournalEntry.State state) {
        return switch (state) {
            case INTENT -> "open: not signed yet";
            case SIGNED -> "open: signed, not sent";
            case SENT -> "open: sent, no answer";
            case SERVED -> "paid";
            case NOT_CHARGED -> "not charged";
            case GIVEN_BACK -> "given back by the wallet";
            case NEVER_SENT -> "never sent";
            case UNKNOWN -> "unknown, given up";
        };
    }
}
