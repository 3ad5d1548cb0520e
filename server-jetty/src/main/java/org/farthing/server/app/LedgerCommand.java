package org.farthing.server.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Totals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code farthing-server ledger}: proves that the books add up. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        description = "Looks into the books.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExample:%n",
        footer = "  farthing-server ledger check --store shop.db")
final class LedgerCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do with the ledger: check.");
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description =
                    "Reads every transfer and charge and verifies hashes, balances and that each currency sums to 0.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:sound", "1:something is wrong, or the store cannot be opened", "2:wrong use"},
            footerHeading = "%nExample:%n",
            footer = {
                "  farthing-server ledger check --store shop.db",
                "%nStop the server first: one process at a time uses a store."
            })
    int check(
            @Option(names = "--store", paramLabel = "FILE", required = true, description = "The ledger's file.")
                    Path store) {
        CheckReport report = new Store(store).ask(Ledger::check);
        PrintWriter out = spec.commandLine().getOut();
        out.println(report.transfers() + " transfers and " + report.charges() + " charges read.");
        print(out, report.totals());
        for (CheckReport.Finding finding : report.findings()) {
            out.println("WRONG  " + finding.table() + " " + finding.row() + ": " + finding.what());
        }
        out.println(report.sound() ? "The books are sound." : "The books are NOT sound.");
        return report.sound() ? 0 : 1;
    }

    private static void print(PrintWriter out, List<Totals> totals) {
        for (Totals total : totals) {
            out.println("  " + total.currency() + ": paid in " + Shown.amount(-total.treasury(), total.currency())
                    + ", in wallets " + Shown.amount(total.available(), total.currency())
                    + ", set aside " + Shown.amount(total.held(), total.currency())
                    + ", earned " + Shown.amount(total.payees(), total.currency())
                    + (total.receivable() == 0
                            ? ""
                            : ", owed by wallet services " + Shown.amount(total.receivable(), total.currency()))
                    + ", sum " + total.sum());
        }
    }
}
