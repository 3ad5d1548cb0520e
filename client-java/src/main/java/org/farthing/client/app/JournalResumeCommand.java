package org.farthing.client.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentListener;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.Proposal;
import org.farthing.client.budget.SpendingJournal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code farthing journal resume [ID]}. */
@Command(
        name = "resume",
        preprocessor = HyphenatedId.class,
        sortOptions = false,
        header = "Finish an interrupted payment, and get what it was for.",
        description = {
            "",
            "Sends the stored order again, byte for byte. If it was charged, the server answers with what you paid for and"
                    + " charges nothing more; if it never arrived, it is charged now, once. What was counted and not yet"
                    + " signed is not signed any more: its money goes back to the budget.",
            ""
        },
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.TEXT_0,
            ExitCode.TEXT_1,
            ExitCode.TEXT_2,
            ExitCode.TEXT_3,
            ExitCode.TEXT_4,
            ExitCode.TEXT_5,
            ExitCode.TEXT_6,
            ExitCode.TEXT_7
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing journal resume                      the one payment that is open",
            "  farthing journal resume -o r.html JcXm0…     a certain one, content to a file",
            "  farthing journal resume --data-file scan.png JcXm0…   one that was for a body: bring it again"
        })
final class JournalResumeCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "Which payment. Not needed if only one is open.")
    private @Nullable String id;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the content to this file instead of standard output.")
    private @Nullable Path output;

    @Option(names = "--receipt", paramLabel = "FILE", description = "Keep the payee's receipt in this file.")
    private @Nullable Path receipt;

    @Mixin
    private BodyOptions body = new BodyOptions();

    @Option(
            names = {"-v", "--verbose"},
            description = "Tell every step. Secrets are not shown.")
    private boolean verbose;

    JournalResumeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandException {
        try (Payments payments = Payments.open(shell)) {
            SpendingJournal journal = payments.journal();
            JournalEntry payment = choose(journal);
            Proposal proposal = payment.proposal();
            PayingClient.Builder builder = payments.client(LimitOptions.nobody(), journal)
                    .listener(verbose ? new Handshake(shell) : PaymentListener.NONE);
            // The switch for loopback was given when the payment was made; the journal remembers by its origin.
            PayingClient client = (proposal.development() ? builder.loopbackProfile() : builder).build();
            HttpRequest request = body.addTo(
                            HttpRequest.newBuilder(url(proposal)),
                            proposal.target().method())
                    .build();
            try (Outlet outlet = output == null ? new StreamOutlet(shell.out()) : new FileOutlet(output);
                    ReceiptFile kept = receipt == null ? null : ReceiptFile.prepare(receipt)) {
                Ending ending = new Ending(shell, kept);
                Delivery delivery = new Delivery(outlet, new Progress(shell));
                PaidResponse<byte[]> done = resume(client, payment, request, delivery);
                return delivery.failure() == null
                        ? ending.tell(done)
                        : ending.unknown(
                                payment, "the content could not be written: " + Sentence.of(delivery.failure()));
            }
        }
    }

    private JournalEntry choose(SpendingJournal journal) throws IOException, CommandException {
        List<JournalEntry> open = journal.entries().stream()
                .filter(entry -> entry.state().isOpen())
                .toList();
        if (id != null) {
            return open.stream()
                    .filter(entry -> entry.id().equals(id))
                    .findFirst()
                    .orElseThrow(() ->
                            CommandException.error("no open payment has this id; see: farthing journal list --open"));
        }
        if (open.isEmpty()) {
            throw CommandException.error("no payment is open; there is nothing to resume");
        }
        if (open.size() > 1) {
            throw CommandException.usage(
                    open.size() + " payments are open; name one of them, see: farthing journal list --open");
        }
        return open.get(0);
    }

    private static URI url(Proposal proposal) {
        return URI.create(proposal.target().url());
    }

    private static PaidResponse<byte[]> resume(
            PayingClient client, JournalEntry payment, HttpRequest request, Delivery delivery)
            throws IOException, CommandException {
        try {
            return client.resumeAsync(payment, request, delivery).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IllegalArgumentException) {
                throw CommandException.usage(
                        "that is not the request that was paid for; was there a body (--data, --data-file)?");
            }
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw e;
        }
    }
}
