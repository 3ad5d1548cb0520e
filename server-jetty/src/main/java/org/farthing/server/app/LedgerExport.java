package org.farthing.server.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.farthing.server.ledger.Books;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code farthing-server ledger export}: all transfers as data, one at a time. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Writes all transfers, in their order, for other programs. Large ledgers take time, not memory.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all is written",
            "1:failed; standard error says why, and there is no file; what went to standard output is not whole",
            "2:wrong use of the command line"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server ledger export --store shop.db --out transfers.csv",
            "  farthing-server ledger export --store shop.db --format jsonl | jq -r 'select(.kind == \"CAPTURE\") | .to'",
            "  farthing-server ledger export --store shop.db --from 2026-11-01 --until 2026-12-01 --out november.csv",
            "%nColumns: sequence, id, kind, wallet, challengeId, from, to, currency, amount, method, note, at. Amounts are",
            "base units of the currency: 2500 usd.e6 is 0.0025 USD. In JSON they are strings, because many programs round",
            "large numbers. The file is readable by its owner only, and gets its name when it is whole."
        })
final class LedgerExport implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private LedgerCommand ledger = new LedgerCommand();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "csv",
            description = "csv (RFC 4180, with a header) or jsonl (one JSON object a line); default: csv.")
    private DataFormat format = DataFormat.CSV;

    @Option(names = "--out", paramLabel = "FILE", description = "A new file (default: standard output).")
    private @Nullable Path file;

    @Option(names = "--from", paramLabel = "TIME", description = "Only from here: 2026-11-01, or a time of RFC 3339.")
    private Instant from = Instant.MIN;

    @Option(names = "--until", paramLabel = "TIME", description = "Only before this (default: to the end).")
    private Instant until = Instant.MAX;

    @Override
    public Integer call() throws IOException {
        TypedTime.requirePeriod(spec.commandLine(), from, until);
        Store store = ledger.store(spec);
        try (Outlet outlet = Outlet.to(file, spec.commandLine().getOut())) {
            long written = store.look(books -> write(books, outlet));
            outlet.complete();
            if (file != null) {
                spec.commandLine()
                        .getOut()
                        .println(written + (written == 1 ? " transfer" : " transfers") + " written to " + file + ".");
            }
            return 0;
        }
    }

    private long write(Books books, Outlet outlet) {
        TransferRows rows = new TransferRows(format, outlet);
        long last = books.lastSequence().toCompletableFuture().join();
        AtomicLong at = new AtomicLong();
        return new Patience(spec.commandLine().getErr())
                .await(
                        books.eachTransfer(from, until, transfer -> {
                            rows.add(transfer);
                            at.setPlain(transfer.sequence());
                        }),
                        () -> "Exported up to transfer " + at.get() + " of " + last + " ("
                                + Math.min(100, at.get() * 100 / Math.max(1, last)) + " %).");
    }
}
