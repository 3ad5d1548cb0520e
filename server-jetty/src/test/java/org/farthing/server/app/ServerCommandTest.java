package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class ServerCommandTest {

    static Stream<List<String>> everyCommand() {
        List<List<String>> all = new ArrayList<>();
        collect(ServerCommand.commandLine(InstantSource.system()), List.of(), all);
        return all.stream();
    }

    private static void collect(CommandLine command, List<String> path, List<List<String>> all) {
        if (!path.contains("help")) {
            all.add(path);
        }
        command.getSubcommands().forEach((name, sub) -> {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(name);
            collect(sub, deeper, all);
        });
    }

    @ParameterizedTest
    @MethodSource("everyCommand")
    void help_ofEveryCommand_teachesWithAnExample(List<String> path) {
        List<String> words = new ArrayList<>(path);
        words.add("--help");
        Terminal terminal = Terminal.run(words.toArray());

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).contains("Usage: farthing-server");
        assertThat(terminal.out().substring(terminal.out().indexOf('\n')))
                .as("an example below the usage line")
                .contains("  farthing-server " + String.join(" ", path));
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void help_ofTheWhole_saysTheExitCodes() {
        assertThat(Terminal.run("--help").out())
                .contains("Exit codes:")
                .containsPattern("0 +done")
                .containsPattern("1 +failed")
                .containsPattern("2 +wrong use");
    }

    @Test
    void version_always_namesTheProgram() {
        Terminal terminal = Terminal.run("--version");

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).startsWith("farthing-server ").contains(" on Java ");
    }

    @ParameterizedTest
    @MethodSource("wrongUse")
    void wrongUse_always_isExitCode2WithHelpOnStandardError(List<String> words) {
        Terminal terminal = Terminal.run(words.toArray());

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err()).contains("Usage: farthing-server");
        assertThat(terminal.out()).isEmpty();
    }

    static Stream<List<String>> wrongUse() {
        return Stream.of(
                List.of(),
                List.of("sell"),
                List.of("--nonsense"),
                List.of("keys"),
                List.of("keys", "burn"),
                List.of("keys", "init", "--alg", "rsa"),
                List.of("keys", "rotate", "--in", "PT59M"),
                List.of("keys", "rotate", "--in", "soon"),
                List.of("wallet"),
                List.of("wallet", "topup", "w_x", "5usd"),
                List.of("wallet", "topup", "--store", "a", "--url", "http://127.0.0.1", "--admin", "b", "w_x", "5usd"),
                List.of("wallet", "topup", "--url", "http://127.0.0.1", "w_x", "5usd"),
                List.of("wallet", "topup", "--store", "a", "w_x"),
                List.of("wallet", "list"),
                List.of("wallet-service"),
                List.of("wallet-service", "--store", "a", "--origin", "wallet.example"),
                List.of("payee"),
                List.of("payee", "list", "--url", "http://127.0.0.1"),
                List.of("payee", "add", "--url", "http://127.0.0.1", "--admin", "b"),
                List.of("ledger"),
                List.of("ledger", "check"));
    }
}
