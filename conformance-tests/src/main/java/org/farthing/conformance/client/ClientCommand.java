package org.farthing.conformance.client;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.ServerSocketFactory;
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

/** {@code client -- COMMAND…}: checks whatever pays. */
@Command(
        name = "client",
        sortOptions = false,
        description = {
            "Checks a paying client, written in any language.",
            "",
            "Starts payees on this machine, good ones and bad ones, and runs your command once for each scenario with the URL to"
                    + " fetch: in place of {url} in its arguments, or as its last argument. Then it judges what arrived:"
                    + " whether the good offer was paid and how, and that the others were not.",
            "",
            "Your command needs what it pays with. A good offer is method wallet, intent charge, 0.01 USD to"
                    + " http://127.0.0.1:PORT, signed; any wallet is accepted, opened or not. For another method, say in the"
                    + " config file what a good request looks like. Dear offers ask for 1000000 USD, so give it a limit.",
            "",
            "Give it a new purse for each run, too: the payees have new keys then, at ports where an earlier run may have had"
                    + " others.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything that binds holds",
            "1:a MUST is not met",
            "2:the command was called wrongly",
            "3:a SHOULD is not met, every MUST is",
            "4:nothing could be checked"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Farthing's own client:",
            "    java -jar farthing.jar wallet new --home purse",
            "    java -jar farthing-conformance.jar client \\",
            "      -- java -jar farthing.jar get --home purse --loopback --max 0.02usd",
            "  With --post, requests that have a body are checked too:",
            "      --post 'java -jar farthing.jar post --home purse --loopback",
            "              --max 0.02usd --data-file {body} {url}'",
            "  With --buy and --tokens, blind tokens are checked too:",
            "      --profile token",
            "      --buy 'java -jar farthing.jar tokens buy --home purse --loopback {url} 0.0021usd'",
            "      --tokens 'java -jar farthing.jar get --home purse --loopback",
            "                --max 0.02usd --tokens {url}'",
            "  One scenario, with what was sent and what came:",
            "    java -jar farthing-conformance.jar client --only C4-expired -- ./my-client",
            "  Another method of payment, or a command with a budget:",
            "    java -jar farthing-conformance.jar client --config lab.json -- ./my-client"
        })
public final class ClientCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "The program and its arguments, after --. It fetches a URL and pays if it must and may.")
    private List<String> command = new ArrayList<>();

    @Option(
            names = "--post",
            paramLabel = "LINE",
            description =
                    "How your client posts the file {body} to {url}, words separated by spaces. Without it, requests with a"
                            + " body are not checked.")
    private @Nullable String post;

    @Option(
            names = "--buy",
            paramLabel = "LINE",
            description =
                    "How your client buys blind tokens for 0.0021 USD at the issuer {url}, for pages of the same origin.")
    private @Nullable String buy;

    @Option(
            names = "--tokens",
            paramLabel = "LINE",
            description = "How your client fetches {url} and pays with blind tokens and in no other way.")
    private @Nullable String tokens;

    @Option(
            names = "--profile",
            paramLabel = "core|wallet|token",
            converter = ProfileWord.class,
            description =
                    "core: the Payment scheme; wallet: Farthing's method wallet too; token: blind tokens too, with"
                            + " --buy and --tokens. Default: core.")
    private Profile profile = Profile.CORE;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "JSON: the method of payment, further commands, the time limit (schemas/client-lab.json).")
    private @Nullable Path config;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where the usual payee listens, for clients that know payees by their address. Default: any.")
    private @Nullable Integer port;

    @Option(
            names = "--tls",
            paramLabel = "FILE",
            description =
                    "Have the payees speak https, with a certificate for 127.0.0.1 that is made for this run and written to this"
                            + " file for your command to trust.")
    private @Nullable Path certificate;

    @Option(
            names = "--plain-host",
            paramLabel = "ADDRESS",
            description =
                    "An address of this machine that is not loopback: the suite listens there with plain http while it runs, to"
                            + " see that your client does not pay. Without it, that is not checked.")
    private @Nullable String plainHost;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long one run of the command may take. Default: 30.")
    private @Nullable Integer timeout;

    @Mixin
    private ReportOptions report = new ReportOptions();

    /** Made by picocli, which fills in the options before it calls the command. */
    @SuppressWarnings("NullAway.Init")
    ClientCommand() {}

    @Override
    public Integer call() {
        ClientConfig settings = settings();
        boolean known = settings.commands().containsKey(Errand.GET);
        if (!known && !report.listing()) {
            throw new ParameterException(
                    spec.commandLine(), "Say what to run, after --, for example: client -- ./my-client {url}");
        }
        String subject = known ? String.join(" ", settings.commands().get(Errand.GET)) : "a client";
        return report.run(
                ClientSuite.all(), () -> lab(settings), new About("client", subject, profile, facts(settings)));
    }

    private ClientLab lab(ClientConfig settings) throws IOException {
        ProcessRunner runner = new ProcessRunner(settings.commands());
        runner.requirePrograms();
        return ClientLab.open(
                        settings.method(),
                        runner,
                        InstantSource.system(),
                        settings.patience(),
                        sockets(),
                        settings.port())
                .plainAt(plainHost);
    }

    private ServerSocketFactory sockets() throws IOException {
        if (certificate == null) {
            return ServerSocketFactory.getDefault();
        }
        LabCertificate made = LabCertificate.make(
                InetAddress.getLoopbackAddress(), InstantSource.system().instant());
        Files.writeString(certificate, made.pem());
        return made.sockets();
    }

    private Map<String, String> facts(ClientConfig settings) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "method",
                settings.method().name() + ", intent " + settings.method().intent());
        List<String> posting = settings.commands().get(Errand.POST);
        if (posting != null) {
            facts.put("posting", String.join(" ", posting));
        }
        if (config != null) {
            facts.put("config", config.toString());
        }
        return facts;
    }

    private ClientConfig settings() {
        ClientConfig settings;
        try {
            settings = config == null ? ClientConfig.usual() : ClientConfig.read(config);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        if (!command.isEmpty()) {
            settings = settings.with(Errand.GET, command);
        }
        settings = also(settings, Errand.POST, post);
        settings = also(settings, Errand.BUY, buy);
        settings = also(settings, Errand.TOKENS, tokens);
        if (timeout != null) {
            settings = settings.within(Duration.ofSeconds(bounded(timeout, 1, 3600, "--timeout")));
        }
        return port == null ? settings : settings.at(bounded(port, 0, 65_535, "--port"));
    }

    private static ClientConfig also(ClientConfig settings, String kind, @Nullable String line) {
        return line == null
                ? settings
                : settings.with(kind, List.of(line.strip().split("\\s+")));
    }

    private int bounded(int number, int least, int most, String option) {
        if (number < least || number > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " takes a whole number from " + least + " to " + most);
        }
        return number;
    }
}
