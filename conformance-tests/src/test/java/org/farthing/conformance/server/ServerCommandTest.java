package org.farthing.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.farthing.conformance.ConformanceCommand;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command as it is typed, against a small server. */
@Requirement({"F-CO-3", "F-CO-6"})
class ServerCommandTest {

    private static TinyPayee payee;

    @TempDir
    private Path folder;

    private record Run(int exitCode, String out, String err) {}

    @BeforeAll
    static void start() throws IOException {
        payee = TinyPayee.with();
    }

    @AfterAll
    static void stop() throws IOException {
        payee.close();
    }

    private static Run run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = ConformanceCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int exitCode = command.execute(args);
        return new Run(exitCode, out.toString(), err.toString());
    }

    private static String page() {
        return payee.origin() + TinyPage.PAID.path();
    }

    @Test
    void server_urlAlone_checksWhatNeedsNoPayment() {
        Run run = run("server", page(), "--only", "S1,S2,S12,S5-paid-is-delivered");

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("S1-unpaid-is-402", "no way to pay: give --wallet KEY");
    }

    @Test
    void server_wallet_pays() throws IOException {
        Path key = Files.writeString(
                folder.resolve("wallet.jwk"), payee.walletKey().exportPrivateJwk());
        Run run = run("server", page(), "--wallet", key.toString(), "--only", "S5-paid-is-delivered,S25,S26");

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).doesNotContain("\"d\"");
    }

    @Test
    @Requirement({"F-CO-10"})
    void server_validPaymentsFail_isOneFailureAndTheRestIsNotChecked() throws IOException {
        try (TinyPayee expired = TinyPayee.with(Fault.BORN_EXPIRED)) {
            Path key = Files.writeString(
                    folder.resolve("wallet.jwk"), expired.walletKey().exportPrivateJwk());
            Run run = run(
                    "server",
                    expired.origin() + TinyPage.PAID.path(),
                    "--wallet",
                    key.toString(),
                    "--only",
                    "S5-paid-is-delivered,T8,S25,T27");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out())
                    .contains("a valid one fails: HTTP/1.1 402 (PAYMENT_EXPIRED", "1 MUST not met, 6 not checked");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    @Requirement({"F-CO-5"})
    void server_command_isAskedToPayAndItsPayloadIsPresented() throws IOException {
        Path config = Files.writeString(
                folder.resolve("site.json"),
                "{\"payment\":{\"command\":[\"sh\",\"-c\",\"grep -q '\\\"request\\\":{' && echo '{\\\"payload\\\":{\\\"paid\\\":\\\"indeed\\\"}}'\"]}}");
        Run run = run("server", page(), "--config", config.toString(), "--only", "S5-paid-is-delivered");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("402", "INVALID_PAYLOAD").doesNotContain("indeed");
    }

    @Test
    void server_listing_needsNoUrl() {
        Run run = run("server", "--list", "--profile", "wallet");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("S1-unpaid-is-402", "T46-broken-answer-is-not-lost");
        assertThat(run("server", "--list").out()).doesNotContain("T46-");
    }

    @Test
    void server_calledWrongly_is2AndSaysWhatToDo() {
        assertThat(run("server")).satisfies(run -> {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("the URL of a priced page");
        });
        assertThat(run("server", page(), "--profile", "other")).satisfies(run -> {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("profiles are core, wallet and token, not other");
        });
        assertThat(run("server", page(), "--wallet", "nowhere.jwk")).satisfies(run -> {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("there is no key file nowhere.jwk");
        });
        assertThat(run("server", "ftp://a.example/x").exitCode()).isEqualTo(2);
    }

    @Test
    void server_nobodyThere_failsAndDoesNotHang() {
        Run run = run("server", "http://127.0.0.1:1/", "--only", "S1-unpaid-is-402");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("http://127.0.0.1:1 gave no answer");
    }
}
