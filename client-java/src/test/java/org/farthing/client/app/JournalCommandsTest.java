package org.farthing.client.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalCommandsTest {

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

    private void loseAnswers() throws Exception {
        cli.server.script(cli.payee.script(
                payer(), request -> cli.payee.demand(request, offer -> {}), (request, paid) -> Reply.drop()));
    }

    @Test
    void list_noPaymentYet_saysSo() {
        Cli.Run run = cli.run("journal", "list");
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("no payment was ever made");
    }

    @Test
    void list_withoutKeys_saysHowToMakeThem() throws Exception {
        try (Cli fresh = new Cli(temp.resolve("fresh"))) {
            Cli.Run run = fresh.run("journal", "list");
            assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
            assertThat(run.err()).contains("farthing wallet new");
        }
    }

    @Test
    void list_showsWhatBecameOfEach() throws Exception {
        cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        loseAnswers();
        cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/b?c"));
        Cli.Run run = cli.run("journal", "list");
        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.out().lines().findFirst().orElse(""))
                .startsWith("2026-11-22T09:00:30Z")
                .contains("0.0025 USD  paid  ", "counts", "GET " + cli.url("/a"));
        assertThat(run.out().lines().skip(1).findFirst().orElse(""))
                .contains(
                        "open: sent, no answer",
                        "GET " + cli.url("/b?c"),
                        cli.payments().get(1).id());
        assertThat(cli.run("journal", "list", "--open").out().lines()).hasSize(1);
    }

    @Test
    @Requirement({"F-CL-44"})
    void resume_onlyOneOpen_needsNoId() throws Exception {
        loseAnswers();
        cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        cli.server.script(cli.payee.honest(payer()));
        Path file = temp.resolve("content");
        Path receipt = temp.resolve("receipt.json");
        Cli.Run run = cli.run("journal", "resume", "-v", "-o", file.toString(), "--receipt", receipt.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("asked again with the order", "paid 0.0025 USD");
        assertThat(file).hasContent(TestPayee.CONTENT);
        assertThat(receipt).exists();
        assertThat(cli.payee.payments()).isEqualTo(1);
        assertThat(cli.run("journal", "resume").err()).contains("no payment is open");
    }

    @Test
    void resume_severalOpen_wantsAnId() throws Exception {
        loseAnswers();
        cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/b"));
        Cli.Run run = cli.run("journal", "resume");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("2 payments are open");
        assertThat(cli.run("journal", "resume", "nonsense").exitCode()).isEqualTo(ExitCode.ERROR);
        cli.server.script(cli.payee.honest(payer()));
        JournalEntry second = cli.payments().get(1);
        assertThat(cli.run("journal", "resume", second.id()).exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(cli.server.received().get(cli.server.received().size() - 1).target())
                .isEqualTo("/b");
    }

    /** Ids are base64url: some begin with a hyphen, and then with a letter that is an option's. */
    @Test
    void resume_idThatLooksLikeAnOption_isAnId() throws Exception {
        loseAnswers();
        cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        for (String start : List.of("-o", "-v", "-h", "--", "-x")) {
            String id = start + "A".repeat(20);
            assertThat(cli.run("journal", "resume", id, "-v").err()).as(id).contains("no open payment has this id");
            assertThat(cli.run("journal", "resume", "-v", "--", id).err())
                    .as(id)
                    .contains("no open payment has this id");
        }
    }

    @Test
    void resume_stillNoAnswer_staysOpen() throws Exception {
        loseAnswers();
        cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        Cli.Run run = cli.run("journal", "resume");
        assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(cli.onlyPayment().state()).isEqualTo(State.SENT);
        assertThat(cli.payee.payments()).isEqualTo(1);
    }

    @Test
    void resume_withBody_wantsTheSameBody() throws Exception {
        loseAnswers();
        cli.run("post", "--loopback", "--max", "0.01usd", "--data", "one", cli.url("/t"));
        cli.server.script(cli.payee.honest(payer()));
        Cli.Run bare = cli.run("journal", "resume");
        assertThat(bare.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(bare.err()).contains("--data");
        assertThat(cli.run("journal", "resume", "--data", "two").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.run("journal", "resume", "--data", "one").exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(cli.payee.payments()).isEqualTo(1);
    }

    @Test
    void resume_longAfterwards_isOver() throws Exception {
        loseAnswers();
        cli.run("get", "--loopback", "--max", "0.01usd", cli.url("/a"));
        cli.clock.advance(Duration.ofDays(2));
        assertThat(cli.run("journal", "resume").err()).contains("no payment is open");
        assertThat(cli.run("journal", "list").out()).contains("unknown, given up", "counts");
    }
}
