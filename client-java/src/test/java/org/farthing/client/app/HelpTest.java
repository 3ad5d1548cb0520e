package org.farthing.client.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(60)
class HelpTest {

    @TempDir
    Path temp;

    private Cli cli;

    @BeforeEach
    void start() throws Exception {
        cli = new Cli(temp);
    }

    @AfterEach
    void stop() throws Exception {
        cli.close();
    }

    /** Every command line there is, such as {@code wallet topup}. */
    static Stream<List<String>> commands() {
        List<List<String>> paths = new ArrayList<>();
        collect(List.of(), FarthingCommand.commandLine(Shell.ofProcess()), paths);
        return paths.stream();
    }

    private static void collect(List<String> path, CommandLine command, List<List<String>> paths) {
        command.getSubcommands().forEach((name, sub) -> {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(name);
            paths.add(deeper);
            collect(deeper, sub, paths);
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_ofEachCommand_teaches(List<String> path) {
        String command = String.join(" ", path);
        List<String> args = new ArrayList<>(path);
        args.add("--help");
        Cli.Run run = cli.run(args.toArray(String[]::new));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("Usage: farthing " + command).containsPattern("(?s)^[A-Z].*\\.\nUsage:");
        assertThat(run.out()).as("a description").containsPattern("\\n\n[A-Z][^\n]{40,}");
        if (run.out().contains("Commands:")) {
            assertThat(path).hasSizeLessThan(3);
        } else {
            assertThat(run.out()).containsPattern("Examples?:\\s+farthing " + command);
        }
        assertThat(run.out().lines()).allMatch(text -> text.length() <= 100, "fits a terminal");
    }

    @Test
    void help_ofTheWhole_listsCommandsAndExitCodes() {
        Cli.Run run = cli.run("--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("get ", "post ", "wallet ", "tokens ", "trust ", "receipt ", "journal ");
        assertThat(run.out())
                .containsPattern("3 +it has a price, and nothing was paid")
                .contains("Exit codes:");
    }

    @Test
    void version_isPrinted() {
        assertThat(cli.run("--version").out()).startsWith("farthing ").contains("on Java");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "wallet",
                "wallet topup",
                "wallet service",
                "wallet service add wallet.example",
                "wallet service add http://127.0.0.1:1",
                "wallet service remove",
                "wallet limit https://wallet.example 1usd --none usd",
                "wallet limit https://wallet.example --none dollars",
                "wallet thaw https://wallet.example",
                "wallet recover",
                "wallet new --at https://wallet.example --daily-limit much",
                "wallet new --at https://wallet.example --daily-limit 1usd --daily-limit 2usd",
                "nonsense",
                "get",
                "get --nonsense https://api.example.com/",
                "get --max 0,02usd https://api.example.com/",
                "get --max 0.02 https://api.example.com/",
                "get --max 0.02usd --budget 1eur https://api.example.com/",
                "get --budget 1usd/minute https://api.example.com/",
                "get --max 0.02usd ftp://api.example.com/",
                "get --max 0.02usd http://user:word@127.0.0.1/",
                "get -H no-colon https://api.example.com/",
                "post --data a --data-file b https://api.example.com/",
                "wallet new --at api.example.com",
                "wallet new --at http://127.0.0.1:1",
                "wallet show http://127.0.0.1:1/x",
                "wallet statement https://api.example.com --limit 0",
                "get --tokens --via-wallet --max 0.02usd https://api.example.com/",
                "tokens",
                "tokens buy",
                "tokens buy api.example.com 1usd",
                "tokens buy https://api.example.com 1",
                "tokens buy https://api.example.com 1usd --budget 1eur/day",
                "tokens buy http://127.0.0.1:1 1usd",
                "tokens buy https://api.example.com 1usd --issuer http://127.0.0.1:1",
                "tokens topup https://api.example.com 1usd --below 1usd",
                "tokens topup https://api.example.com 1usd --budget 1usd",
                "tokens topup https://api.example.com 1usd --below 1eur --budget 1usd/day",
                "tokens topup https://api.example.com 1usd --below 1usd --budget 1usd/day --within 0",
                "tokens refund",
                "tokens swap",
                "tokens restore http://127.0.0.1:1",
                "trust",
                "trust show",
                "trust show api.example.com",
                "trust show http://127.0.0.1:1",
                "trust add https://api.example.com",
                "trust accept https://api.example.com",
                "trust forget",
                "trust mode sometimes",
                "receipt verify",
                "journal"
            })
    void mistake_onTheCommandLine_isUsageError(String line) throws Exception {
        try (Cli made = Cli.withPurse(temp.resolve("made"))) {
            String[] args = line.isEmpty() ? new String[0] : line.split(" ", -1);
            Cli.Run run = made.run(args);
            assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).startsWith("farthing: ").contains("--help").doesNotContain("Exception");
            assertThat(made.server.received()).isEmpty();
        }
    }
}
