package org.farthing.client.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestMint;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TokensCommandsTest {

    private static final String BUNDLE = "0.0063usd";

    @TempDir
    Path temp;

    private Cli cli;
    private TestMint mint;

    @BeforeEach
    void start() throws Exception {
        cli = Cli.withPurse(temp);
        mint = new TestMint(cli.payee, cli.purse().publicKey(cli.server.origin()));
        cli.server.script(mint.script());
    }

    @AfterEach
    void stop() throws Exception {
        for (Received request : cli.server.received()) {
            for (BlindToken token : shown(request)) {
                cli.keepSecret(Base64Url.encode(token.authenticator()));
                cli.keepSecret(Base64Url.encode(token.bytes()));
            }
        }
        cli.close();
    }

    private static List<BlindToken> shown(Received request) throws MalformedException {
        return request.credential().isPresent()
                        && request.credential().get().challenge().method().equals("token")
                ? TokenPayload.parse(request.credential().get().payload(), 16)
                : List.of();
    }

    private String origin() {
        return cli.server.origin().text();
    }

    private Cli.Run tokens(String command, String... more) {
        List<String> words = new ArrayList<>(List.of("tokens", command));
        if (!command.equals("list")) {
            words.add("--loopback");
        }
        words.addAll(List.of(more));
        return cli.run(words.toArray(String[]::new));
    }

    private void buy() {
        Cli.Run run = tokens("buy", origin(), BUNDLE);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("bought     0.0063 USD in 6 tokens, for " + origin() + "\n");
    }

    private Cli.Run get(String... more) {
        List<String> words = new ArrayList<>(List.of("get", "--loopback", "--max", "0.01usd"));
        words.addAll(List.of(more));
        words.add(cli.url("/page"));
        return cli.run(words.toArray(String[]::new));
    }

    @Test
    @Requirement("F-TK-121")
    void buy_withoutMoney_tellsWhatIsSoldAndPaysNothing() throws Exception {
        Cli.Run run = tokens("buy", origin());
        assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(run.out())
                .contains(
                        "mint       " + origin(),
                        "bundle     0.0063 USD  6 tokens of 0.0001 to 0.0032",
                        "taken      until ");
        assertThat(run.err()).contains("Nothing was bought", "farthing tokens buy " + origin() + " --loopback MONEY");
        assertThat(cli.payments()).isEmpty();
        assertThat(mint.issuedCount()).isZero();
    }

    @Test
    @Requirement({"F-TK-121", "F-TK-122", "F-CL-55", "T38", "T59"})
    void buy_thenGet_paysWithTokensAndNobodyIsNamed() throws Exception {
        buy();
        assertThat(mint.paid()).isEqualTo(6300);
        assertThat(tokens("list").out())
                .contains(origin() + "\n", "ready      0.0063 USD in 6 tokens, taken until 2027-01-")
                .contains("1 of 0.0001, 1 of 0.0002, 1 of 0.0004, 1 of 0.0008, 1 of 0.0016, 1 of 0.0032\n");
        Cli.Run run = get("--tokens", "-v");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo(TestPayee.CONTENT);
        assertThat(run.err())
                .contains(
                        "with tokens of " + origin() + " (token/charge, signed",
                        "took tokens for it; they are secret",
                        "asked again with the tokens",
                        "paid 0.0025 USD with tokens to " + origin() + "; receipt checked");
        assertThat(mint.paid()).as("no wallet was debited again").isEqualTo(6300);
        assertThat(tokens("list", origin()).out()).contains("ready      0.0038 USD in 3 tokens");
        assertThat(cli.run("journal", "list").out())
                .containsPattern("0\\.0063 USD  paid .*/token-purchase")
                .containsPattern("0\\.0025 USD  tokens: paid .*/page");
    }

    @Test
    @Requirement({"F-TK-155", "F-TK-137", "T54"})
    void refund_makesNewTokensOfWhatTheServerGaveBack_once() throws Exception {
        buy();
        assertThat(get("--tokens").exitCode()).isZero();
        Credential paid = cli.server.received().stream()
                .flatMap(request -> request.credential().stream())
                .filter(credential -> credential.challenge().method().equals("token"))
                .findFirst()
                .orElseThrow();
        String reference = "ch_" + paid.challenge().id();
        String id = cli.payments().get(1).id();
        assertThat(tokens("refund", origin(), "0.0025usd", id).err())
                .as("the journal's name of it does as well")
                .contains("Nothing is due");
        Cli.Run nothing = tokens("refund", origin(), "0.0025usd", reference);
        assertThat(nothing.exitCode()).isNotZero();
        assertThat(nothing.err()).contains("Nothing is due");
        assertThat(tokens("refund", origin(), "0.0025eur", reference).err()).contains("are worth usd, not eur");

        mint.giveBack(paid, 2500);
        Cli.Run run = tokens("refund", origin(), "0.0025usd", reference);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("new        0.0025 USD in ").endsWith(", for " + origin() + "\n");
        assertThat(tokens("list", origin()).out()).contains("ready      0.0063 USD in ");
        assertThat(tokens("refund", origin(), "0.0025usd", "ch_another").err()).contains("paid no such payment");
    }

    @Test
    @Requirement({"F-TK-155", "F-TK-137", "T47"})
    void refund_whoseAnswerIsLost_isFinishedByTheSameCommand() throws Exception {
        buy();
        assertThat(get("--tokens").exitCode()).isZero();
        Credential paid = cli.server.received().stream()
                .flatMap(request -> request.credential().stream())
                .filter(credential -> credential.challenge().method().equals("token"))
                .findFirst()
                .orElseThrow();
        mint.giveBack(paid, 2500);
        mint.instead = request -> {
            if (!request.target().equals("/token-refund")) {
                return Optional.empty();
            }
            Reply unused = mint.answer(request);
            return Optional.of(Reply.drop());
        };
        String reference = "ch_" + paid.challenge().id();
        assertThat(tokens("refund", origin(), "0.0025usd", reference).exitCode())
                .isNotZero();
        mint.instead = request -> Optional.empty();

        Cli.Run run = tokens("refund", origin(), "0.0025usd", reference);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("what was interrupted is finished, and nothing else is due");
        assertThat(tokens("list", origin()).out()).contains("ready      0.0063 USD in ");
    }

    @Test
    @Requirement("F-CL-61")
    void get_withoutTheOption_takesTokensFirst() {
        buy();
        assertThat(cli.run("get", "--loopback", "--dry-run", "--max", "0.01usd", cli.url("/page"))
                        .out())
                .contains(
                        "price      0.0025 USD",
                        "takes      tokens of " + origin(),
                        "with       tokens",
                        "would be paid");
        assertThat(mint.spent()).isEmpty();
        assertThat(get().err()).contains("paid 0.0025 USD with tokens");
    }

    @Test
    @Requirement("F-TK-131")
    void get_tokensOnlyAndNone_paysNothingAndSaysWhatToDo() throws Exception {
        Cli.Run run = get("--tokens");
        assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(run.err()).contains("NO_TOKENS", "farthing tokens buy ORIGIN");
        assertThat(cli.payments()).isEmpty();
    }

    @Test
    void buy_whatIsNotSold_namesWhatIs() throws Exception {
        Cli.Run run = tokens("buy", origin(), "0.005usd");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("sells 0.0063 USD at once, not 0.005 USD");
        Cli.Run currency = tokens("buy", origin(), "0.0063eur");
        assertThat(currency.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.payments()).isEmpty();
    }

    @Test
    @Requirement("F-CL-30")
    void buy_overTheBudget_isRefusedByIt() throws Exception {
        Cli.Run run = tokens("buy", origin(), BUNDLE, "--budget", "0.006usd/day");
        assertThat(run.exitCode()).isEqualTo(ExitCode.DECLINED);
        assertThat(run.err()).contains("0.0063 USD");
        assertThat(mint.issuedCount()).isZero();
        assertThat(tokens("buy", origin(), BUNDLE, "--budget", "0.01usd/day").exitCode())
                .isZero();
        assertThat(tokens("buy", origin(), BUNDLE, "--budget", "0.01usd/day").exitCode())
                .as("the first one counts")
                .isEqualTo(ExitCode.DECLINED);
    }

    @Test
    @Requirement({"F-TK-122", "F-TK-123"})
    void buy_answerLost_isFinishedByTheSameCommandAndPaidOnce() throws Exception {
        loseAnswers();
        Cli.Run lost = tokens("buy", origin(), BUNDLE);
        assertThat(lost.exitCode()).as(lost.err()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(lost.err()).contains("the same command again");
        assertThat(tokens("list").err()).contains("was interrupted; finish it: farthing tokens swap");
        mint.instead = request -> Optional.empty();
        Cli.Run again = tokens("buy", origin(), BUNDLE);
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.err()).contains("was finished first, and nothing new was bought");
        assertThat(again.out()).contains("ready      0.0063 USD in 6 tokens");
        assertThat(mint.paid()).isEqualTo(6300);
        assertThat(mint.issuedValue()).isEqualTo(6300);
    }

    @Test
    @Requirement({"F-TK-125", "F-TK-127", "T70"})
    void get_givenBack_saysToSwapAndSwapDoes() {
        buy();
        mint.instead = request -> request.target().equals("/page")
                ? request.credential()
                        .map(paid -> Reply.problem(
                                        cli.payee.released(paid, "yes").withStatus(503))
                                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid)))
                : Optional.empty();
        Cli.Run run = get("--tokens");
        assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_CHARGED);
        assertThat(run.err()).contains("the payee signed that", "farthing tokens swap " + origin());
        mint.instead = request -> Optional.empty();
        assertThat(tokens("list").out())
                .contains("ready      0.0038 USD in 3 tokens")
                .contains("exposed    0.0025 USD in 3 tokens; shown before, perhaps not used up: farthing tokens swap");
        Cli.Run early = tokens("swap", origin());
        assertThat(early.exitCode()).isZero();
        assertThat(early.err()).contains("0.0025 USD in 3 tokens must wait", "a quarter of an hour");
        cli.clock.advance(Duration.ofMinutes(20));
        Cli.Run late = tokens("swap", origin());
        assertThat(late.out()).contains("new        0.0025 USD in ");
        assertThat(tokens("list").out()).contains("ready      0.0063 USD").doesNotContain("exposed");
        assertThat(tokens("swap", origin()).err()).contains("there is nothing to swap");
    }

    @Test
    @Requirement("F-TK-129")
    void restore_afterALostFile_bringsBackWhatWasNotSpent() throws Exception {
        buy();
        assertThat(get("--tokens").exitCode()).isZero();
        cli.clock.advance(Duration.ofMinutes(20));
        Files.delete(cli.home.resolve("tokens.jsonl"));
        Cli.Run run = tokens("restore", origin());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("found      0.0063 USD in 6 tokens", "new        0.0038 USD in ", "not taken  3 tokens");
        assertThat(tokens("list").out()).contains("ready      0.0038 USD");
        assertThat(get("--tokens").err()).contains("with tokens");
        assertThat(mint.paid()).isEqualTo(6300);
        Files.delete(cli.home.resolve("tokens.jsonl"));
        mint.instead =
                request -> request.target().equals("/token-restore") ? Optional.of(Reply.of(404)) : Optional.empty();
        Cli.Run refused = tokens("restore", origin());
        assertThat(refused.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(refused.err()).startsWith("farthing: ").hasLineCount(1);
    }

    @Test
    @Requirement({"F-TK-134", "F-TK-166", "T59"})
    void topup_byATimer_buysTheBundleOnlyBelowTheMarkAndWithinTheBudget() throws Exception {
        String[] words = {origin(), BUNDLE, "--below", "0.004usd", "--budget", "0.014usd/day"};
        Cli.Run first = tokens("topup", words);
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).isEqualTo("bought     0.0063 USD in 6 tokens, for " + origin() + "\n");
        int asked = cli.server.received().size() + cli.server.keyRequests().size();
        Cli.Run enough = tokens("topup", words);
        assertThat(enough.exitCode()).isZero();
        assertThat(enough.err()).isEqualTo("nothing to buy: 0.0063 USD is left\n");
        assertThat(cli.server.received().size() + cli.server.keyRequests().size())
                .as("nobody was asked")
                .isEqualTo(asked);
        assertThat(get("--tokens").exitCode()).isZero();
        var before = cli.clock.instant();
        assertThat(tokens("topup", words).out()).startsWith("bought     0.0063 USD");
        assertThat(cli.clock.instant()).as("some time later").isBetween(before, before.plusSeconds(1801));
        assertThat(get("--tokens").exitCode()).isZero();
        assertThat(get("--tokens").exitCode()).isZero();
        assertThat(get("--tokens").exitCode()).isZero();
        Cli.Run over = tokens("topup", words);
        assertThat(over.exitCode()).as(over.err()).isEqualTo(ExitCode.DECLINED);
        assertThat(mint.paid()).isEqualTo(12_600);
    }

    @Test
    @Requirement({"F-TK-122", "F-TK-166"})
    void topup_whileAPurchaseIsOpen_buysNoOtherAndFinishesIt() throws Exception {
        String[] words = {origin(), BUNDLE, "--below", "0.004usd", "--budget", "1usd/day"};
        loseAnswers();
        assertThat(tokens("topup", words).exitCode()).isEqualTo(ExitCode.UNKNOWN);
        Cli.Run still = tokens("topup", words);
        assertThat(still.exitCode()).as(still.err()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(mint.paid()).isEqualTo(6300);
        mint.instead = request -> Optional.empty();
        assertThat(tokens("topup", words).exitCode()).isZero();
        assertThat(mint.paid()).isEqualTo(6300);
        assertThat(tokens("list").out()).contains("ready      0.0063 USD");
    }

    private void loseAnswers() {
        mint.instead = request -> {
            if (request.target().equals("/token-restore")) {
                return Optional.of(Reply.drop());
            }
            if (request.target().equals("/token-purchase")
                    && request.credential().isPresent()) {
                var unused = mint.answer(request);
                return Optional.of(Reply.drop());
            }
            return Optional.empty();
        };
    }

    @Test
    @Requirement({"F-TK-162", "F-TK-129"})
    void buy_afterALostFile_saysToRestoreAndPaysNothing() throws Exception {
        buy();
        Files.delete(cli.home.resolve("tokens.jsonl"));
        Cli.Run run = tokens("buy", origin(), BUNDLE);
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err())
                .contains("Nothing was paid", "farthing tokens restore " + origin())
                .hasLineCount(1);
        assertThat(mint.paid()).isEqualTo(6300);
        assertThat(tokens("list").err()).contains("no tokens");
    }

    @Test
    @Requirement("F-TK-122")
    void buy_theMintIsOutOfOrder_saysSoAndNotThatMoneyIsGone() {
        mint.instead =
                request -> request.target().equals("/token-purchase") ? Optional.of(Reply.of(503)) : Optional.empty();
        Cli.Run run = tokens("buy", origin(), BUNDLE);
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).doesNotContain("counts as spent");
        mint.instead = request -> Optional.empty();
        buy();
    }

    @Test
    @Requirement("F-TK-122")
    void buy_theWalletIsEmpty_saysWhyAndIsOver() throws Exception {
        mint.instead = request -> request.target().equals("/token-purchase")
                ? request.credential()
                        .map(paid -> Reply.problem(
                                        Problem.of(ProblemType.INSUFFICIENT_FUNDS, "The wallet holds too little."))
                                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.REFUSED, paid)))
                : Optional.empty();
        Cli.Run run = tokens("buy", origin(), BUNDLE);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.NOT_CHARGED);
        assertThat(run.err()).contains("The mint says: The wallet holds too little.", "not charged");
        assertThat(tokens("list").err()).doesNotContain("interrupted");
    }

    @Test
    @Requirement("F-TK-178")
    void recall_ofAClosedKey_bringsNewTokens() {
        buy();
        assertThat(tokens("recall", origin()).err()).contains("nothing to recall");
        cli.clock.advance(Duration.ofMinutes(2));
        mint.publish(List.of(mint.key(0, 100, cli.clock.instant().minusSeconds(3600))), 6300);
        assertThat(tokens("swap", origin()).err())
                .contains("0.0062 USD in 5 tokens", "does not list any more", "farthing tokens recall " + origin());
        Cli.Run run = tokens("recall", origin());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("new        0.0062 USD in 62 tokens, for " + origin() + "\n");
        assertThat(tokens("list").out()).contains("ready      0.0063 USD in 63 tokens");
    }

    @Test
    void list_ofNothing_saysHowToBuy() throws Exception {
        assertThat(tokens("list").err()).contains("no tokens yet", "farthing tokens buy ORIGIN");
        assertThat(cli.home.resolve("tokens.jsonl")).doesNotExist();
        buy();
        Cli.Run other = tokens("list", "https://other.example");
        assertThat(other.exitCode()).isZero();
        assertThat(other.out()).isEmpty();
        assertThat(other.err()).contains("no tokens for https://other.example");
    }

    @Test
    void buy_noMintThere_failsWithASentence() {
        mint.instead = request -> Optional.of(Reply.of(404));
        Cli.Run run = tokens("buy", origin());
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).startsWith("farthing: ").contains("--issuer").hasLineCount(1);
    }
}
