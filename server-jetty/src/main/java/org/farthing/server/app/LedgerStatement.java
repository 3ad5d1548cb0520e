package org.farthing.server.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Books;
import org.farthing.server.ledger.Statement;
import org.farthing.server.ledger.Transfer;
import org.farthing.server.ledger.Wallet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code farthing-server ledger statement}: all that moved in one wallet. */
@Command(
        name = "statement",
        mixinStandardHelpOptions = true,
        description = "Lists all transfers of a wallet, newest first.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed, or there is no such wallet; standard error says why",
            "2:wrong use of the command line"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server ledger statement --store shop.db w_kPrK_qmxVWaYVA9wwBF6Ig",
            "  farthing-server ledger statement --store shop.db w_kPrK... --limit 20",
            "  farthing-server ledger statement --store shop.db w_kPrK... --format csv > w_kPrK.csv",
            "%n+ is money that came in, - is money spent; without a sign it moved within the wallet: HOLD sets aside,",
            "RELEASE gives back. As data, amounts are base units of their currency."
        })
final class LedgerStatement implements Callable<Integer> {

    private static final int PAGE = 1000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private LedgerCommand ledger = new LedgerCommand();

    @Parameters(paramLabel = "WALLET", description = "The wallet id: w_ and 22 characters.")
    private String id = "";

    @Option(names = "--limit", paramLabel = "N", description = "No more than the last N transfers (default: all).")
    private @Nullable Long limit;

    @Option(names = "--format", paramLabel = "FORMAT", description = "csv or jsonl for programs (default: a table).")
    private @Nullable DataFormat format;

    @Override
    public Integer call() throws IOException {
        StoreAddress address = ledger.address(spec);
        if (limit != null && limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be 1 or more.");
        }
        try (Outlet outlet = Outlet.to(null, spec.commandLine().getOut())) {
            return ledger.store(spec).look(books -> {
                Wallet wallet = books.wallet(id)
                        .toCompletableFuture()
                        .join()
                        .orElseThrow(() -> new CommandFailedException("There is no wallet " + Shown.line(id) + " in "
                                + address + ". All wallets: farthing-server wallet list --store " + address));
                if (format == null) {
                    head(books, wallet).forEach(line -> outlet.write(line + "\n"));
                    long shown = each(books, transfer -> outlet.write(line(transfer) + "\n"));
                    outlet.write(shown + (shown == 1 ? " transfer.\n" : " transfers.\n"));
                } else {
                    each(books, new TransferRows(format, outlet)::add);
                }
                complete(outlet);
                return 0;
            });
        }
    }

    private static void complete(Outlet outlet) {
        try {
            outlet.complete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Page by page: a transfer never changes, so the pages fit together whatever is written meanwhile. */
    private long each(Books books, Consumer<Transfer> sink) {
        long left = limit == null ? Long.MAX_VALUE : limit;
        long shown = 0;
        Long cursor = null;
        do {
            Statement page = books.statement(id, cursor, (int) Math.min(left, PAGE))
                    .toCompletableFuture()
                    .join();
            page.transfers().forEach(sink);
            shown += page.transfers().size();
            left -= page.transfers().size();
            cursor = page.next();
        } while (cursor != null && left > 0);
        return shown;
    }

    private List<String> head(Books books, Wallet wallet) {
        StringBuilder line = new StringBuilder(wallet.id() + "  " + wallet.status());
        for (Account account : books.accounts(id).toCompletableFuture().join()) {
            line.append("  ").append(Shown.amount(account.available(), account.currency()));
            if (account.held() > 0) {
                line.append(" (+ ")
                        .append(Shown.amount(account.held(), account.currency()))
                        .append(" set aside)");
            }
        }
        return List.of(line.toString());
    }

    private static String line(Transfer transfer) {
        String amount = sign(transfer) + Shown.amount(transfer.amount(), transfer.currency());
        return DataRows.time(transfer.at()) + "  " + padded(transfer.kind().name(), 7) + "  "
                + " ".repeat(Math.max(0, 16 - amount.length())) + amount
                + (transfer.kind() == Transfer.Kind.CAPTURE ? "  to " + Shown.line(transfer.to()) : "")
                + (transfer.kind() == Transfer.Kind.REFUND ? "  from " + Shown.line(transfer.from()) : "")
                + (transfer.challengeId() == null ? "" : "  charge " + Shown.line(transfer.challengeId()))
                + (transfer.note() == null ? "" : "  \"" + Shown.line(transfer.note()) + '"');
    }

    private static String sign(Transfer transfer) {
        return switch (transfer.kind()) {
            case TOP_UP, REFUND -> "+";
            case CAPTURE -> "-";
            case HOLD, RELEASE, WRITE_OFF -> "";
        };
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
