package org.farthing.server.app;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import org.farthing.server.ledger.Books;
import org.farthing.server.ledger.OutboxItem;
import org.farthing.server.ledger.OutboxStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farthing-server outbox}: what wallet services and issuers must still be told, and what they refused. */
@Command(
        name = "outbox",
        mixinStandardHelpOptions = true,
        description =
                "Shows what wallet services must still be told and what issuers of tokens must still redeem, and gives"
                        + " up what they refused.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server outbox list --store shop.db",
            "  farthing-server outbox retry --store shop.db 17",
            "  farthing-server outbox write-off --store shop.db 17 --reason \"service closed, see mail of 2026-11-22\"",
            "%nlist works while the server runs; stop it for the others. A running server tells them by itself."
        })
final class OutboxCommand implements Runnable {

    private static final int PAGE = 1000;
    private static final String STOP = "Stop the server first: it tells them by itself while it runs.";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do with the outbox: list, retry or write-off.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists what waits and what failed, and how much each service or issuer is trusted with now.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:nothing failed",
                "1:failed; standard error says why",
                "2:wrong use",
                "4:a service or an issuer refused"
            },
            footerHeading = "%nExample:%n",
            footer = "  farthing-server outbox list --store shop.db")
    int list(
            @Option(names = "--store", paramLabel = "FILE_OR_URL", required = true, description = StoreAddress.WHAT)
                    StoreAddress store) {
        return new Store(store, STOP).look(books -> {
            long failed = 0;
            for (OutboxStatus status :
                    books.outbox().status().toCompletableFuture().join()) {
                out().println(line(status));
                failed += status.failed();
            }
            TakenTokens taken = new TakenTokens(books.tokens(), out());
            failed += taken.printStatus();
            long shown = print(books, OutboxItem.State.FAILED) + print(books, OutboxItem.State.WAITING) + taken.print();
            if (shown == 0) {
                out().println("Nothing waits and nothing failed.");
            }
            return failed == 0 ? 0 : 4;
        });
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = "Has the next running server tell the service or issuer once more what it refused.",
            footerHeading = "%nExample:%n",
            footer = "  farthing-server outbox retry --store shop.db 17")
    int retry(
            @Option(
                            names = "--store",
                            paramLabel = "FILE_OR_URL",
                            required = true,
                            description = StoreAddress.WHAT + " A file must not be in use.")
                    StoreAddress store,
            @Parameters(paramLabel = "SEQ", description = "The item's number, from: outbox list.") String seq) {
        OutboxNumber number = OutboxNumber.of(seq, spec);
        boolean waits = new Store(store, STOP).ask(ledger -> number.again(ledger, "the operator asked for it"));
        return done(waits, "Item " + seq + " waits again.", seq);
    }

    @Command(
            name = "write-off",
            mixinStandardHelpOptions = true,
            description = "Gives up what a service or an issuer refused: the money is taken out of your earnings.",
            footerHeading = "%nExample:%n",
            footer = "  farthing-server outbox write-off --store shop.db 17 --reason \"service closed\"")
    int writeOff(
            @Option(
                            names = "--store",
                            paramLabel = "FILE_OR_URL",
                            required = true,
                            description = StoreAddress.WHAT + " A file must not be in use.")
                    StoreAddress store,
            @Parameters(paramLabel = "SEQ", description = "The item's number, from: outbox list.") String seq,
            @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for the books.")
                    String reason) {
        OutboxNumber number = OutboxNumber.of(seq, spec);
        boolean done = new Store(store, STOP).ask(ledger -> number.writeOff(ledger, reason));
        return done(done, "Item " + seq + " is written off.", seq);
    }

    private int done(boolean done, String sentence, String seq) {
        if (!done) {
            throw new CommandFailedException(
                    "Item " + seq + " is not one that failed. See: farthing-server outbox list");
        }
        out().println(sentence);
        return 0;
    }

    private long print(Books books, OutboxItem.State state) {
        long shown = 0;
        long after = 0;
        List<OutboxItem> page;
        do {
            page = books.outbox()
                    .items(state, after, PAGE)
                    .toCompletableFuture()
                    .join();
            for (OutboxItem item : page) {
                out().println(line(item));
                after = item.seq();
                shown++;
            }
        } while (page.size() == PAGE);
        return shown;
    }

    private static String line(OutboxStatus status) {
        return status.service() + ": trusted with " + Shown.amount(status.exposure(), status.currency()) + " now, "
                + status.waiting() + " waiting, " + status.failed() + " failed ("
                + Shown.amount(status.failedAmount(), status.currency()) + ")"
                + since(", the oldest of ", status.oldest()) + since(", to be collected before ", status.captureBy());
    }

    private static String since(String words, @Nullable Instant at) {
        return at == null ? "" : words + at;
    }

    private static String line(OutboxItem item) {
        return item.seq() + "  " + item.state() + "  " + item.kind() + "  "
                + Shown.amount(item.amount(), item.currency()) + "  " + item.service() + "  challenge "
                + item.challengeId() + "  jti " + item.tokenId()
                + (item.attempts() == 0 ? "" : "  tried " + item.attempts())
                + (item.result() == null ? "" : ": " + item.result());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
