package org.farthing.client.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.farthing.client.files.OwnerOnly;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WalletCommandsTest {

    private static final String BEARER = "an-administrators-secret-of-some-length";

    @TempDir
    Path temp;

    private Cli cli;
    private Path admin;

    @BeforeEach
    void start() throws Exception {
        cli = new Cli(temp);
        cli.server.script(this::ledger);
        cli.keepSecret(BEARER);
        admin = temp.resolve("admin.bearer");
        OwnerOnly.create(admin, (BEARER + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    @AfterEach
    void stop() throws Exception {
        cli.close();
    }

    private String origin() {
        return cli.server.origin().text();
    }

    /** A ledger that knows one wallet: whichever asks. */
    private Reply ledger(Received request) {
        String wallet;
        try {
            wallet = cli.purse().walletId(cli.server.origin());
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        String account = "{\"available\":\"4999000\",\"currency\":\"usd.e6\",\"held\":\"1000\"}";
        String whole = "{\"accounts\":[" + account + "],\"created\":\"2026-11-22T09:58:00Z\",\"keys\":[],"
                + "\"status\":\"ACTIVE\",\"wallet\":\"" + wallet + "\"}";
        String path = request.target();
        if (path.equals("/v1/wallets")) {
            return Reply.of(201).body(whole.replace(account, ""));
        }
        if (path.equals("/v1/wallets/" + wallet)) {
            return Reply.ok(whole);
        }
        if (path.equals("/v1/wallets/" + wallet + "/topups")) {
            return Reply.of(201).body("{\"account\":" + account + ",\"wallet\":\"" + wallet + "\"}");
        }
        if (path.startsWith("/v1/wallets/" + wallet + "/statement")) {
            return Reply.ok("{\"next\":\"17\",\"transfers\":[{\"amount\":\"2500\",\"at\":\"2026-11-22T10:01:07Z\","
                    + "\"challengeId\":\"Gtls\",\"currency\":\"usd.e6\",\"from\":\"held\",\"id\":\"19\",\"kind\":\"capture\","
                    + "\"recipient\":\"https://api.example.com\",\"to\":\"payee\"}],\"wallet\":\"" + wallet + "\"}");
        }
        return Reply.problem(Problem.of(ProblemType.NOT_FOUND, "There is no such wallet."));
    }

    @Test
    @Requirement({"F-WA-11"})
    void newWallet_withoutServer_makesKeysOnce() throws Exception {
        Cli.Run first = cli.run("wallet", "new");
        assertThat(first.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cli.home)))
                .isEqualTo("rwx------");
        byte[] before = Files.readAllBytes(cli.home.resolve("purse.json"));
        Cli.Run again = cli.run("wallet", "new");
        assertThat(again.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(again.err()).contains("left as they are", "--at ORIGIN");
        assertThat(cli.home.resolve("purse.json")).hasBinaryContent(before);
    }

    @Test
    void newWallet_atServer_registersAndIsRemembered() throws Exception {
        Cli.Run run = cli.run("wallet", "new", "--loopback", "--at", origin());
        String id = cli.purse().walletId(cli.server.origin());
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).isEqualTo(id + "  " + origin() + "\n");
        assertThat(cli.run("wallet", "show").out()).isEqualTo(id + "  " + origin() + "\n");
        assertThat(cli.run("wallet", "new", "--loopback", "--at", origin() + "/")
                        .exitCode())
                .isEqualTo(ExitCode.SERVED);
    }

    @Test
    void newWallet_refusedByTheServer_saysItsWords() {
        cli.server.script(request -> Reply.problem(Problem.of(ProblemType.RATE_LIMITED, "Too many\u001b[2J wallets.")));
        Cli.Run run = cli.run("wallet", "new", "--loopback", "--at", origin());
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).contains("RATE_LIMITED: Too many [2J wallets.").doesNotContain("\u001b");
    }

    @Test
    void show_atServer_showsMoney() {
        cli.run("wallet", "new");
        Cli.Run run = cli.run("wallet", "show", "--loopback", origin());
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).contains("status     ACTIVE", "available  4.999 USD, and 0.001 USD set aside  (usd.e6)");
    }

    @Test
    void show_loopbackWithoutSwitch_isUsageError() {
        cli.run("wallet", "new");
        Cli.Run run = cli.run("wallet", "show", origin());
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.server.received()).isEmpty();
    }

    @Test
    @Requirement({"F-WA-25"})
    void topUp_sendsAmountInTheUsualCurrency() {
        cli.run("wallet", "new");
        Cli.Run run =
                cli.run("wallet", "topup", origin(), "5usd", "--loopback", "--key", "k1", "--admin", admin.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).isEqualTo("available  4.999 USD\n");
        Received request = cli.server.received().get(0);
        assertThat(request.header("Authorization")).contains("Bearer " + BEARER);
        assertThat(request.text())
                .isEqualTo("{\"amount\":\"5000000\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"k1\"}");
    }

    @Test
    @Requirement({"F-WA-12"})
    void topUp_adminFileReadableByOthers_isRefused() throws Exception {
        cli.run("wallet", "new");
        Files.setPosixFilePermissions(admin, PosixFilePermissions.fromString("rw-r--r--"));
        Cli.Run run = cli.run("wallet", "topup", origin(), "5usd", "--loopback", "--admin", admin.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).contains("chmod go-rwx");
        assertThat(cli.server.received()).isEmpty();
    }

    @Test
    void topUp_answerLost_saysHowToRepeat() {
        cli.run("wallet", "new");
        cli.server.script(request -> Reply.drop());
        Cli.Run run =
                cli.run("wallet", "topup", origin(), "5usd", "--loopback", "--key", "k1", "--admin", admin.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).contains("--key k1");
    }

    @Test
    void topUp_amountTooFine_isUsageError() {
        cli.run("wallet", "new");
        Cli.Run run = cli.run("wallet", "topup", origin(), "0.0000001usd", "--loopback", "--admin", admin.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("cannot be written in usd.e6");
    }

    @Test
    @Requirement({"F-WA-24"})
    void statement_listsTransfersAndWhereItGoesOn() {
        cli.run("wallet", "new");
        Cli.Run run = cli.run("wallet", "statement", "--loopback", "--limit", "1", origin());
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).isEqualTo("2026-11-22T10:01:07Z  capture       0.0025 USD  held to payee  Gtls\n");
        assertThat(run.err()).contains("--from 17");
        assertThat(cli.server.received().get(0).target()).endsWith("/statement?limit=1");
    }

    @Test
    void show_noWallets_saysHowToOpenOne() {
        cli.run("wallet", "new");
        assertThat(cli.run("wallet", "show").err()).contains("farthing wallet new --at ORIGIN");
    }
}
