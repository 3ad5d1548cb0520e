package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.offer.Offer;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.token.TestIssuer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens at a real paywall on the real ledger, byte for byte. */
class TokenPaymentTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private TestIssuer issuer;

    @BeforeEach
    void start() {
        paywall = new Paywall(folder);
        issuer = TestIssuer.shared(paywall.clock);
        TokenTill.openKeys(paywall.ledger(), issuer);
        boot(AcceptedTokens.of(issuer));
    }

    private void boot(AcceptedTokens accepted) {
        paywall.boot(
                prices -> prices.charge("/docs/*", Paywall.offer().build())
                        .charge("/now/*", Paywall.offer().upfront().build())
                        .charge("/small", Paywall.offer().holdLimit(1).build())
                        .charge(
                                Set.of(),
                                "/two/*",
                                List.of(
                                        Offer.of("0.001usd").methods("token").build(),
                                        Offer.of("0.002usd").methods("wallet").build())),
                handler -> handler.setTokens(accepted));
    }

    @AfterEach
    void stop() {
        paywall.close();
    }

    private List<BlindToken> tokens(long... values) {
        return issuer.tokens(TokenTill.SHOP, values);
    }

    private HttpTester.Response buy(String path, List<BlindToken> tokens) {
        return paywall.get(path, TokenTill.pay(paywall.get(path), tokens));
    }

    private void refused(HttpTester.Response answer, ProblemType type, Map<String, String> members) {
        Problem problem = TokenTill.problem(answer);
        assertThat(problem.type()).isEqualTo(type);
        assertThat(answer.getStatus()).isEqualTo(402);
        members.forEach((name, value) -> assertThat(problem.text(name)).contains(value));
        assertThat(answer.get("Payment-Outcome")).startsWith("refused;");
        assertThat(TokenTill.challenge(answer).jws()).isNotNull();
    }

    // ---- paid ----------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-60", "F-TK-58", "F-RC-6", "F-TK-59"})
    void pay_tokensThatMakeThePrice_servedWithAReceiptThatNamesNobody() throws Exception {
        List<BlindToken> paid = tokens(1000, 500, 500);
        Challenge challenge = TokenTill.challenge(paywall.get("/docs/a"));
        HttpTester.Response answer = paywall.get("/docs/a", TokenTill.pay(challenge, paid));

        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("the document");
        assertThat(ChargeOutcome.parse(answer.get("Payment-Outcome")).state()).isEqualTo(ChargeOutcome.State.CAPTURED);
        PaymentReceipt receipt = PaymentReceipt.parse(answer.get("Payment-Receipt"));
        assertThat(receipt.members())
                .containsOnlyKeys(
                        "amount",
                        "challengeId",
                        "currency",
                        "intent",
                        "jws",
                        "method",
                        "rb",
                        "recipient",
                        "reference",
                        "status",
                        "timestamp",
                        "tokens")
                .containsEntry("tokens", "3")
                .containsEntry("amount", "2000")
                .containsEntry("method", "token");
        assertThat(paywall.charge(challenge.id()).state()).isEqualTo(ChargeState.CAPTURED);
        assertThat(paywall.charge(challenge.id()).terms().wallet()).startsWith("t_");
        assertThat(paywall.nothingMoved()).as("of the wallet").isTrue();
    }

    @Test
    @Requirement({"F-RE-1", "F-TK-58", "T1"})
    void pay_sameBytesAgain_sameAnswerAndOneExecution() {
        String value = TokenTill.pay(paywall.get("/docs/a"), tokens(2000));
        HttpTester.Response first = paywall.get("/docs/a", value);
        HttpTester.Response second = paywall.get("/docs/a", value);

        assertThat(second.getStatus()).isEqualTo(200);
        assertThat(second.get("Payment-Receipt")).isEqualTo(first.get("Payment-Receipt"));
        assertThat(second.get("Payment-Replayed")).isEqualTo("true");
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"F-TK-58", "F-TK-60"})
    void pay_upfrontOrAPriceForTokensAlone_served() throws Exception {
        HttpTester.Response upfront = buy("/now/a", tokens(2000));
        assertThat(upfront.getStatus()).isEqualTo(200);
        assertThat(PaymentReceipt.parse(upfront.get("Payment-Receipt")).text("tokens"))
                .contains("1");
        assertThat(buy("/two/a", tokens(1000)).getStatus()).isEqualTo(200);
        assertThat(paywall.balanced()).isTrue();
    }

    @Test
    @Requirement("F-TK-56")
    void pay_moreThanThePriceWhereThePayeeKeepsIt_receiptSaysThePrice() throws Exception {
        paywall.stopServer();
        boot(AcceptedTokens.of(issuer).keepingOverpay());
        HttpTester.Response answer = buy("/docs/a", tokens(2000, 500));

        assertThat(answer.getStatus()).isEqualTo(200);
        PaymentReceipt receipt = PaymentReceipt.parse(answer.get("Payment-Receipt"));
        assertThat(receipt.amount()).contains("2000");
        assertThat(receipt.text("tokens")).contains("2");
        assertThat(paywall.balanced()).isTrue();
    }

    // ---- spent ---------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-139", "F-SV-65", "T40"})
    void pay_withSpentTokensAgainAndAgain_theNetworkHasToWait() {
        paywall.stopServer();
        paywall.boot(prices -> prices.charge("/docs/*", Paywall.offer().build()), handler -> {
            handler.setTokens(AcceptedTokens.of(issuer));
            handler.setClientName(request -> "a network");
            handler.setAdmission(
                    PaymentLimits.builder().failures(2).clock(paywall.clock).build());
        });
        List<BlindToken> spent = tokens(2000);
        assertThat(buy("/docs/a", spent).getStatus()).isEqualTo(200);

        refused(buy("/docs/a", spent), ProblemType.TOKEN_SPENT, Map.of("spent", "0"));
        refused(buy("/docs/a", spent), ProblemType.TOKEN_SPENT, Map.of("spent", "0"));
        assertThat(buy("/docs/a", spent).getStatus()).isEqualTo(429);
        paywall.clock.advance(Duration.ofSeconds(30));
        refused(buy("/docs/a", spent), ProblemType.TOKEN_SPENT, Map.of("spent", "0"));
    }

    @Test
    @Requirement({"F-TK-58", "T57", "F-PR-20"})
    void pay_withSpentTokens_refusedWithTheirPositionsAndTheOthersStayGood() {
        List<BlindToken> first = tokens(1000, 500, 500);
        assertThat(buy("/docs/a", first).getStatus()).isEqualTo(200);
        List<BlindToken> fresh = tokens(1000);
        List<BlindToken> mixed = List.of(first.get(1), fresh.get(0), first.get(2));

        refused(buy("/docs/b", mixed), ProblemType.TOKEN_SPENT, Map.of("spent", "0 2"));
        refused(buy("/now/b", mixed), ProblemType.TOKEN_SPENT, Map.of("spent", "0 2"));
        List<BlindToken> good = new ArrayList<>(fresh);
        good.addAll(tokens(500, 500));
        assertThat(buy("/docs/b", good).getStatus()).isEqualTo(200);
        assertThat(paywall.executions).hasValue(2);
        assertThat(paywall.balanced()).isTrue();
    }

    @Test
    @Requirement({"F-TK-58", "F-RE-6"})
    void pay_otherTokensForAUsedChallenge_refusedAndTheTokensStayGood() {
        Challenge challenge = TokenTill.challenge(paywall.get("/docs/a"));
        List<BlindToken> first = tokens(2000);
        assertThat(paywall.get("/docs/a", TokenTill.pay(challenge, first)).getStatus())
                .isEqualTo(200);
        List<BlindToken> second = tokens(2000);
        refused(
                paywall.get("/docs/a", TokenTill.pay(challenge, second)),
                ProblemType.INVALID_CHALLENGE,
                Map.of("reason", "used"));

        assertThat(buy("/docs/a", second).getStatus()).isEqualTo(200);
    }

    @Test
    @Requirement({"F-TK-56", "T29"})
    void pay_tooLittle_refusedAndTheTokensStayGood() {
        List<BlindToken> little = tokens(1000);
        refused(
                buy("/docs/a", little),
                ProblemType.AMOUNT_MISMATCH,
                Map.of("required", "2000", "presented", "1000", "currency", "usd.e6"));
        refused(buy("/docs/a", tokens(4000)), ProblemType.AMOUNT_MISMATCH, Map.of("presented", "4000"));
        assertThat(buy("/two/a", little).getStatus()).isEqualTo(200);
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"F-TK-57", "F-PR-30"})
    void pay_expiredTokens_refusedWithTheWayOut_andAnswersOfBeforeStay() throws Exception {
        String before = TokenTill.pay(paywall.get("/docs/a"), tokens(2000));
        assertThat(paywall.get("/docs/a", before).getStatus()).isEqualTo(200);
        paywall.clock.advance(Duration.ofDays(60).minusMinutes(3));
        String late = TokenTill.pay(paywall.get("/docs/b"), tokens(1000, 1000));
        String again = TokenTill.pay(paywall.get("/docs/c"), tokens(2000));
        assertThat(paywall.get("/docs/c", again).getStatus()).isEqualTo(200);
        paywall.clock.advance(Duration.ofMinutes(4));

        HttpTester.Response answer = paywall.get("/docs/b", late);
        Problem problem = TokenTill.problem(answer);
        assertThat(problem.type()).isEqualTo(ProblemType.TOKEN_EXPIRED);
        assertThat(problem.text("expired")).contains("0 1");
        assertThat(problem.resolutions())
                .extracting(Problem.Resolution::rel, Problem.Resolution::href)
                .startsWith(org.assertj.core.groups.Tuple.tuple("swap", "https://issuer.example/token-swap"));
        // Its key is over, but the same bytes still meet their charge.
        assertThat(paywall.get("/docs/c", again).getStatus()).isEqualTo(200);
        assertThat(paywall.executions).hasValue(2);
    }

    // ---- released ------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-61", "F-OU-25", "T70"})
    void release_listsTheSerialsAndKeepsTheTokensForTheSameBytesAlone() throws Exception {
        List<BlindToken> exposed = tokens(1000, 1000);
        paywall.app(Paywall.status(404));
        Challenge challenge = TokenTill.challenge(paywall.get("/docs/a"));
        HttpTester.Response answer = paywall.get("/docs/a", TokenTill.pay(challenge, exposed));

        assertThat(answer.getStatus()).isEqualTo(404);
        ReleaseStatement statement = ReleaseStatement.parseField(answer.get("Payment-Release"));
        statement.verify(
                KeyDirectory.of(TokenTill.SHOP, List.of(paywall.key.publicKey())),
                challenge.id(),
                paywall.clock.instant());
        assertThat(statement.serialList())
                .containsExactlyElementsOf(
                        exposed.stream().map(token -> token.serial().text()).toList());
        assertThat(paywall.charge(challenge.id()).state()).isEqualTo(ChargeState.RELEASED);

        paywall.app(Paywall.text("the document"));
        refused(buy("/docs/a", exposed), ProblemType.TOKEN_SPENT, Map.of("spent", "0 1"));
        paywall.clock.advance(Duration.ofMinutes(15));
        assertThat(buy("/docs/a", exposed).getStatus()).isEqualTo(200);
        refused(buy("/docs/a", exposed), ProblemType.TOKEN_SPENT, Map.of("spent", "0 1"));
        assertThat(paywall.balanced()).isTrue();
    }

    @Test
    @Requirement({"F-TK-61", "F-OU-25", "F-OU-22"})
    void release_inAProblem_listsTheSerials() throws Exception {
        List<BlindToken> exposed = tokens(2000);
        Challenge challenge = TokenTill.challenge(paywall.get("/small"));
        String value = TokenTill.pay(challenge, exposed);
        HttpTester.Response tooLarge = paywall.get("/small", value);
        assertThat(tooLarge.getStatus()).isEqualTo(500);
        assertThat(serials(tooLarge)).containsExactly(exposed.get(0).serial().text());

        HttpTester.Response again = paywall.get("/small", value);
        assertThat(TokenTill.problem(again).type()).isEqualTo(ProblemType.PAYMENT_RELEASED);
        assertThat(serials(again)).containsExactly(exposed.get(0).serial().text());
        assertThat(paywall.balanced()).isTrue();
    }

    @Test
    @Requirement({"F-TK-60", "F-TK-61", "F-OU-25"})
    void refund_ofAnUpfrontChargeWhoseAnswerFails_releasesTheTokens() throws Exception {
        List<BlindToken> exposed = tokens(2000);
        paywall.app(Paywall.status(500));
        HttpTester.Response answer = buy("/now/a", exposed);
        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(answer.get("Payment-Outcome")).startsWith("released;");
        assertThat(ReleaseStatement.parseField(answer.get("Payment-Release")).serialList())
                .containsExactly(exposed.get(0).serial().text());

        paywall.app(Paywall.text("the document"));
        refused(buy("/now/a", exposed), ProblemType.TOKEN_SPENT, Map.of("spent", "0"));
        paywall.clock.advance(Duration.ofMinutes(15));
        assertThat(buy("/now/a", exposed).getStatus()).isEqualTo(200);
        assertThat(paywall.balanced()).isTrue();
    }

    @SuppressWarnings("unchecked")
    private static List<String> serials(HttpTester.Response answer) throws Exception {
        Object release =
                Objects.requireNonNull(TokenTill.problem(answer).extensions().get("release"));
        return ReleaseStatement.parse((Map<String, Object>) release).serialList();
    }

    // ---- other payees --------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-52", "T57"})
    void pay_tokenOfAnyPayeeAtTwoPayees_oneServes() {
        paywall.stopServer();
        boot(AcceptedTokens.of(issuer).ofAnyPayee());
        try (Paywall other = new Paywall(paywall, "https://other.example")) {
            other.boot(
                    prices -> prices.charge("/docs/*", Paywall.offer().build()),
                    handler -> handler.setTokens(AcceptedTokens.of(issuer).ofAnyPayee()));
            List<BlindToken> any =
                    issuer.tokens(org.farthing.protocol.token.TokenChallenge.anyPayee(TestIssuer.ORIGIN), 2000);
            String here = TokenTill.pay(paywall.get("/docs/a"), any);
            String there = TokenTill.pay(other.get("/docs/a"), any);

            assertThat(other.get("/docs/a", there).getStatus()).isEqualTo(200);
            refused(paywall.get("/docs/a", here), ProblemType.TOKEN_SPENT, Map.of("spent", "0"));
            assertThat(paywall.executions).hasValue(0);
        }
    }

    @Test
    @Requirement({"F-PR-51", "F-TK-55"})
    void pay_brokenPayloads_refusedWithoutATrace() throws Exception {
        Challenge challenge = TokenTill.challenge(paywall.get("/docs/a"));
        List<BlindToken> good = tokens(2000);
        byte[] forged = good.get(0).bytes();
        forged[200] ^= 1;
        refused(
                paywall.get("/docs/a", TokenTill.pay(challenge, List.of(BlindToken.parse(forged)))),
                ProblemType.VERIFICATION_FAILED,
                Map.of("reason", "proof"));
        refused(
                paywall.get("/docs/a", TokenTill.pay(challenge, tokens(500, 500, 500, 500, 500))),
                ProblemType.INVALID_PAYLOAD,
                Map.of());
        assertThat(paywall.get("/docs/a", TokenTill.pay(challenge, good)).getStatus())
                .as("the challenge and the token are as good as before")
                .isEqualTo(200);
        assertThat(paywall.executions).hasValue(1);
    }
}
