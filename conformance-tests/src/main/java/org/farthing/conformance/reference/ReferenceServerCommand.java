package org.farthing.conformance.reference;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reference-server}: something to test a client against, and to see what the suites ask of a server. */
@Command(
        name = "reference-server",
        description = {
            "Starts a real paywall on 127.0.0.1 to test against.",
            "",
            "It has a page for each situation the server suite asks about, its own ledger, and a wallet with money in"
                    + " it, whose key it writes to a file. Test your client against it, or see what the suites ask of a"
                    + " server. Nothing of it is for the world: plain http, and money that is none."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-conformance reference-server",
            "  farthing-conformance reference-server --wallet-service     a wallet service on the next port, too",
            "  farthing-conformance reference-server --tokens             an issuer of blind tokens, too",
            "  farthing-conformance reference-server --dir farthing-test  keys, wallet and ledger stay there"
        })
public final class ReferenceServerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8404",
            description = "The port on 127.0.0.1, 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Keep keys, ledger, wallet key and config.json here. Default: a temporary folder, removed at"
                    + " the end.")
    private @Nullable Path dir;

    @Option(
            names = "--wallet-service",
            description = "Also start a wallet service on the next port; the pages can be paid by its receipt tokens.")
    private boolean walletService;

    @Option(
            names = "--tokens",
            description = "Also issue blind tokens, and take them for the pages. Its keys are made at the first start.")
    private boolean tokens;

    /** Made by picocli, which fills in the options before it calls the command. */
    ReferenceServerCommand() {}

    /** {@return 0 once it was stopped} */
    @Override
    public Integer call() throws IOException {
        // What matters is printed; the server's own log speaks up only if something is wrong.
        System.setProperty("farthing.log.level", System.getProperty("farthing.log.level", "WARN"));
        ReferenceSettings settings = ReferenceSettings.temporary()
                .on(port)
                .in(dir)
                .withWalletService(walletService)
                .withTokens(tokens);
        try (ReferenceServer server = ReferenceServer.open(settings)) {
            Thread closer = new Thread(() -> close(server), "reference-stop");
            Runtime.getRuntime().addShutdownHook(closer);
            introduce(server, spec.commandLine().getOut());
            server.join();
        } catch (InterruptedException e) {
            // Asked to stop: the server closes on the way out.
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private static void close(ReferenceServer server) {
        try {
            server.close();
        } catch (IOException e) {
            System.err.println("The temporary folder could not be removed: " + e.getMessage());
        }
    }

    /** Says what there is and what to type next. */
    static void introduce(ReferenceServer server, PrintWriter out) {
        out.println("Reference server " + server.origin() + ":");
        for (ReferencePage page : ReferencePage.values()) {
            out.printf(
                    "  %-4s %-20s %s%n",
                    page.method(), page.path(), page.isPriced() ? String.join(" or ", page.prices()) : "free");
        }
        out.println();
        out.println("Check it with the server suite:");
        out.println("  java -jar farthing-conformance.jar server " + server.origin() + " --profile "
                + (server.issuesTokens() ? "token" : "wallet") + " --config " + server.config());
        server.service().ifPresent(service -> {
            out.println("Check the wallet service " + service.origin() + ":");
            out.println("  java -jar farthing-conformance.jar wallet " + service.origin() + " --admin "
                    + service.adminFile());
        });
        out.println("Pay it with your client:");
        out.println("  wallet   " + server.walletId() + ", 100 USD and 100 EUR"
                + (server.service().isPresent() ? " here and at the wallet service" : ""));
        out.println("  its key  " + server.walletFile());
        out.println("Or by method coupon, the house pays; its secret");
        out.println("  " + server.couponFile());
        if (server.issuesTokens()) {
            out.println("Or by blind tokens, which that wallet buys in bundles of");
            out.println("  " + server.origin() + "/.well-known/private-token-issuer-directory");
        }
        out.println("Or look:");
        out.println("  curl -i " + server.origin() + ReferencePage.PAID.path());
        out.println();
        out.println("Stop it with Ctrl-C.");
        out.println("ready " + server.origin() + "/");
        out.flush();
    }
}
