package org.farthing.server.app;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.farthing.server.ledger.Books;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.Totals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code farthing-server ledger check}: proves that the books add up. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Reads everything and verifies hashes, balances, what must agree with each other, and that each"
                + " currency sums to 0. Names each row that is wrong.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the books are sound",
            "1:they could not be checked; standard error says why",
            "2:wrong use of the command line",
            "4:the books are NOT sound; each row that is wrong is named"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  farthing-server ledger check --store shop.db",
            "%nIt finds accidents and careless edits, not a forger who can write the store and knows how."
        })
final class LedgerCheck implements Callable<Integer> {

    static final int NOT_SOUND = 4;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private LedgerCommand ledger = new LedgerCommand();

    @Override
    public Integer call() {
        CheckReport report =
                ledger.store(spec).look(books -> run(books, spec.commandLine().getErr()));
        PrintWriter out = spec.commandLine().getOut();
        print(out, report);
        return report.sound() ? 0 : NOT_SOUND;
    }

    static CheckReport run(Books books, PrintWriter err) {
        long last = books.lastSequence().toCompletableFuture().join();
        AtomicLong read = new AtomicLong();
        return new Patience(err)
                .await(
                        books.check(read::setPlain),
                        () -> "Checking; " + read.get() + " transfers of at most " + last + " are read.");
    }

    static void print(PrintWriter out, CheckReport report) {
        out.println(report.transfers() + " transfers and " + report.charges() + " charges read.");
        print(out, report.totals());
        for (CheckReport.Finding finding : report.findings()) {
            out.println(
                    "WRONG  " + finding.table() + " " + Shown.line(finding.row()) + ": " + Shown.line(finding.what()));
        }
        out.println(report.sound() ? "The books are sound." : "The books are NOT sound.");
    }

    private static void print(PrintWriter out, List<Totals> totals) {
        for (Totals total : totals) {
            out.println("  " + total.currency() + ": paid in " + Shown.amount(-total.treasury(), total.currency())
                    + ", in wallets " + Shown.amount(total.available(), total.currency())
                    + ", set aside " + Shown.amount(total.held(), total.currency())
                    + ", earned " + Shown.amount(total.payees(), total.currency())
                    + some(", in tokens that are out ", total.tokens(), total.currency())
                    + some(", owed by wallet services and issuers ", total.receivable(), total.currency())
                    + ", sum " + total.sum());
        }
    }

    private static String some(String what, long amount, String currency) {
        return amount == 0 ? "" : what + Shown.amount(amount, currency);
    }
}
