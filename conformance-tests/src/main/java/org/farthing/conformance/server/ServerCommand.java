package org.farthing.conformance.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.farthing.conformance.http.Trust;
import org.farthing.conformance.http.Wire;
import org.farthing.conformance.report.About;
import org.farthing.conformance.report.ProfileWord;
import org.farthing.conformance.report.ReportOptions;
import org.farthing.conformance.suite.Profile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code server URL}: checks a running server from outside (conformance.md, F-CO-1 to F-CO-9). */
@Command(
        name = "server",
        description = {
            "Checks a running server from outside, requirement by requirement.",
            "",
            "With a URL alone it asks for that page, reads the challenges, and sends what must be refused. Tell it how to"
                    + " pay (--wallet for method wallet, a program in the config for any other) and which pages there are"
                    + " (--config), and it checks the rest: what is not checked says what it would need.",
            "",
            "Every payment it makes is a real one of your wallet: use a test system."
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
            "  Without paying:",
            "    farthing-conformance server https://shop.example/article",
            "  A server that takes method wallet:",
            "    farthing-conformance server https://shop.example/article --wallet alice.jwk --profile wallet",
            "  One that takes blind tokens, and their issuer, at which the wallet has money:",
            "    farthing-conformance server https://shop.example/article --wallet alice.jwk --profile token",
            "  All of it, with a report to look at:",
            "    farthing-conformance server --config shop.json --html report.html",
            "  Something to try it on:",
            "    farthing-conformance reference-server"
        })
public final class ServerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ReportOptions report = new ReportOptions();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "URL",
            description = "A priced page. With --config: where the server is, if not where the config says.")
    private @Nullable URI url;

    @Option(
            names = "--profile",
            paramLabel = "core|wallet|token",
            converter = ProfileWord.class,
            description =
                    "core: the IETF Payment scheme. wallet: that, and Farthing's method wallet. token: those, and blind"
                            + " tokens with their issuer. Default: core.")
    private Profile profile = Profile.CORE;

    @Option(
            names = "--wallet",
            paramLabel = "KEY",
            description = "File with a wallet's private key, a JWK: pays method wallet.")
    private @Nullable Path wallet;

    @Option(names = "--config", paramLabel = "FILE", description = "JSON file: pages, how to pay, whom to trust.")
    private @Nullable Path config;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "Certificates in PEM to trust in place of the machine's, for a test system.")
    private @Nullable Path trust;

    /** Made by picocli, which fills in the options before it calls the command. */
    ServerCommand() {}

    @Override
    public Integer call() {
        SiteConfig found = report.listing() ? null : config();
        return report.run(
                ServerSuite.all(), () -> site(found), new About("server", subject(found), profile, facts(found)));
    }

    private SiteConfig config() {
        try {
            if (config != null) {
                return SiteConfig.read(config, url);
            }
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "Cannot read the config: " + e.getMessage(), e);
        }
        if (url == null) {
            throw new ParameterException(
                    spec.commandLine(), "Say what to check: the URL of a priced page, or --config FILE");
        }
        return SiteConfig.of(url);
    }

    private static String subject(@Nullable SiteConfig found) {
        return found == null ? "a server" : found.url().toString();
    }

    private Map<String, String> facts(@Nullable SiteConfig found) {
        Map<String, String> facts = new LinkedHashMap<>();
        if (config != null) {
            facts.put("config", config.toString());
        }
        if (found != null) {
            facts.put(
                    "pages",
                    String.join(
                            ", ",
                            found.pages().keySet().stream()
                                    .sorted()
                                    .map(PageName::word)
                                    .toList()));
            facts.put("payment", payment(found));
            if (found.walletService() != null) {
                facts.put("wallet service", found.walletService().text());
            }
        }
        return facts;
    }

    private String payment(SiteConfig found) {
        SiteConfig.Payment payment = howToPay(found);
        if (payment == null) {
            return "none: only what needs no payment is checked";
        }
        if (payment.wallet() == null) {
            return "by " + payment.command().get(0);
        }
        return ("token".equals(payment.method()) ? "by blind tokens bought with the wallet of " : "by the wallet of ")
                + payment.wallet();
    }

    private SiteConfig.@Nullable Payment howToPay(SiteConfig found) {
        return wallet == null ? found.payment() : SiteConfig.Payment.wallet(wallet);
    }

    private Site site(@Nullable SiteConfig found) throws IOException {
        if (found == null) {
            throw new IllegalStateException("nothing is opened for a list");
        }
        try {
            Duration patience = found.patience();
            Wire wire = new Wire(found.url(), patience, Trust.of(trust == null ? found.trust() : trust));
            return new Site(
                    found.pages(),
                    wire,
                    Payers.of(howToPay(found)),
                    Waiting.system(),
                    Payers.second(found.payment()),
                    found.walletService(),
                    Payers.remote(found.remotePayee()),
                    Payers.token(found.expiredToken()));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
