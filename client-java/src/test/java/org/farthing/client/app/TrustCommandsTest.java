package org.farthing.client.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestPayee;
import org.farthing.client.trust.OriginPins;
import org.farthing.client.trust.OriginPins.Source;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TrustCommandsTest {

    @TempDir
    Path temp;

    private Cli cli;

    @BeforeEach
    void start() throws Exception {
        cli = Cli.withPurse(temp);
    }

    @AfterEach
    void stop() throws Exception {
        cli.close();
    }

    private OriginPins pins() throws Exception {
        return OriginPins.open(cli.home.resolve("pins.json"));
    }

    private String origin() {
        return cli.server.origin().text();
    }

    private String key(TestPayee payee) {
        return payee.key().publicKey().thumbprint();
    }

    private int buys(String... options) {
        String[] line = new String[options.length + 5];
        line[0] = "get";
        System.arraycopy(options, 0, line, 1, options.length);
        System.arraycopy(
                new String[] {"--loopback", "--max", "0.01usd", cli.url("/a")}, 0, line, options.length + 1, 4);
        return cli.run(line).exitCode();
    }

    /** Somebody else with other keys answers at the same address now. */
    private TestPayee stranger() throws Exception {
        TestPayee stranger = new TestPayee(cli.server.origin(), cli.clock);
        cli.server.script(stranger.honest(cli.purse().publicKey(cli.server.origin())));
        return stranger;
    }

    @Test
    @Requirement({"F-KY-60", "F-KY-65"})
    void list_paidAndAdded_saysSinceWhen() throws Exception {
        assertThat(cli.run("trust", "list").err()).contains("nobody yet", "farthing trust add");
        buys();
        Cli.Run run = cli.run("trust", "list");
        assertThat(run.out()).isEqualTo(origin() + "  1 key, first paid 2026-11-22T09:00:30Z\n");
        cli.run("trust", "add", "--loopback", "--yes", origin());
        assertThat(cli.run("trust", "list").out()).contains("1 key, added by you 2026-11-22T09:00:30Z");
    }

    @Test
    @Requirement({"F-KY-64"})
    void show_changed_putsBothKeysBelowEachOther() throws Exception {
        buys();
        Cli.Run same = cli.run("trust", "show", "--loopback", origin());
        assertThat(same.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(same.out()).contains("verdict    as you trust it");
        TestPayee stranger = stranger();
        Cli.Run run = cli.run("trust", "show", "--loopback", origin());
        assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(run.out())
                .isEqualTo("server     " + origin() + "\n"
                        + "pinned     first paid 2026-11-22T09:00:30Z\n"
                        + "  payee    " + origin() + "  (the server itself)\n"
                        + "  signs    its offers; others are not paid\n"
                        + "  key      " + TrustLines.grouped(key(cli.payee)) + "\n"
                        + "published  " + origin() + "/.well-known/payment-keys\n"
                        + "  payee    " + origin() + "  (the server itself)\n"
                        + "  signs    its offers; others are not paid\n"
                        + "  key      " + TrustLines.grouped(key(stranger)) + "\n"
                        + "verdict    CHANGED: " + origin() + " lists none of the keys it had before\n");
        assertThat(run.err()).contains("farthing trust accept " + origin());
        assertThat(pins().of(cli.server.origin()).orElseThrow().thumbprints()).containsExactly(key(cli.payee));
    }

    @Test
    void show_neverSeen_pinsNothing() throws Exception {
        Cli.Run run = cli.run("trust", "show", "--loopback", origin());
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).contains("pinned     nothing", TrustLines.grouped(key(cli.payee)));
        assertThat(pins().all()).isEmpty();
    }

    @Test
    void show_noKeyDocument_saysSo() {
        cli.server.script(request -> Reply.of(404));
        Cli.Run run = cli.run("trust", "show", "--loopback", origin());
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).contains("the keys of " + origin() + " could not be fetched (404)");
    }

    @Test
    @Requirement({"F-KY-63", "F-KY-65", "C16"})
    void add_inListedMode_isWhatLetsAPayeeBePaid() throws Exception {
        assertThat(cli.run("trust", "mode").out()).isEqualTo("first-use\n");
        assertThat(cli.run("trust", "mode", "listed").out()).isEqualTo("listed\n");
        assertThat(cli.run("trust", "list").err())
                .contains("Only these are paid", "farthing trust add")
                .doesNotContain("first paid,");
        Cli.Run refused = cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        assertThat(refused.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(refused.err()).contains("NOT_TRUSTED", "farthing trust add ORIGIN");
        cli.type("y\n");
        Cli.Run added = cli.run("trust", "add", "--loopback", origin());
        assertThat(added.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(added.err()).contains("Trust " + origin() + " with these keys? [y/N]", "is trusted now");
        assertThat(pins().of(cli.server.origin()).orElseThrow().source()).isEqualTo(Source.OWNER);
        assertThat(buys()).isEqualTo(ExitCode.SERVED);
        assertThat(cli.run("trust", "list").err()).contains("Only these are paid");
        assertThat(cli.run("trust", "mode", "first-use").out()).isEqualTo("first-use\n");
    }

    @Test
    @Requirement("F-KY-63")
    void get_trustedOnly_isForThisRequestAlone() {
        assertThat(buys("--trusted-only")).isEqualTo(ExitCode.DECLINED);
        Cli.Run look = cli.run("get", "--dry-run", "--trusted-only", "--loopback", "--max", "0.01usd", cli.url("/a"));
        assertThat(look.out()).contains("would not be paid: ", "not among the payees you trust");
        assertThat(buys()).isEqualTo(ExitCode.SERVED);
        assertThat(buys("--trusted-only")).isEqualTo(ExitCode.SERVED);
    }

    @Test
    @Requirement({"F-KY-65", "T36"})
    void add_keyFromElsewhere_mustBePublished() throws Exception {
        TestPayee other = new TestPayee(cli.server.origin(), cli.clock);
        Cli.Run wrong = cli.run("trust", "add", "--loopback", "--key", key(other), "--yes", origin());
        assertThat(wrong.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(wrong.err()).contains("does not publish the key " + key(other));
        assertThat(pins().all()).isEmpty();
        Cli.Run right =
                cli.run("trust", "add", "--loopback", "--key", TrustLines.grouped(key(cli.payee)), origin() + "/");
        assertThat(right.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(pins().all()).containsOnlyKeys(cli.server.origin());
    }

    /** Thumbprints are base64url: some begin with a hyphen, and some of these as an option does. */
    @Test
    @Requirement("F-KY-65")
    void add_keyThatLooksLikeAnOption_isAKey() {
        for (String start : List.of("-h", "-hA", "-y", "--", "-A")) {
            String thumbprint = start + "A".repeat(43 - start.length());
            for (String written : List.of(thumbprint, TrustLines.grouped(thumbprint))) {
                assertThat(cli.run("trust", "add", "--loopback", "--key", written, origin())
                                .err())
                        .as(written)
                        .contains("does not publish the key " + thumbprint);
            }
            assertThat(cli.run("trust", "add", "--loopback", "--key=" + thumbprint, origin())
                            .err())
                    .contains("does not publish the key " + thumbprint);
        }
        Cli.Run forgotten = cli.run("trust", "add", "--loopback", "--key", "--yes", origin());
        assertThat(forgotten.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void add_anythingButYes_changesNothing() throws Exception {
        for (String typed : new String[] {"\n", "no\n", "yea\n", ""}) {
            cli.type(typed);
            Cli.Run run = cli.run("trust", "add", "--loopback", origin());
            assertThat(run.exitCode()).as(typed).isEqualTo(ExitCode.DECLINED);
            assertThat(run.err()).contains("nothing was changed");
        }
        assertThat(pins().all()).isEmpty();
    }

    @Test
    @Requirement({"F-KY-61", "F-KY-64", "T37"})
    void accept_afterTheKeysChanged_isPaidAgain() throws Exception {
        Cli.Run unknown = cli.run("trust", "accept", "--loopback", "--yes", origin());
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(unknown.err()).contains("you do not trust it yet");
        buys();
        assertThat(cli.run("trust", "accept", "--loopback", "--yes", origin()).err())
                .contains("nothing was changed");
        TestPayee stranger = stranger();
        Cli.Run declined = cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        assertThat(declined.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(declined.err()).contains("farthing trust show ORIGIN", "farthing trust accept ORIGIN");
        assertThat(cli.run("trust", "add", "--loopback", "--yes", origin()).err())
                .contains("you trust it already, as something else", "farthing trust accept");
        assertThat(pins().of(cli.server.origin()).orElseThrow().thumbprints()).containsExactly(key(cli.payee));
        cli.type("yes\r\n");
        assertThat(cli.run("trust", "accept", "--loopback", origin()).exitCode())
                .isEqualTo(ExitCode.SERVED);
        assertThat(buys()).isEqualTo(ExitCode.SERVED);
        assertThat(stranger.payments()).isOne();
    }

    @Test
    void forget_pinned_isPaidAsIfNew() throws Exception {
        buys();
        assertThat(cli.run("trust", "forget", origin()).exitCode()).isEqualTo(ExitCode.SERVED);
        Cli.Run again = cli.run("trust", "forget", origin());
        assertThat(again.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(again.err()).contains("not on your list");
        TestPayee stranger = stranger();
        assertThat(buys()).isEqualTo(ExitCode.SERVED);
        assertThat(stranger.payments()).isOne();
    }

    @Test
    @Requirement({"F-KY-61", "F-KY-64"})
    void trustNewKeys_saysWhatChanged() throws Exception {
        buys();
        TestPayee stranger = stranger();
        Cli.Run run = cli.run("get", "--trust-new-keys", "--loopback", "--max", "0.01usd", cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.err()).contains("lists none of the keys it had before; you said to pay it all the same");
        assertThat(stranger.payments()).isOne();
    }

    @Test
    void anything_pinsReadableByOthersOrNoPurse_isRefused() throws Exception {
        buys();
        Files.setPosixFilePermissions(cli.home.resolve("pins.json"), PosixFilePermissions.fromString("rw-r--r--"));
        Cli.Run run = cli.run("trust", "list");
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).contains("pins.json", "chmod go-rwx");
        try (Cli fresh = new Cli(temp.resolve("fresh"))) {
            assertThat(fresh.run("trust", "list").err()).contains("farthing wallet new");
        }
    }
}
