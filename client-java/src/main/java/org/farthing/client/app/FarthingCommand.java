package org.farthing.client.app;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The command line of the client: {@code java -jar farthing.jar}. */
@Command(
        name = "farthing",
        versionProvider = Version.class,
        header = "Gets things from the web that cost a fraction of a cent, and pays for them.",
        description = {
            "",
            "It pays within limits that you set, and never without one. Where a server answers 402 Payment Required, it"
                    + " checks who asks, for what and how much, counts the money against your budget, signs an order,"
                    + " and asks again.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
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
        footerHeading = "%nFrom nothing to a first purchase:%n",
        footer = {
            "  farthing get --dry-run https://api.example.com/report       what does it cost, who gets it?",
            "  farthing wallet new --at https://api.example.com            make a wallet, register it there",
            "  farthing wallet show https://api.example.com                fill it as the server says; look",
            "  farthing get --max 0.02usd https://api.example.com/report   buy it, for 0.02 USD at most"
        })
public final class FarthingCommand extends CommandGroup {

    private final Shell shell;

    private FarthingCommand(Shell shell) {
        this.shell = shell;
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Instead of ~/.farthing: the folder with your keys and the journal, for you alone.")
    void home(Path folder) {
        shell.useHome(folder);
    }

    /**
     * Runs the command line and ends the process with its exit code.
     *
     * @param args the arguments
     */
    public static void main(String[] args) {
        Shell shell = Shell.ofProcess();
        int exitCode = commandLine(shell).execute(args);
        shell.out().flush();
        System.exit(exitCode);
    }

    /** The command line, as tests run it. */
    static CommandLine commandLine(Shell shell) {
        CommandLine commandLine = new CommandLine(new FarthingCommand(shell))
                .addSubcommand(new GetCommand(shell))
                .addSubcommand(new PostCommand(shell))
                .addSubcommand(new CommandLine(new WalletCommand())
                        .addSubcommand(new WalletNewCommand(shell))
                        .addSubcommand(new WalletShowCommand(shell))
                        .addSubcommand(new WalletTopUpCommand(shell))
                        .addSubcommand(new WalletStatementCommand(shell))
                        .addSubcommand(new CommandLine(new WalletServiceCommand())
                                .addSubcommand(new ServiceAddCommand(shell))
                                .addSubcommand(new ServiceListCommand(shell))
                                .addSubcommand(new ServiceRemoveCommand(shell)))
                        .addSubcommand(new WalletLimitCommand(shell))
                        .addSubcommand(new WalletFreezeCommand(shell))
                        .addSubcommand(new WalletThawCommand(shell))
                        .addSubcommand(new WalletRecoverCommand(shell)))
                .addSubcommand(new CommandLine(new TokensCommand())
                        .addSubcommand(new TokensBuyCommand(shell))
                        .addSubcommand(new TokensListCommand(shell))
                        .addSubcommand(new TokensSwapCommand(shell))
                        .addSubcommand(new TokensTopUpCommand(shell))
                        .addSubcommand(new TokensRefundCommand(shell))
                        .addSubcommand(new TokensRecallCommand(shell))
                        .addSubcommand(new TokensRestoreCommand(shell)))
                .addSubcommand(new CommandLine(new TrustCommand())
                        .addSubcommand(new TrustListCommand(shell))
                        .addSubcommand(new TrustShowCommand(shell))
                        .addSubcommand(new TrustAddCommand(shell))
                        .addSubcommand(new TrustAcceptCommand(shell))
                        .addSubcommand(new TrustForgetCommand(shell))
                        .addSubcommand(new TrustModeCommand(shell)))
                .addSubcommand(new CommandLine(new ReceiptCommand()).addSubcommand(new ReceiptVerifyCommand(shell)))
                .addSubcommand(new CommandLine(new JournalCommand())
                        .addSubcommand(new JournalListCommand(shell))
                        .addSubcommand(new JournalResumeCommand(shell)));
        return commandLine
                .setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8))
                .setUsageHelpWidth(100)
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler((wrongUse, words) -> explain(wrongUse))
                .setExecutionExceptionHandler((failure, command, parsed) -> fail(failure, command, shell));
    }

    /** What was wrong, how the command is used, and where to read more: not the whole help text. */
    private static int explain(ParameterException wrongUse) {
        CommandLine command = wrongUse.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("farthing: " + wrongUse.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(wrongUse, err);
        err.print(command.getHelp().fullSynopsis());
        err.println("Help:  " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static int fail(Exception failure, CommandLine command, Shell shell) {
        shell.say("farthing: " + Sentence.of(failure));
        if (failure instanceof CommandException known) {
            if (known.exitCode() == ExitCode.USAGE) {
                shell.say("Help:  " + command.getCommandSpec().qualifiedName() + " --help");
            }
            return known.exitCode();
        }
        return ExitCode.ERROR;
    }
}
