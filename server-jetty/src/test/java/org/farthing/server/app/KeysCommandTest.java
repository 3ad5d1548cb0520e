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
    void rotate_once_showsBothKeysAndWhenTheNewOneSigns() throws IOException {
        Terminal.runAt(clock, "keys", "init", "--dir", keys, "--alg", "es256");
        clock.advance(Duration.ofDays(90));

        Terminal terminal = Terminal.runAt(clock, "keys", "rotate", "--dir", keys, "--in", "PT48H");

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).contains("(signs now)").contains("signs with it from 2027-02-22T10:00:00Z on");
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
        assertThat(terminal.out())
                .contains("challenge-20261122T100000Z.secret  (makes ids now)")
                .contains("challenge-20270220T101000Z.secret\n    from 2027-02-20T10:10:00Z\n")
                .contains("verifies until 2027-02-21T12:10:00Z");
        clock.advance(Duration.ofMinutes(10));
        Terminal later = Terminal.runAt(clock, "keys", "list", "--dir", keys);
        assertThat(later.out())
                .contains("challenge-20270220T101000Z.secret  (makes ids now)")
                .contains("challenge-20261122T100000Z.secret\n");
        assertPrintsNoSecret(terminal);
        assertPrintsNoSecret(later);
    }

    @Test
    void rotate_secretAtOnce_isForASingleServer() {
        Terminal.runAt(clock, "keys", "init", "--dir", keys);
        clock.advance(Duration.ofSeconds(5));

        Terminal terminal = Terminal.runAt(clock, "keys", "rotate", "--dir", keys, "--secret", "--in", "PT0S");

        assertThat(terminal.out()).contains("challenge-20261122T100005Z.secret  (makes ids now)");
        assertThat(Terminal.runAt(clock, "keys", "rotate", "--dir", keys, "--secret", "--in", "-PT1S")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    @Requirement({"F-KY-44", "T36"})
    void revoke_theOnlyKey_isRefusedUnlessForcedOrReplaced() throws IOException {
        String kid = kid(Terminal.runAt(clock, "keys", "init", "--dir", keys));
        clock.advance(Duration.ofDays(1));

        Terminal refused = Terminal.runAt(clock, "keys", "revoke", kid, "--dir", keys);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("--replace").contains("--force").doesNotContain("Exception");

        Terminal replaced = Terminal.runAt(clock, "keys", "revoke", kid, "--dir", keys, "--replace");
        assertThat(replaced.exitCode()).isZero();
        assertThat(replaced.out())
                .contains("revoked 2026-11-23T10:00:00Z")
                .contains("(signs now)")
                .doesNotContain(kid + "  (signs now)");
        assertPrintsNoSecret(replaced);

        String other = kid(replaced, "(signs now)");
        Terminal forced = Terminal.runAt(clock, "keys", "revoke", other, "--dir", keys, "--force");
        assertThat(forced.exitCode()).isZero();
        assertThat(forced.out()).contains("No key may be used now").doesNotContain("(signs now)");
        assertPrintsNoSecret(forced);
    }

    @Test
    void revoke_idThatBeginsWithAHyphen_isAnIdAndNoOption() {
        Terminal.runAt(clock, "keys", "init", "--dir", keys);

        Terminal terminal = Terminal.runAt(clock, "keys", "revoke", "--ZpmRS0VK", "--dir", keys);
        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).contains("--ZpmRS0VK").doesNotContain("Unknown option");
    }

    @Test
    @Requirement("F-KY-44")
    void revoke_atATimeWhenAnotherSigns_isDone() {
        String kid = kid(Terminal.runAt(clock, "keys", "init", "--dir", keys));
        clock.advance(Duration.ofSeconds(5));
        Terminal.runAt(clock, "keys", "rotate", "--dir", keys, "--in", "PT2H");

        assertThat(Terminal.runAt(clock, "keys", "revoke", kid, "--dir", keys, "--at", "2026-11-22T11:00:00Z")
                        .exitCode())
                .isEqualTo(1);
        Terminal terminal = Terminal.runAt(clock, "keys", "revoke", kid, "--dir", keys, "--at", "2026-11-22T12:00:05Z");
        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).contains(kid + "  (signs now)").contains("Revoked since 2026-11-22T12:00:05Z");
    }

    @Test
    void revoke_nobody_isOneSentence() {
        Terminal.runAt(clock, "keys", "init", "--dir", keys);

        Terminal terminal = Terminal.runAt(clock, "keys", "revoke", "nobody", "--dir", keys);

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).contains("There is no key nobody").contains("keys list");
    }

    @Test
    @Requirement("F-BI-12")
    void prune_spentSecret_isSaidFirstAndThenDeleted() {
        Terminal.runAt(clock, "keys", "init", "--dir", keys);
        clock.advance(Duration.ofSeconds(5));
        Terminal.runAt(clock, "keys", "rotate", "--dir", keys, "--secret", "--in", "PT0S");
        assertThat(Terminal.runAt(clock, "keys", "prune", "--dir", keys).out()).contains("Nothing to delete");
        clock.advance(Duration.ofHours(26).plusSeconds(1));
        Path spent = keys.resolve("challenge-20261122T100000Z.secret");

        assertThat(Terminal.runAt(clock, "keys", "list", "--dir", keys).out())
                .contains("challenge-20261122T100000Z.secret  (spent");
        assertThat(Terminal.runAt(clock, "keys", "prune", "--dir", keys, "--dry-run")
                        .out())
                .isEqualTo("would delete " + spent + System.lineSeparator());
        assertThat(spent).exists();
        assertThat(Terminal.runAt(clock, "keys", "prune", "--dir", keys).out())
                .isEqualTo("deleted " + spent + System.lineSeparator());
        assertThat(spent).doesNotExist();
    }

    private static String kid(Terminal terminal) {
        return kid(terminal, "(signs now)");
    }

    /** The kid of the line that ends so. */
    private static String kid(Terminal terminal, String end) {
        return terminal.out()
                .lines()
                .filter(line -> line.endsWith(end))
                .findFirst()
                .orElseThrow()
                .strip()
                .split(" ", -1)[0];
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
