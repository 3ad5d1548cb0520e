package org.farthing.conformance;

import org.farthing.conformance.client.ClientCommand;
import org.farthing.conformance.payer.ReferenceClientCommand;
import org.farthing.conformance.reference.ReferenceServerCommand;
import org.farthing.conformance.server.ServerCommand;
import org.farthing.conformance.vectors.VectorsCommand;
import org.farthing.conformance.wallet.WalletSuiteCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line of {@code farthing-conformance.jar}: proves that an implementation speaks the protocol. {@link Main} starts it.
 *
 * <p>Exit codes are the same for every subcommand that checks something: 0 everything holds, 1 something that binds does not, 2 the
 * command was called wrongly, 3 only recommendations are not followed, 4 nothing could be checked.
 */
@Command(
        name = "farthing-conformance",
        versionProvider = ConformanceCommand.JarVersion.class,
        subcommands = {
            ServerCommand.class,
            ClientCommand.class,
            WalletSuiteCommand.class,
            VectorsCommand.class,
            ReferenceServerCommand.class,
            ReferenceClientCommand.class,
            AdapterCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Proves that an implementation speaks the Payment scheme of HTTP (402), in any language.",
            "",
            "Point it at a running server or wallet service, or let it run your client: it says requirement by requirement what holds, and of"
                    + " what does not, what to do. --html FILE makes a report to read, --json and --junit make one for programs."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything that was checked holds",
            "1:a MUST is not met, a vector does not hold, or there were no vectors",
            "2:the command was called wrongly, or could not begin",
            "3:every MUST that was checked is met, a SHOULD is not",
            "4:nothing could be checked"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  A server, without paying and then paying:",
            "    farthing-conformance server https://shop.example/article",
            "    farthing-conformance server --config shop.json --html report.html",
            "  A client, run once for each of many servers that are good, broken or hostile:",
            "    farthing-conformance client --html report.html -- my-client --pay {url}",
            "  Something to try the first one on:",
            "    farthing-conformance reference-server",
            "",
            "farthing-conformance stands for java -jar farthing-conformance.jar."
        })
public final class ConformanceCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    // Picocli reads both: with one of them set it prints and does not call the command.
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    private boolean help;

    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version and exit.")
    private boolean version;

    /** Made by {@link #commandLine()}; picocli fills in the specification before it runs anything. */
    @SuppressWarnings("NullAway.Init")
    ConformanceCommand() {}

    /**
     * Runs the command and ends the process with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /**
     * The command with all its subcommands, for the main method and for tests.
     *
     * @return a command line that writes to standard output and standard error until told otherwise
     */
    public static CommandLine commandLine() {
        // An @ begins a file's name in options of commands, not a file of options.
        return new CommandLine(new ConformanceCommand()).setExpandAtFiles(false);
    }

    /** Called without a subcommand: nothing was checked, so this must not look like a success. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to check, for example: server https://shop.example/article");
    }

    /** Reads the version that the build wrote into the jar's manifest. */
    static final class JarVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = ConformanceCommand.class.getPackage().getImplementationVersion();
            return new String[] {"farthing-conformance " + (version == null ? "(not run from its jar)" : version)};
        }
    }
}
