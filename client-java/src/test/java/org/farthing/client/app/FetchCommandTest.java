package org.farthing.client.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestPayee;
import org.farthing.client.trust.OriginPins;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FetchCommandTest {

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

    private VerificationKey payer() throws Exception {
        return cli.purse().publicKey(cli.server.origin());
    }

    @Test
    void get_free_printsContentAlone() throws Exception {
        cli.server.script(request -> Reply.ok("free words"));
        Cli.Run run = cli.run("get", "--max", "0.01usd", cli.url("/"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).isEqualTo("free words");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void get_freeWithoutLimits_printsContent() {
        cli.server.script(request -> Reply.ok("free words"));
        Cli.Run run = cli.run("get", cli.url("/"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).isEqualTo("free words");
    }

    @Test
    void get_withinLimit_paysAndKeepsReceipt() throws Exception {
        Path receipt = temp.resolve("receipt.json");
        Cli.Run run = cli.run("get", "--loopback", "--max", "0.01usd", "--receipt", receipt.toString(), cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).isEqualTo(TestPayee.CONTENT);
        assertThat(run.err()).isEqualTo("paid 0.0025 USD to " + cli.server.origin() + "; receipt checked\n");
        assertThat(cli.onlyPayment().state()).isEqualTo(State.SERVED);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(receipt)))
                .isEqualTo("rw-------");
        assertThat(cli.run("receipt", "verify", "--loopback", receipt.toString())
                        .exitCode())
                .isEqualTo(ExitCode.SERVED);
    }

    @Test
    @Requirement({"F-CL-1"})
    void get_withoutLimit_paysNothingAndSaysPriceAndSwitch() throws Exception {
        Cli.Run run = cli.run("get", "--loopback", cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("this costs 0.0025 USD", "Nothing was paid", "--max 0.0025usd");
        assertThat(cli.payee.payments()).isZero();
        assertThat(cli.payments()).isEmpty();
    }

    @Test
    void get_withoutKeys_saysHowToMakeThem() throws Exception {
        try (Cli fresh = new Cli(temp.resolve("fresh"))) {
            fresh.server.script(fresh.payee.honest(payer()));
            Cli.Run run = fresh.run("get", "--loopback", "--max", "0.01usd", fresh.url("/a"));
            assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
            assertThat(run.err()).contains("0.0025 USD", "farthing wallet new --at " + fresh.server.origin());
            assertThat(fresh.payee.payments()).isZero();
            assertThat(fresh.home).doesNotExist();
        }
    }

    @Test
    void dryRun_showsPriceAndVerdict_paysNothing() throws Exception {
        Cli.Run run = cli.run("get", "--loopback", "--dry-run", "--max", "0.01usd", cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out())
                .contains("price      0.0025 USD  (2500 usd.e6)")
                .contains("payee      " + cli.server.origin())
                .contains("(in 5 min 0 s)")
                .contains("would be paid, within your limits; nothing was paid now")
                .doesNotContain(TestPayee.CONTENT);
        assertThat(cli.payee.payments()).isZero();
        assertThat(cli.payments()).isEmpty();
    }

    @Test
    void dryRun_overBudget_saysWhichLimit() {
        cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        Cli.Run run = cli.run("get", "--loopback", "--dry-run", "--budget", "0.004usd", cli.url("/b"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(run.out()).contains("would not be paid: 0.0025 USD is more than the 0.0015 USD left in all");
        assertThat(cli.payee.payments()).isEqualTo(1);
    }

    @Test
    void dryRun_withoutHome_leavesNoHome() throws Exception {
        try (Cli fresh = new Cli(temp.resolve("fresh"))) {
            fresh.server.script(fresh.payee.honest(payer()));
            Cli.Run run = fresh.run("get", "--loopback", "--dry-run", fresh.url("/a"));
            assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
            assertThat(run.out()).contains("price      0.0025 USD", "no limit given");
            assertThat(fresh.home).doesNotExist();
        }
    }

    @Test
    void dryRun_freeOfPrice_saysSo() {
        cli.server.script(request -> Reply.ok("free words"));
        Cli.Run run = cli.run("get", "--dry-run", cli.url("/"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).isEqualTo("price      none; the server answered 200\n");
    }

    @Test
    void dryRun_zeroAmount_signsNothing() throws Exception {
        cli.server.script(cli.payee.script(
                payer(),
                request -> cli.payee.demand(request, offer -> offer.amount = 0),
                (request, paid) -> cli.payee.serve(paid)));
        Cli.Run run = cli.run("get", "--loopback", "--dry-run", "--max", "0.01usd", cli.url("/a"));
        assertThat(run.out()).contains("price      0.00 USD");
        assertThat(cli.payee.payments()).isZero();
        assertThat(cli.payments()).isEmpty();
    }

    @Test
    @Requirement({"F-CL-10"})
    void get_aboveMax_isDeclined() throws Exception {
        Cli.Run run = cli.run("get", "--loopback", "--max", "0.002usd", cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("not paid: 0.0025 USD is more than the 0.002 USD", "PER_REQUEST_LIMIT");
        assertThat(cli.payee.payments()).isZero();
    }

    @Test
    @Requirement({"C16", "F-CL-36"})
    void ask_showsThePaymentAndPaysOnlyAYes() throws Exception {
        String[] line = {"get", "--loopback", "--ask", "--max", "0.01usd", cli.url("/a?q=1")};
        cli.type("no\n");
        Cli.Run no = cli.run(line);
        assertThat(no.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(no.err())
                .startsWith("for        GET " + cli.url("/a?q=1") + "\n"
                        + "price      0.0025 USD  (2500 usd.e6)\n"
                        + "payee      " + cli.server.origin() + "  (the server itself), which you never paid before\n"
                        + "signed     yes, by the payee's published key\n"
                        + "expires    2026-11-22T09:05:30Z  (in 5 min 0 s)\n"
                        + "Pay? [y/N] ")
                .contains("NOT_APPROVED");
        assertThat(cli.payments()).isEmpty();
        cli.type("y\n");
        Cli.Run yes = cli.run(line);
        assertThat(yes.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(yes.out()).isEqualTo(TestPayee.CONTENT);
        cli.type("");
        Cli.Run silent = cli.run(line);
        assertThat(silent.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(silent.err()).doesNotContain("never paid before");
        assertThat(cli.payee.payments()).isOne();
    }

    @Test
    @Requirement("F-CL-37")
    void ask_aboveTheLimit_isNotAsked() {
        cli.type("y\n");
        Cli.Run run = cli.run("get", "--loopback", "--ask", "--max", "0.002usd", cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(run.err()).contains("PER_REQUEST_LIMIT").doesNotContain("Pay?");
    }

    @Test
    void ask_withoutATerminalOrALimit_isUsageErrorBeforeAnythingIsSent() {
        Cli.Run nobody = cli.run("get", "--ask", "--max", "0.01usd", cli.url("/a"));
        assertThat(nobody.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(nobody.err()).contains("--ask needs a terminal");
        cli.type("y\n");
        Cli.Run unlimited = cli.run("get", "--ask", cli.url("/a"));
        assertThat(unlimited.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(unlimited.err()).contains("--ask goes with --max or --budget");
        assertThat(cli.server.received()).isEmpty();
    }

    @Test
    void get_budgetUsedUp_isDeclined() {
        String[] line = {"get", "--loopback", "--budget", "0.006usd/day", cli.url("/a")};
        assertThat(cli.run(line).exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(cli.run(line).exitCode()).isEqualTo(ExitCode.SERVED);
        Cli.Run third = cli.run(line);
        assertThat(third.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(third.err()).contains("PER_PERIOD_LIMIT", "0.001 USD left until 2026-11-23T00:00:00Z");
        assertThat(cli.payee.takable()).isEqualTo(5000);
    }

    @Test
    @Requirement({"F-CL-2"})
    void get_loopbackWithoutSwitch_isDeclined() {
        Cli.Run run = cli.run("get", "--max", "0.01usd", cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(run.err()).contains("NOT_SECURE", "--loopback");
        assertThat(cli.payee.payments()).isZero();
    }

    @Test
    @Requirement({"F-CL-55"})
    void verbose_tellsStepsAndNoSecret() throws Exception {
        Cli.Run run = cli.run("get", "-v", "--loopback", "--max", "0.01usd", cli.url("/a?q=1"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).isEqualTo(TestPayee.CONTENT);
        String fingerprint =
                cli.server.received().get(1).credential().orElseThrow().fingerprint();
        assertThat(run.err())
                .contains("> GET " + cli.url("/a?q=1"))
                .contains("< 402 Payment Required")
                .contains("it asks 0.0025 USD to " + cli.server.origin())
                .contains("checked")
                .contains("counted 0.0025 USD")
                .contains("sha-256 " + fingerprint)
                .contains("< 200, the payee says: captured");
        // What must not be there is looked for in everything that was printed, when the fixture closes.
    }

    @Test
    @Requirement("T26")
    void get_error_printsWordsNotContent() {
        cli.server.script(request -> Reply.problem(Problem.of(ProblemType.NOT_FOUND, "No such \u001b[31mpage\u202e.")
                .withRequestId("r-1")));
        Cli.Run run = cli.run("get", "--max", "0.01usd", cli.url("/nope"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.HTTP_ERROR);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("the server answered 404", "No such  [31mpage .", "NOT_FOUND", "request r-1");
        assertThat(run.err()).doesNotContain("\u001b", "\u202e");
    }

    @Test
    void get_redirectElsewhere_isNotFollowed() {
        cli.server.script(request -> Reply.of(302).header("Location", "https://elsewhere.example/x"));
        Cli.Run run = cli.run("get", "--max", "0.01usd", cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.HTTP_ERROR);
        assertThat(run.err()).contains("https://elsewhere.example/x; not followed");
    }

    @Test
    @Requirement({"F-CL-54", "F-PR-31", "T52"})
    void get_refusedByThePayee_isNotChargedAndShowsTheWayOut() throws Exception {
        Problem problem = Problem.of(ProblemType.INSUFFICIENT_FUNDS, "The wallet has less than the price.")
                .withResolution(new Problem.Resolution("top-up", "https://api.example.com/top-up", null));
        cli.server.script(cli.payee.script(
                payer(),
                request -> cli.payee.demand(request, offer -> {}),
                (request, paid) -> Reply.problem(problem)
                        .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.REFUSED, paid))));
        Cli.Run run = cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_CHARGED);
        assertThat(run.err())
                .contains("not charged", "it still counts against your budget", "INSUFFICIENT_FUNDS")
                .contains("it offers: top-up at https://api.example.com/top-up");
    }

    @Test
    @Requirement({"F-CL-44"})
    void get_answerLost_isUnknown_andResumeGetsItOnce() throws Exception {
        AtomicInteger paidRequests = new AtomicInteger();
        cli.server.script(
                cli.payee.script(payer(), request -> cli.payee.demand(request, offer -> {}), (request, paid) -> {
                    paidRequests.incrementAndGet();
                    return Reply.drop();
                }));
        Cli.Run lost = cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        assertThat(lost.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(paidRequests.get()).isGreaterThan(1);
        String id = cli.onlyPayment().id();
        assertThat(lost.err()).contains("not known whether 0.0025 USD was paid", "farthing journal resume " + id);

        cli.server.script(cli.payee.honest(payer()));
        Cli.Run resumed = cli.run("journal", "resume", id);
        assertThat(resumed.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(resumed.out()).isEqualTo(TestPayee.CONTENT);
        assertThat(cli.payee.payments()).isEqualTo(1);
        assertThat(cli.onlyPayment().state()).isEqualTo(State.SERVED);
    }

    @Test
    void get_brokenOffOnce_printsContentOnce() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        cli.server.script(cli.payee.script(
                payer(),
                request -> cli.payee.demand(request, offer -> {}),
                (request, paid) -> attempts.incrementAndGet() == 1
                        ? cli.payee.serve(paid).cutOffAfter(6)
                        : cli.payee.serve(paid)));
        Cli.Run run = cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).isEqualTo(TestPayee.CONTENT);
        assertThat(attempts.get()).isEqualTo(2);
        assertThat(cli.payee.payments()).isEqualTo(1);
    }

    @Test
    void output_cannotBeWritten_paysNothing() throws Exception {
        Cli.Run run = cli.run(
                "get",
                "--loopback",
                "--max",
                "0.01usd",
                "-o",
                temp.resolve("none/x").toString(),
                cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).contains("none");
        assertThat(cli.payee.payments()).isZero();
    }

    @Test
    void receipt_cannotBeKept_paysNothing() throws Exception {
        Cli.Run run = cli.run("get", "--loopback", "--max", "0.01usd", "--receipt", temp.toString(), cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).contains("is a folder");
        assertThat(cli.payee.payments()).isZero();
    }

    @Test
    void header_withAPayment_isNotTaken() {
        for (String field : new String[] {"Payment eyJ9", "Bearer app, payment eyJ9", "Payment\teyJ9"}) {
            Cli.Run run = cli.run("get", "--max", "0.01usd", "-H", "Authorization: " + field, cli.url("/a"));
            assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        }
        assertThat(cli.server.received()).isEmpty();
    }

    @Test
    @Requirement({"F-CL-23", "C17"})
    void header_ownAuthorization_isReplacedOnlyWhenSaid() throws Exception {
        String[] line = {"get", "--loopback", "--max", "0.01usd", "-H", "Authorization: Bearer app", cli.url("/a")};
        Cli.Run kept = cli.run(line);
        assertThat(kept.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(kept.err()).contains("AUTHORIZATION_IN_USE", "--replace-authorization");
        assertThat(cli.payee.payments()).isZero();
        line = Stream.concat(
                        Stream.of("get", "--replace-authorization"),
                        Arrays.stream(line).skip(1))
                .toArray(String[]::new);
        assertThat(cli.run(line).exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(cli.server.received())
                .extracting(request -> request.lines("Authorization").get(0).substring(0, 7))
                .containsExactly("Bearer ", "Bearer ", "Payment");
    }

    @Test
    void output_isWrittenWhole_andOnlyForContent() throws Exception {
        Path file = temp.resolve("out.txt");
        assertThat(cli.run("get", "--loopback", "--max", "0.001usd", "-o", file.toString(), cli.url("/a"))
                        .exitCode())
                .isEqualTo(ExitCode.DECLINED);
        assertThat(file).doesNotExist();
        assertThat(cli.run("get", "--loopback", "--max", "0.01usd", "-o", file.toString(), cli.url("/a"))
                        .exitCode())
                .isEqualTo(ExitCode.SERVED);
        assertThat(file).hasContent(TestPayee.CONTENT);
        try (var left = Files.list(temp)) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void receipt_askedForAndNotThere_isExitCode7() throws Exception {
        cli.server.script(cli.payee.script(
                payer(),
                request -> cli.payee.demand(request, offer -> {}),
                (request, paid) -> Reply.ok("bare")
                        .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.CAPTURED, paid))));
        Path receipt = temp.resolve("receipt.json");
        Cli.Run run = cli.run("get", "--loopback", "--max", "0.01usd", "--receipt", receipt.toString(), cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.RECEIPT);
        assertThat(run.out()).isEqualTo("bare");
        assertThat(run.err()).contains("there is no receipt");
        assertThat(receipt).doesNotExist();
    }

    @Test
    @Requirement({"F-CL-7"})
    void post_sendsBodyWithDigestAndPays() {
        Cli.Run run = cli.run(
                "post", "--loopback", "--max", "0.01usd", "--data", "Ein Satz.", "-H", "X-Mine: 1", cli.url("/t"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(cli.server.received()).hasSize(2).allSatisfy(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.text()).isEqualTo("Ein Satz.");
            assertThat(request.header("Content-Type")).contains("text/plain; charset=utf-8");
            assertThat(request.header("X-Mine")).contains("1");
            assertThat(request.header("Content-Digest")).isPresent();
        });
    }

    @Test
    void get_unsignedChallenge_needsTheSwitch() throws Exception {
        cli.payee.publish(new org.farthing.protocol.signature.KeyDirectory(
                cli.payee.directory().keys(),
                cli.server.origin().text(),
                cli.payee.directory().origins(),
                cli.payee.directory().realms(),
                false,
                java.util.List.of()));
        cli.server.script(cli.payee.script(
                payer(),
                request -> {
                    var signed = cli.payee.signed(cli.payee.offer(request));
                    return TestPayee.demand(
                            new org.farthing.protocol.Challenge(signed.id(), signed.terms(), null, null));
                },
                (request, paid) -> cli.payee.serve(paid)));
        Cli.Run strict = cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        assertThat(strict.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(strict.err()).contains("UNSIGNED");
        Cli.Run loose = cli.run("get", "--loopback", "--allow-unsigned", "--max", "0.01usd", cli.url("/a"));
        assertThat(loose.exitCode()).isEqualTo(ExitCode.SERVED);
    }

    @Test
    @Requirement({"F-KY-61"})
    void get_keysChanged_needsTheSwitch() throws Exception {
        assertThat(cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"))
                        .exitCode())
                .isEqualTo(ExitCode.SERVED);
        TestPayee other = new TestPayee(cli.server.origin(), cli.clock);
        cli.server.script(other.honest(payer()));
        Cli.Run run = cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(run.err()).contains("TRUST_CHANGED", "--trust-new-keys");
        assertThat(cli.run("get", "--loopback", "--trust-new-keys", "--max", "0.01usd", cli.url("/a"))
                        .exitCode())
                .isEqualTo(ExitCode.SERVED);
    }

    @Test
    @Requirement({"F-KY-60"})
    void lookedAtOnly_pinsNothing() throws Exception {
        cli.run("get", "--loopback", "--dry-run", "--max", "0.01usd", cli.url("/a"));
        cli.run("get", "--loopback", cli.url("/a"));
        cli.run("get", "--loopback", "--max", "0.001usd", cli.url("/a"));
        assertThat(OriginPins.open(cli.home.resolve("pins.json")).all()).isEmpty();
        assertThat(cli.payee.payments()).isZero();
        cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        assertThat(OriginPins.open(cli.home.resolve("pins.json")).all()).containsOnlyKeys(cli.server.origin());
    }

    @Test
    void get_nobodyThere_saysSo() throws Exception {
        cli.server.close();
        Cli.Run run = cli.run("get", "--max", "0.01usd", cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err())
                .isEqualTo("farthing: no connection to the server; is the address right, and the server running?\n");
    }

    @Test
    void progress_onATerminalOnly() {
        String content = "x".repeat(3 << 20);
        cli.server.script(request -> Reply.ok(content));
        assertThat(cli.run("get", cli.url("/big")).err()).isEmpty();
        cli.watch();
        Cli.Run run = cli.run("get", cli.url("/big"));
        assertThat(run.err()).contains("of 3.0 MiB").endsWith("\r\u001b[K");
        assertThat(run.out()).isEqualTo(content);
    }

    @Test
    void home_readableByOthers_paysNothing() throws Exception {
        Files.setPosixFilePermissions(cli.home.resolve("purse.json"), PosixFilePermissions.fromString("rw-r--r--"));
        Cli.Run run = cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).contains("purse.json", "chmod go-rwx");
        assertThat(cli.payee.payments()).isZero();
        Files.setPosixFilePermissions(cli.home.resolve("purse.json"), PosixFilePermissions.fromString("rw-------"));
    }
}
