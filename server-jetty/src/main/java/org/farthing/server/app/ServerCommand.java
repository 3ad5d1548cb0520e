package org.farthing.server.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the server: {@code java -jar farthing-server.jar}. */
@Command(
        name = "farthing-server",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Sells what you have over HTTP: a fraction of a cent per request, paid within the request.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            WalletServiceCommand.class,
            PayeeCommand.class,
            KeysCommand.class,
            WalletCommand.class,
            LedgerCommand.class,
            OutboxCommand.class,
            ReconcileCommand.class,
            RefundCommand.class,
            MintCommand.class,
            CommandLine.HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed; standard error says why", "2:wrong use of the command line"},
        footerHeading = "%nFrom nothing to a first sale:%n",
        footer = {
            "  farthing-server keys init --dir keys",
            "  farthing-server serve --keys keys --store shop.db --port 8402 --price 0.002usd docs/",
            "  curl -i http://127.0.0.1:8402/index.html          (402: what it costs and how to pay)",
            "  farthing-server wallet topup --url http://127.0.0.1:8402 --admin keys/admin.bearer w_... 5usd"
        })
public final class ServerCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /**
     * Runs the command line and ends the process with its exit code.
     *
     * @param args the arguments
     */
    public static void main(String[] args) {
        // Always UTF-8: what goes into a file must not depend on the terminal that started it.
        PrintWriter out = new PrintWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8), true);
        int exitCode = commandLine(InstantSource.system()).setOut(out).execute(args);
        out.flush();
        System.exit(exitCode);
    }

    /** The command line at a time that tests can set. */
    static CommandLine commandLine(InstantSource clock) {
        CommandLine line = new CommandLine(new ServerCommand(), new Commands(clock));
        // A key's id may begin with a hyphen.
        subcommand(subcommand(line, "keys"), "revoke").setUnmatchedOptionsArePositionalParams(true);
        return line.registerConverter(StoreAddress.class, text -> StoreAddress.parse(text))
                .registerConverter(Instant.class, TypedTime::parse)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(110)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((wrongUse, words) -> explain(wrongUse))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("farthing-server: " + Sentence.of(failure));
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    private static CommandLine subcommand(CommandLine line, String name) {
        return Objects.requireNonNull(line.getSubcommands().get(name), name);
    }

    /** What was wrong, how the command is used, and where to read more: not the whole help text. */
    private static int explain(ParameterException wrongUse) {
        CommandLine command = wrongUse.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("farthing-server: " + wrongUse.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(wrongUse, err);
        err.print(command.getHelp().fullSynopsis());
        err.println("Help:  " + command.getCommandSpec().qualifiedName() + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }

    /** Makes the commands that need to know the time. */
    private record Commands(InstantSource clock) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == KeysCommand.class) {
                return type.cast(new KeysCommand(clock));
            }
            if (type == ReconcileCommand.class) {
                return type.cast(new ReconcileCommand(clock));
            }
            if (type == MintKeysList.class) {
                return type.cast(new MintKeysList(clock));
            }
            if (type == MintRotate.class) {
                return type.cast(new MintRotate(clock));
            }
            return type == DemoCommand.class
                    ? type.cast(new DemoCommand(clock))
                    : CommandLine.defaultFactory().create(type);
        }
    }
}
