package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement({"F-KY-40", "S42"})
class KeysCommandTest {

    private final TestClock clock = new TestClock();

    @TempDir
    private Path temp = Path.of("");

    private Path keys = temp;

    @BeforeEach
    void name() {
        keys = temp.resolve("keys");
    }

    @ParameterizedTest
    @CsvSource({"ed25519, ED25519", "es256, ES256"})
    void init_newFolder_saysWhatItMadeAndWhatIsNext(String alg, String shown) throws IOException {
        Terminal terminal = Terminal.runAt(clock, "keys", "init", "--dir", keys, "--alg", alg);

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out())
                .contains("(signs now)")
                .contains(shown + ", roles challenge receipt release")
                .contains("farthing-server serve --keys " + keys);
        assertPrintsNoSecret(terminal);
    }

    @Test
    void init_twice_isOneSentenceAndExitCode1() throws IOException {
        Terminal.runAt(clock, "keys", "init", "--dir", keys);
        Terminal again = Terminal.runAt(clock, "keys", "init", "--dir", keys);

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.out()).isEmpty();
        assertThat(again.err().strip())
                .startsWith("farthing-server: ")
                .contains("were not touched")
                .doesNotContain("\n")
                .doesNotContain("Exception");
        assertPrintsNoSecret(again);
    }

    @Test
    void list_noFolder_saysHowToMakeOne() {
        Terminal terminal = Terminal.runAt(clock, "keys", "list", "--dir", keys);

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).contains("farthing-server keys init --dir " + keys);
    }

    @Test
    void list_openToOthers_saysHowToCloseIt() throws IOException {
        Terminal.runAt(clock, "keys", "init", "--dir", keys);
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwxr-x---"));

        Terminal terminal = Terminal.runAt(clock, "keys", "list", "--dir", keys);

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).contains("chmod 700 " + keys);
    }

    @Test
    void rotate_once_showsBothKeysAndWhenToRestart() throws IOException {
        Terminal.runAt(clock, "keys", "init", "--dir", keys, "--alg", "es256");
        clock.advance(Duration.ofDays(90));

        Terminal terminal = Terminal.runAt(clock, "keys", "rotate", "--dir", keys, "--in", "PT48H");

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).contains("(signs now)").contains("within 47 hours");
        assertThat(terminal.out().split("ES256, roles", -1)).hasSize(3);
        assertThat(terminal.out())
                .contains("from 2026-11-22T10:00:00Z until 2027-12-27T10:00:00Z")
                .contains("from 2027-02-22T10:00:00Z until 2028-03-28T10:00:00Z");
        String shown = Terminal.runAt(clock, "keys", "list", "--dir", keys).out();
        clock.advance(Duration.ofDays(2));
        assertThat(Terminal.runAt(clock, "keys", "list", "--dir", keys).out())
                .as("the other key signs now")
                .isNotEqualTo(shown);
        assertPrintsNoSecret(terminal);
    }

    @Test
    void rotate_twiceInOneSecond_isRefusedAndKeepsTheFirst() {
        Terminal.runAt(clock, "keys", "init", "--dir", keys);
        Terminal again = Terminal.runAt(clock, "keys", "rotate", "--dir", keys);

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("not touched");
    }

    @Test
    @Requirement({"F-BI-12"})
    void rotate_secret_addsOneAndPrintsNeither() throws IOException {
        Terminal.runAt(clock, "keys", "init", "--dir", keys);
        clock.advance(Duration.ofDays(90));

        Terminal terminal = Terminal.runAt(clock, "keys", "rotate", "--dir", keys, "--secret");

        assertThat(terminal.exitCode()).isZero();
        try (Stream<Path> files = Files.list(keys)) {
            assertThat(files.filter(file -> file.toString().endsWith(".secret")))
                    .hasSize(2);
        }
        assertPrintsNoSecret(terminal);
    }

    private void assertPrintsNoSecret(Terminal terminal) throws IOException {
        try (Stream<Path> files = Files.list(keys)) {
            for (Path file : files.toList()) {
                String text = Files.readString(file).strip();
                String secret = text.startsWith("{") ? text.replaceAll("(?s).*\"d\":\"([^\"]+)\".*", "$1") : text;
                assertThat(secret).hasSize(43);
                assertThat(terminal.out() + terminal.err()).doesNotContain(secret);
            }
        }
    }
}
