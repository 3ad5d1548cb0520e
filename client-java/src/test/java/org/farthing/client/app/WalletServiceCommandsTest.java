package org.farthing.client.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.purse.Purse;
import org.farthing.client.purse.RecoveryKey;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.TestPayee;
import org.farthing.client.testing.TestWalletService;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.protocol.wallet.WalletOpening;
import org.farthing.protocol.wallet.WalletRequest;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WalletServiceCommandsTest {

    @TempDir
    Path temp;

    private Cli cli;
    private ScriptedServer wallets;
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private volatile @Nullable String recovery;
    private volatile String status = "ACTIVE";

    @BeforeEach
    void start() throws Exception {
        cli = Cli.withPurse(temp);
        wallets = ScriptedServer.start();
        keys.add(cli.purse().publicKey(wallets.origin()).thumbprint());
        wallets.script(this::service);
    }

    @AfterEach
    void stop() throws Exception {
        for (Received request : wallets.received()) {
            request.header("Authorization").ifPresent(bearer -> cli.keepSecret(bearer.substring(7)));
        }
        wallets.close();
        cli.close();
    }

    private String origin() {
        return wallets.origin().text();
    }

    private String wallet() {
        try {
            return cli.purse().walletId(wallets.origin());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A service that keeps one wallet, whoever asks, with what it was opened with. */
    private Reply service(Received request) {
        try {
            if (request.target().equals("/v1/wallets")) {
                WalletOpening opening = WalletOpening.parse(request.text().getBytes(UTF_8));
                VerificationKey key = opening.recovery();
                recovery = recovery == null && key != null ? key.thumbprint() : recovery;
            } else if (request.target().endsWith("/freeze")) {
                status = request.text().contains("true") ? "FROZEN" : "ACTIVE";
            } else if (request.target().endsWith("/limits") && !signer(request).equals(recovery)) {
                if (!request.text().contains("\"1")) {
                    return Reply.problem(Problem.of(ProblemType.NOT_ALLOWED, "Only the recovery key raises it."));
                }
            } else if (request.target().endsWith("/keys")) {
                changeKeys(request.text());
            }
            return Reply.ok("{\"accounts\":[],\"created\":\"2026-11-22T09:58:00Z\",\"keys\":"
                    + keys.stream()
                            .map(key -> '"' + key + '"')
                            .toList()
                            .toString()
                            .replace(", ", ",")
                    + ",\"limits\":[{\"code\":\"usd\",\"perDay\":\"5.00\",\"resetsAt\":\"2026-11-23T00:00:00Z\",\"spent\":\"0.50\"}],"
                    + (recovery == null ? "" : "\"recovery\":\"" + recovery + "\",")
                    + "\"status\":\"" + status + "\",\"wallet\":\"" + wallet() + "\"}");
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private void changeKeys(String body) throws MalformedException {
        if (org.farthing.protocol.wallet.KeyChange.parse(body.getBytes(UTF_8))
                instanceof org.farthing.protocol.wallet.KeyChange.Add add) {
            if (!keys.contains(add.key().thumbprint())) {
                keys.add(add.key().thumbprint());
            }
        } else {
            keys.removeIf(body::contains);
        }
    }

    private static String signer(Received request) throws MalformedException {
        return WalletRequest.parse(request.header("Authorization").orElseThrow().substring(7))
                .kid();
    }

    private Received last() {
        return wallets.received().get(wallets.received().size() - 1);
    }

    private Cli.Run ok(String... args) {
        Cli.Run run = cli.run(args);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.SERVED);
        return run;
    }

    private Path recoveryFile() {
        return temp.resolve("elsewhere.json");
    }

    private Path usualFile() {
        return temp.resolve(
                "farthing-recovery-127.0.0.1_" + URI.create(origin()).getPort() + ".json");
    }

    private void addService() {
        ok("wallet", "service", "add", "--loopback", origin());
    }

    @Test
    @Requirement("F-WA-14")
    void service_addListRemove_keepsTheOwnersOrder() throws Exception {
        assertThat(cli.run("wallet", "service", "list").err()).contains("wallet service add");
        assertThat(ok("wallet", "service", "add", "https://one.example/").err()).contains("wallet new --at");
        ok("wallet", "service", "add", "https://two.example");
        ok("wallet", "service", "add", "https://one.example");
        assertThat(ok("wallet", "service", "list").out()).isEqualTo("https://one.example\nhttps://two.example\n");
        ok("wallet", "service", "add", "--first", "https://two.example");
        assertThat(ok("wallet", "service", "list").out()).isEqualTo("https://two.example\nhttps://one.example\n");
        ok("wallet", "service", "remove", "https://two.example");
        assertThat(cli.run("wallet", "service", "remove", "https://two.example").exitCode())
                .isEqualTo(ExitCode.ERROR);
        assertThat(cli.purse().services().list()).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cli.home.resolve("services.json"))))
                .isEqualTo("rw-------");
        assertThat(wallets.received()).as("nobody is asked").isEmpty();
    }

    @Test
    @Requirement({"F-WA-15", "F-WA-16", "F-WA-11"})
    void newWallet_atAServiceOfTheList_hasALimitAndARecoveryKeyElsewhere() throws Exception {
        addService();
        Cli.Run run = ok("wallet", "new", "--loopback", "--at", origin());
        WalletOpening opening = WalletOpening.parse(last().text().getBytes(UTF_8));
        assertThat(opening.dailyLimits()).extracting(Object::toString).hasSize(2);
        assertThat(last().text()).contains("\"dailyLimits\":{\"eur\":\"5").contains("\"usd\":\"5");
        Path file = usualFile();
        assertThat(file).isRegularFile();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(run.err()).contains("MOVE IT", file.toString(), "It may spend 5.00 USD a day");
        RecoveryKey key = RecoveryKey.open(file);
        assertThat(key.key().publicKey().thumbprint()).isEqualTo(recovery);
        assertThat(key.toString()).doesNotContain("d=").contains(wallet());
        cli.keepSecret(Files.readString(file).replaceAll("(?s).*\"d\":\"([^\"]+)\".*", "$1"));
        byte[] before = Files.readAllBytes(file);
        ok("wallet", "new", "--loopback", "--at", origin());
        assertThat(file).hasBinaryContent(before);
        try (var files = Files.walk(cli.home)) {
            for (Path inPurse : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(inPurse)).doesNotContain("\"d\":");
            }
        }
    }

    @Test
    @Requirement({"F-WA-15", "F-WA-16"})
    void newWallet_withOwnLimitAndFile_usesThem() throws Exception {
        ok(
                "wallet",
                "new",
                "--loopback",
                "--at",
                origin(),
                "--daily-limit",
                "1usd",
                "--recovery-file",
                recoveryFile().toString());
        assertThat(last().text()).contains("\"dailyLimits\":{\"usd\":\"1");
        assertThat(WalletOpening.parse(last().text().getBytes(UTF_8)).dailyLimits())
                .as("the one that was asked for, and no usual one beside it")
                .hasSize(1);
        assertThat(recoveryFile()).isRegularFile();
        Cli.Run inside = cli.run(
                "wallet",
                "new",
                "--loopback",
                "--at",
                origin(),
                "--recovery-file",
                cli.home.resolve("recovery.json").toString());
        assertThat(inside.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(inside.err()).contains("outside");
    }

    @Test
    @Requirement("F-WA-15")
    void newWallet_openedBeforeWithAnotherRecoveryKey_leavesNoUselessFile() throws Exception {
        recovery = keys.get(0);
        Cli.Run run = ok(
                "wallet",
                "new",
                "--loopback",
                "--at",
                origin(),
                "--recovery-file",
                recoveryFile().toString());
        assertThat(run.err()).contains("another recovery key");
        assertThat(recoveryFile()).doesNotExist();
    }

    @Test
    @Requirement("F-WA-20")
    void newWallet_atAPayee_asksForNoneOfIt() {
        ok("wallet", "new", "--loopback", "--at", origin());
        assertThat(last().text()).doesNotContain("recovery", "dailyLimits");
        assertThat(usualFile()).doesNotExist();
    }

    @Test
    @Requirement({"F-WA-16", "F-WA-31"})
    void limit_isLoweredWithTheWalletsKeyAndRaisedWithTheOther() throws Exception {
        RecoveryKey key = RecoveryKey.create(recoveryFile(), cli.purse(), wallets.origin(), new SecureRandom());
        recovery = key.key().publicKey().thumbprint();
        assertThat(ok("wallet", "limit", "--loopback", origin()).out())
                .isEqualTo("per day    5.00 USD, of which 0.50 USD is spent; from anew at 2026-11-23T00:00:00Z\n");
        ok("wallet", "limit", "--loopback", origin(), "1usd");
        assertThat(signer(last())).isEqualTo(keys.get(0));
        Cli.Run refused = cli.run("wallet", "limit", "--loopback", origin(), "20usd");
        assertThat(refused.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(refused.err()).contains("--recovery-file");
        ok(
                "wallet",
                "limit",
                "--loopback",
                origin(),
                "--none",
                "usd",
                "--recovery-file",
                recoveryFile().toString());
        assertThat(signer(last())).isEqualTo(recovery);
        assertThat(last().text()).isEqualTo("{\"code\":\"usd\",\"perDay\":\"none\"}");
    }

    @Test
    @Requirement({"F-WA-15", "F-WA-32"})
    void freeze_needsTheWalletsKey_thawTheRecoveryKey() throws Exception {
        RecoveryKey key = RecoveryKey.create(recoveryFile(), cli.purse(), wallets.origin(), new SecureRandom());
        assertThat(cli.run("wallet", "freeze", "--loopback", origin()).err()).contains("--for-good");
        assertThat(status).isEqualTo("ACTIVE");
        recovery = key.key().publicKey().thumbprint();
        assertThat(ok("wallet", "freeze", "--loopback", origin()).out()).contains("status     FROZEN");
        assertThat(signer(last())).isEqualTo(keys.get(0));
        assertThat(ok(
                                "wallet",
                                "thaw",
                                "--loopback",
                                origin(),
                                "--recovery-file",
                                recoveryFile().toString())
                        .out())
                .contains("status     ACTIVE");
        assertThat(signer(last())).isEqualTo(key.key().publicKey().thumbprint());
        Cli.Run other = cli.run(
                "wallet",
                "thaw",
                "https://other.example",
                "--recovery-file",
                recoveryFile().toString());
        assertThat(other.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(other.err()).contains("that recovery key is for the wallet " + wallet());
    }

    @Test
    @Requirement({"F-WA-15", "F-WA-17", "F-WA-33"})
    void recover_inANewHome_takesTheWalletOverAndPaysFromIt() throws Exception {
        RecoveryKey key = RecoveryKey.create(recoveryFile(), cli.purse(), wallets.origin(), new SecureRandom());
        String old = wallet();
        String home = temp.resolve("home2").toString();
        ok("wallet", "new", "--home", home);
        Cli.Run run = ok(
                "wallet",
                "recover",
                "--loopback",
                "--home",
                home,
                "--recovery-file",
                recoveryFile().toString());
        Purse fresh = Purse.open(temp.resolve("home2"));
        assertThat(run.out()).contains("wallet     " + old);
        assertThat(run.err()).contains("1 other keys");
        assertThat(fresh.walletId(wallets.origin())).isEqualTo(old);
        assertThat(keys).containsExactly(fresh.publicKey(wallets.origin()).thumbprint());
        assertThat(fresh.services().list()).containsExactly(wallets.origin());
        assertThat(signer(last())).isEqualTo(key.key().publicKey().thumbprint());
        ok("wallet", "show", "--loopback", "--home", home, origin());
        verify(last(), fresh.publicKey(wallets.origin()), old);
    }

    private void verify(Received request, VerificationKey key, String wallet)
            throws MalformedException, SignatureRejectedException {
        WalletRequest claimed = WalletRequest.parse(
                request.header("Authorization").orElseThrow().substring(7));
        assertThat(claimed.issuer()).isEqualTo(wallet);
        claimed.verify(
                key,
                wallets.origin(),
                RequestTarget.ofUri(request.method(), URI.create(origin() + request.target())),
                new byte[0],
                cli.clock.instant());
    }

    private TestWalletService payThrough() throws Exception {
        addService();
        TestWalletService service = new TestWalletService(
                wallets.origin(), cli.clock, cli.purse().publicKey(wallets.origin()), cli.payee.directory());
        wallets.script(service.honest());
        cli.payee.accept(service.directory());
        cli.server.script(cli.payee.script(
                cli.purse().publicKey(cli.server.origin()),
                request -> cli.payee.demand(request, offer -> offer.providers = origin()),
                (request, paid) -> cli.payee.serve(paid)));
        return service;
    }

    private void keepSecrets(TestWalletService service) {
        cli.keepSecret(service.onlyReceipt());
        service.orders().forEach(cli::keepSecret);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requirement({"F-CL-61", "F-CL-55", "T38"})
    void get_throughTheService_servesAndSaysSo(boolean only) throws Exception {
        TestWalletService service = payThrough();
        Cli.Run run = only
                ? ok("get", "--loopback", "-v", "--via-wallet", "--max", "0.01usd", cli.url("/page"))
                : ok("get", "--loopback", "-v", "--max", "0.01usd", cli.url("/page"));
        assertThat(run.out()).isEqualTo(TestPayee.CONTENT);
        assertThat(run.err())
                .contains(
                        "to be paid through " + origin(),
                        "took the order to " + origin(),
                        "holds the money",
                        "asked again with the receipt",
                        "paid 0.0025 USD",
                        "receipt checked");
        assertThat(service.taken()).isEqualTo(2500);
        keepSecrets(service);
    }

    @Test
    @Requirement("F-CL-61")
    void get_viaWalletWherePayeeTakesNone_paysNothing() throws Exception {
        addService();
        Cli.Run run = cli.run("get", "--loopback", "--via-wallet", "--max", "0.01usd", cli.url("/page"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(run.err()).contains("takes no wallet service");
        assertThat(cli.payments()).isEmpty();
    }

    @Test
    @Requirement("F-CL-61")
    void get_viaWalletWithoutAService_saysWhatToDo() {
        Cli.Run run = cli.run("get", "--loopback", "--via-wallet", "--max", "0.01usd", cli.url("/page"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).contains("no wallet service");
    }

    @Test
    @Requirement("F-CL-61")
    void get_dryRun_showsTheServiceAndOrdersNothing() throws Exception {
        payThrough();
        Cli.Run run = ok("get", "--loopback", "--dry-run", "--max", "0.01usd", cli.url("/page"));
        assertThat(run.out()).contains("price      0.0025 USD", "through    " + origin());
        assertThat(wallets.received()).isEmpty();
    }

    @Test
    @Requirement({"F-CL-65", "F-OU-13"})
    void get_walletEmpty_saysHowToFillIt() throws Exception {
        TestWalletService service = payThrough();
        var honest = service.honest();
        wallets.script(request -> request.target().equals("/v1/payments")
                ? Reply.problem(Problem.of(ProblemType.INSUFFICIENT_FUNDS, "Not enough.")
                        .withStatus(409)
                        .with("required", "2500")
                        .with("available", "0")
                        .with("currency", "usd.e6")
                        .withResolution(new Problem.Resolution("top-up", origin() + "/top-up", null)))
                : honest.apply(request));
        Cli.Run run = cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/page"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(run.err())
                .contains("INSUFFICIENT_FUNDS", "has 0.00 USD, and this costs 0.0025 USD", origin() + "/top-up");
        assertThat(cli.onlyPayment().state()).isEqualTo(State.GIVEN_BACK);
        assertThat(ok("journal", "list").out()).contains("given back by the wallet");
    }

    @Test
    @Requirement({"F-OU-16", "F-CL-44"})
    void resume_serviceGaveItBack_saysThatTheBudgetHasIt() throws Exception {
        TestWalletService service = payThrough();
        cli.server.script(cli.payee.script(
                cli.purse().publicKey(cli.server.origin()),
                request -> cli.payee.demand(request, offer -> offer.providers = origin()),
                (request, paid) -> Reply.drop()));
        Cli.Run unknown = cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/page"));
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(unknown.err()).contains("holds the money for the payee", "farthing journal resume");
        service.settle(ServicePayment.State.EXPIRED);
        Cli.Run back = cli.run("journal", "resume");
        assertThat(back.exitCode()).isEqualTo(ExitCode.NOT_CHARGED);
        assertThat(back.err()).contains("says your wallet service: 0.0025 USD is back in your budget");
        keepSecrets(service);
    }
}
