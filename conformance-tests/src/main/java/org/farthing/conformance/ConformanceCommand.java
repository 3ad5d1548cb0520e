package org.farthing.conformance;

import org.farthing.conformance.client.ClientCommand;
import org.farthing.conformance.payer.ReferenceClientCommand;
import org.farthing.conformance.reference.ReferenceServerCommand;
import org.farthing.conformance.server.ServerCommand;
import org.farthing.conformance.vectors.VectorsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line of {@code farthing-conformance.jar}: proves that an implementation speaks the protocol. {@link Main} starts it.
 *
 * <p>Exit codes are the same for every subcommand: 0 everything holds, 1 something does not, 2 the command was called
 * wrongly.
 */
@Command(
        name = "farthing-conformance",
        mixinStandardHelpOptions = true,
        versionProvider = ConformanceCommand.JarVersion.class,
        subcommands = {
            VectorsCommand.class,
            ServerCommand.class,
            ReferenceServerCommand.class,
            ReferenceClientCommand.class,
            AdapterCommand.class,
            ClientCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Proves that an implementation speaks the Farthing protocol (HTTP 402, scheme Payment).",
            "Every command prints what it checked, names what failed, and ends with an exit code a script can use."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything that was checked holds",
            "1:something does not hold, or there was nothing to check",
            "2:the command was called wrongly"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  java -jar farthing-conformance.jar vectors", "  java -jar farthing-conformance.jar vectors --help"
        })
public final class ConformanceCommand implements Runnable {

    @Spec
    private CommandSpec spec;

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
        throw new ParameterException(spec.commandLine(), "Say what to check, for example: vectors");
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
