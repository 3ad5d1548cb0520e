package org.farthing.server.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.collect.Reconciliation;
import org.farthing.server.collect.ReconciliationReport;
import org.farthing.server.collect.ReconciliationReport.Difference;
import org.farthing.server.collect.ReconciliationReport.Sum;
import org.farthing.server.collect.ServiceCallException;
import org.farthing.server.collect.SignedServiceCalls;
import org.farthing.server.collect.SignedTokenCalls;
import org.farthing.server.collect.TokenReconciliation;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.trust.IssuerDocuments;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code farthing-server reconcile}: compares the payee's books with a wallet service's, or with a mint's, to the base unit. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description =
                "Compares your books with those of a wallet service, payment by payment, or with those of a mint whose"
                        + " tokens you take, token by token, and to the base unit. Moves no money.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:both sides agree",
            "1:failed; standard error says why",
            "2:wrong use of the command line",
            "3:both sides agree but for what is pending: waiting in the outbox, in work, or not presented yet",
            "4:both sides differ; each difference is listed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server reconcile --store shop.db --keys keys --origin https://shop.example \\",
            "      --service https://wallet.example",
            "  farthing-server reconcile --store shop.db --keys keys --origin https://shop.example \\",
            "      --issuer https://mint.example",
            "%nStop the server first, or use a copy of its store: one process at a time uses a store. What is",
            "pending is told to the service or the mint when the server runs again. A token is named by its serial, with",
            "which nobody can pay. What failed is listed by farthing-server outbox list."
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

    @ArgGroup(multiplicity = "1")
    private Other other = new Other();

    /** Whose books these are compared with. */
    private static final class Other {

        @Option(
                names = "--service",
                paramLabel = "ORIGIN",
                required = true,
                description = "The wallet service's origin.")
        private @Nullable String service;

        @Option(names = "--issuer", paramLabel = "ORIGIN", required = true, description = "The mint's origin.")
        private @Nullable String issuer;
    }

    ReconcileCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        Origin payee = TypedOrigin.of("--origin", origin);
        boolean tokens = other.issuer != null;
        Origin asked = TypedOrigin.of(
                tokens ? "--issuer" : "--service", String.valueOf(tokens ? other.issuer : other.service));
        SigningKey key = KeyFiles.in(keys)
                .load(clock.instant())
                .signingAt(clock.instant())
                .orElseThrow(() -> new CommandFailedException("No key of " + keys + " can be used now."));
        ReconciliationReport report = tokens ? tokens(payee, asked, key) : payments(payee, asked, key);
        print(payee, asked, report, tokens ? "token" : "payment");
        if (report.differing() > 0) {
            return DIFFER;
        }
        return report.pending().isEmpty() ? AGREED : PENDING;
    }

    private ReconciliationReport payments(Origin payee, Origin service, SigningKey key) {
        try (SignedServiceCalls calls = SignedServiceCalls.open(key, clock)) {
            return compared(ledger -> Reconciliation.compare(
                    ledger.outbox(), calls, service, payee, clock.instant().minus(KEPT)));
        }
    }

    private ReconciliationReport tokens(Origin payee, Origin issuer, SigningKey key) {
        URI redemption = redemption(issuer);
        SignedTokenCalls.Routes routes =
                new SignedTokenCalls.Routes(asked -> Optional.of(redemption), asked -> Optional.empty());
        try (SignedTokenCalls calls = SignedTokenCalls.open(now -> Optional.of(key), clock, routes)) {
            return compared(
                    ledger -> TokenReconciliation.compare(ledger.tokens(), calls, issuer, payee, clock.instant()));
        }
    }

    private URI redemption(Origin issuer) {
        try (IssuerDocuments documents = IssuerDocuments.open(clock, issuer.isLoopback())) {
            return URI.create(documents
                    .fetch(issuer)
                    .toCompletableFuture()
                    .join()
                    .directory()
                    .links()
                    .redemption());
        } catch (CompletionException e) {
            throw new CommandFailedException(Sentence.of(e.getCause() == null ? e : e.getCause()), e);
        }
    }

    /** Asks the other side; what it does not answer is a sentence for the operator. */
    private interface Comparison {
        ReconciliationReport with(Ledger ledger) throws ServiceCallException;
    }

    private ReconciliationReport compared(Comparison comparison) {
        return new Store(store, "Stop the server first, or use a copy of the store.").use(ledger -> {
            try {
                return comparison.with(ledger);
            } catch (ServiceCallException e) {
                throw new CommandFailedException(Sentence.of(e), e);
            }
        });
    }

    private void print(Origin payee, Origin asked, ReconciliationReport report, String noun) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(payee + " and " + asked + ":");
        print(out, "agreed ", report.agreed(), noun);
        print(out, "pending", report.pending(), noun);
        for (Difference difference : report.differences()) {
            String charge = difference.challengeId().isEmpty() ? "" : ", challenge " + difference.challengeId();
            out.println("  DIFFER   " + (noun.equals("token") ? "serial " : "jti ") + difference.tokenId() + charge
                    + ": here "
                    + Shown.amount(difference.here(), difference.currency()) + ", there "
                    + Shown.amount(difference.there(), difference.currency()) + " (" + difference.what() + ")");
        }
        if (report.differing() > report.differences().size()) {
            out.println("  and " + (report.differing() - report.differences().size()) + " more");
        }
        if (report.tooOld() > 0) {
            out.println("  " + report.tooOld() + " " + noun + "s are older than these books keep; not compared");
        }
        out.println(sentence(report, noun));
    }

    private static void print(PrintWriter out, String word, SortedMap<String, Sum> sums, String noun) {
        sums.forEach((currency, sum) -> out.println("  " + word + "  " + Shown.amount(sum.amount(), currency) + " in "
                + sum.payments() + " " + noun + (sum.payments() == 1 ? "" : "s")));
    }

    private static String sentence(ReconciliationReport report, String noun) {
        if (report.differing() > 0) {
            return "The books DIFFER in " + report.differing() + " " + noun + (report.differing() == 1 ? "." : "s.");
        }
        return report.pending().isEmpty()
                ? "The books agree."
                : "The books agree but for what is pending. Start the server, and compare again.";
    }
}
