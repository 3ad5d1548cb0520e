package org.farthing.server.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.collect.Reconciliation;
import org.farthing.server.collect.ReconciliationReport;
import org.farthing.server.collect.ReconciliationReport.Difference;
import org.farthing.server.collect.ReconciliationReport.Sum;
import org.farthing.server.collect.ServiceCallException;
import org.farthing.server.collect.SignedServiceCalls;
import org.farthing.server.keys.KeyFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code farthing-server reconcile}: compares the payee's books with a wallet service's, to the base unit. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = "Compares your books with those of a wallet service, payment by payment and to the base unit."
                + " Moves no money.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:both sides agree",
            "1:failed; standard error says why",
            "2:wrong use of the command line",
            "3:both sides agree but for what is pending: waiting in the outbox, in work, or not presented yet",
            "4:both sides differ; each difference is listed"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  farthing-server reconcile --store shop.db --keys keys --origin https://shop.example \\",
            "      --service https://wallet.example",
            "%nStop the server first, or use a copy of its store: one process at a time uses a store. What is",
            "pending is told to the service when the server runs again."
        })
final class ReconcileCommand implements Callable<Integer> {

    private static final int AGREED = 0;
    private static final int PENDING = 3;
    private static final int DIFFER = 4;

    /** How long the ledger keeps what was captured, with a day's margin. */
    private static final Duration KEPT = Duration.ofDays(89);

    private final InstantSource clock;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--store",
            paramLabel = "FILE_OR_URL",
            required = true,
            description = StoreAddress.WHAT + " A file must not be in use.")
    private StoreAddress store = StoreAddress.of(Path.of("shop.db"));

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            defaultValue = KeysCommand.KeyFolder.DEFAULT,
            description = "The key folder, to sign the questions (default: ${DEFAULT-VALUE}).")
    private Path keys = Path.of(KeysCommand.KeyFolder.DEFAULT);

    @Option(names = "--origin", paramLabel = "ORIGIN", required = true, description = "Your own public origin.")
    private String origin = "";

    @Option(names = "--service", paramLabel = "ORIGIN", required = true, description = "The wallet service's origin.")
    private String service = "";

    ReconcileCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        Origin payee = TypedOrigin.of("--origin", origin);
        Origin other = TypedOrigin.of("--service", service);
        SigningKey key = KeyFiles.in(keys)
                .load(clock.instant())
                .signingAt(clock.instant())
                .orElseThrow(() -> new CommandFailedException("No key of " + keys + " can be used now."));
        ReconciliationReport report;
        try (SignedServiceCalls calls = SignedServiceCalls.open(key, clock)) {
            report = new Store(store, "Stop the server first, or use a copy of the store.").use(ledger -> {
                try {
                    return Reconciliation.compare(
                            ledger.outbox(),
                            calls,
                            other,
                            payee,
                            clock.instant().minus(KEPT));
                } catch (ServiceCallException e) {
                    throw new CommandFailedException(Sentence.of(e), e);
                }
            });
        }
        print(payee, other, report);
        if (report.differing() > 0) {
            return DIFFER;
        }
        return report.pending().isEmpty() ? AGREED : PENDING;
    }

    private void print(Origin payee, Origin other, ReconciliationReport report) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(payee + " and " + other + ":");
        print(out, "agreed ", report.agreed());
        print(out, "pending", report.pending());
        for (Difference difference : report.differences()) {
            out.println("  DIFFER   jti " + difference.tokenId() + ", challenge " + difference.challengeId() + ": here "
                    + Shown.amount(difference.here(), difference.currency()) + ", there "
                    + Shown.amount(difference.there(), difference.currency()) + " (" + difference.what() + ")");
        }
        if (report.differing() > report.differences().size()) {
            out.println("  and " + (report.differing() - report.differences().size()) + " more");
        }
        if (report.tooOld() > 0) {
            out.println("  " + report.tooOld() + " payments there are older than these books keep; not compared");
        }
        out.println(sentence(report));
    }

    private static void print(PrintWriter out, String word, SortedMap<String, Sum> sums) {
        sums.forEach((currency, sum) -> out.println("  " + word + "  " + Shown.amount(sum.amount(), currency) + " in "
                + sum.payments() + (sum.payments() == 1 ? " payment" : " payments")));
    }

    private static String sentence(ReconciliationReport report) {
        if (report.differing() > 0) {
            return "The books DIFFER in " + report.differing() + (report.differing() == 1 ? " payment." : " payments.");
        }
        return report.pending().isEmpty()
                ? "The books agree."
                : "The books agree but for what is pending. Start the server, and compare again.";
    }
}
