package org.farthing.server.app;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.farthing.server.ledger.Income;
import org.farthing.server.ledger.IncomeLine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code farthing-server ledger reconcile}: what payees earned, to be compared with other books. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = "Adds up what was earned, by period, payee, method and currency, with the sums of all.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed; standard error says why", "2:wrong use of the command line"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server ledger reconcile --store shop.db",
            "  farthing-server ledger reconcile --store shop.db --from 2026-11-01 --until 2026-12-01 --by day",
            "  farthing-server ledger reconcile --store shop.db --by month --format csv > income.csv",
            "%nDays and months are those of UTC. A refund counts when it was made, so a period can earn less than nothing;",
            "what a wallet service failed to pay and was written off counts as given back. To compare with the books of",
            "a wallet service, payment by payment: farthing-server reconcile."
        })
final class LedgerReconcile implements Callable<Integer> {

    private static final List<String> NAMES =
            List.of("period", "payee", "method", "currency", "charges", "captured", "refunded", "earned");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private LedgerCommand ledger = new LedgerCommand();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "The first moment that counts: a day such as 2026-11-01 (UTC), or a time of RFC 3339.")
    private Instant from = Instant.MIN;

    @Option(names = "--until", paramLabel = "TIME", description = "The first moment that does not count.")
    private Instant until = Instant.MAX;

    @Option(
            names = "--by",
            paramLabel = "PERIOD",
            defaultValue = "month",
            description = "day or month (default: ${DEFAULT-VALUE}).")
    private IncomeLine.By by = IncomeLine.By.MONTH;

    @Option(names = "--format", paramLabel = "FORMAT", description = "csv or jsonl for programs (default: a table).")
    private @Nullable DataFormat format;

    @Override
    public Integer call() throws IOException {
        TypedTime.requirePeriod(spec.commandLine(), from, until);
        Store store = ledger.store(spec);
        try (Outlet outlet = Outlet.to(null, spec.commandLine().getOut())) {
            SortedMap<String, Income> sums = new TreeMap<>();
            DataRows rows = format == null ? null : new DataRows(format, NAMES, outlet);
            if (rows == null) {
                outlet.write(line("PERIOD", "CHARGES", "CAPTURED", "GIVEN BACK", "EARNED", "METHOD", "PAYEE"));
            }
            store.look(books -> new Patience(spec.commandLine().getErr())
                    .await(
                            books.eachIncome(from, until, by, line -> {
                                if (rows == null) {
                                    outlet.write(line(period(line.begins()), line.income()));
                                    sums.merge(line.income().currency(), line.income(), LedgerReconcile::together);
                                } else {
                                    rows.add(data(line));
                                }
                            }),
                            () -> "Still adding up."));
            sums.forEach((currency, sum) -> outlet.write(line("all", sum)));
            outlet.complete();
            return 0;
        }
    }

    private String period(LocalDate begins) {
        return by == IncomeLine.By.DAY ? begins.toString() : begins.toString().substring(0, "2026-11".length());
    }

    /** The sum over payees and methods, of one currency. */
    private static Income together(Income one, Income other) {
        return new Income(
                "all payees",
                one.currency(),
                "all",
                Math.addExact(one.captured(), other.captured()),
                Math.addExact(one.refunded(), other.refunded()),
                Math.addExact(one.captures(), other.captures()));
    }

    private List<Object> data(IncomeLine line) {
        Income income = line.income();
        return List.of(
                period(line.begins()),
                income.payee(),
                income.method(),
                income.currency(),
                income.captures(),
                Long.toString(income.captured()),
                Long.toString(income.refunded()),
                Long.toString(earned(income)));
    }

    private static String line(String period, Income income) {
        String currency = income.currency();
        return line(
                period,
                Long.toString(income.captures()),
                Shown.amount(income.captured(), currency),
                Shown.amount(income.refunded(), currency),
                Shown.amount(earned(income), currency),
                income.method(),
                Shown.line(income.payee()));
    }

    private static String line(
            String period,
            String charges,
            String captured,
            String refunded,
            String earned,
            String method,
            String payee) {
        return left(period, 10) + "  " + right(charges, 9) + "  " + right(captured, 18) + "  " + right(refunded, 18)
                + "  " + right(earned, 18) + "  " + left(method, 8) + "  " + payee + "\n";
    }

    private static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private static long earned(Income income) {
        return Math.subtractExact(income.captured(), income.refunded());
    }
}
