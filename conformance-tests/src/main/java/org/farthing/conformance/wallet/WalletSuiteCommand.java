package org.farthing.conformance.wallet;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.farthing.conformance.http.Trust;
import org.farthing.conformance.http.Wire;
import org.farthing.conformance.report.About;
import org.farthing.conformance.report.ReportOptions;
import org.farthing.conformance.suite.Profile;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wallet URL}: checks a running wallet service from outside (conformance.md, F-CO-53 to F-CO-55). */
@Command(
        name = "wallet",
        description = {
            "Checks a running wallet service from outside, requirement by requirement.",
            "",
            "It opens wallets, fills them, pays two payees, collects, and tries what a thief would. With a URL alone it checks"
                    + " what needs no money; with the administrator's secret it fills its wallets and registers the two"
                    + " payees it plays itself.",
            "",
            "What it does stays in the service's books: use a test system."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every requirement that was checked is met",
            "1:a MUST is not met",
            "2:the command was called wrongly",
            "3:every MUST is met, a SHOULD is not",
            "4:nothing could be checked"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Without money:",
            "    farthing-conformance wallet https://wallet.example",
            "  All of it, on this machine:",
            "    farthing-conformance wallet http://127.0.0.1:8403 --admin service-keys/admin.bearer",
            "  All of it, elsewhere: payees need an https origin with a key document of their own",
            "    farthing-conformance wallet https://wallet.example --admin admin.bearer \\",
            "        --payee https://a.example=a.jwk --payee https://b.example=b.jwk",
            "  Something to try it on:",
            "    farthing-conformance reference-server --wallet-service"
        })
public final class WalletSuiteCommand implements Callable<Integer> {

    private static final int PATIENCE_SECONDS = 15;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ReportOptions report = new ReportOptions();

    @Parameters(index = "0", arity = "0..1", paramLabel = "URL", description = "The wallet service's origin.")
    private @Nullable URI url;

    @Option(
            names = "--admin",
            paramLabel = "FILE",
            description = "File with the administrator's secret, to fill wallets and register payees.")
    private @Nullable Path admin;

    @Option(
            names = "--payee",
            paramLabel = "ORIGIN=FILE",
            description =
                    "A payee to play, and its private key, a JWK whose public half stands in the key document at the"
                            + " origin; twice. Default for a service on loopback: two payees on loopback.")
    private List<String> payees = new ArrayList<>();

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "Certificates in PEM to trust in place of the machine's, for a test system.")
    private @Nullable Path trust;

    /** Made by picocli, which fills in the options before it calls the command. */
    WalletSuiteCommand() {}

    @Override
    public Integer call() {
        URI service = url;
        if (service == null && !report.listing()) {
            throw new ParameterException(spec.commandLine(), "Say what to check: the wallet service's URL");
        }
        if (payees.size() == 1) {
            throw new ParameterException(spec.commandLine(), "Name two payees: money must not be spent at both");
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("administrator", admin == null ? "none: only what needs no money is checked" : "yes");
        return report.run(
                WalletSuite.all(),
                () -> open(service),
                new About("wallet", service == null ? "a wallet service" : service.toString(), Profile.WALLET, facts));
    }

    private WalletSite open(@Nullable URI service) throws IOException {
        if (service == null) {
            throw new IllegalStateException("nothing is opened for a list");
        }
        try {
            Wire wire = new Wire(service, Duration.ofSeconds(PATIENCE_SECONDS), Trust.of(trust));
            String secret = admin == null ? null : Files.readString(admin).strip();
            InstantSource clock = InstantSource.system();
            boolean playsOnLoopback =
                    payees.isEmpty() && new Origin(wire.origin().toString()).isLoopback();
            return playsOnLoopback
                    ? WalletSite.onLoopback(wire, secret, clock)
                    : new WalletSite(wire, secret, named(), clock);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private List<Shopkeeper> named() throws IOException {
        List<Shopkeeper> named = new ArrayList<>();
        for (String payee : payees) {
            String[] parts = payee.split("=", 2);
            if (parts.length != 2) {
                throw new IOException("--payee is ORIGIN=FILE, such as https://shop.example=shop.jwk, not " + payee);
            }
            try {
                SigningKey key = SigningKey.fromJwk(Files.readString(Path.of(parts[1])));
                named.add(Shopkeeper.elsewhere(Origin.parse(parts[0], "--payee"), key));
            } catch (MalformedException e) {
                throw new IOException("--payee " + parts[0] + ": " + e.getMessage(), e);
            }
        }
        return named;
    }
}
