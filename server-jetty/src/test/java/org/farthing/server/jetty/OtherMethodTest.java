package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.ledger.Wallet;
import org.farthing.server.method.Authorization.Claim;
import org.farthing.server.method.Authorization.Movement;
import org.farthing.server.method.Authorization.Payable;
import org.farthing.server.method.Authorization.Refused;
import org.farthing.testing.Altered;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A method from elsewhere at the gate: it works like ours, and cannot do harm by being wrong. */
class OtherMethodTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private final Coin coin = new Coin();

    @BeforeEach
    void start() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                handler -> handler.addMethod(coin));
        coin.payer = paywall.alice.wallet();
    }

    @AfterEach
    void stop() {
        paywall.close();
    }

    @Test
    @Requirement({"S29", "F-AP-3", "F-CH-32", "F-CH-40"})
    void demand_offersEveryMethodInTheClientsOrder() {
        HttpTester.Response both = paywall.get("/docs/a");
        assertThat(both.getValuesList("WWW-Authenticate")).hasSize(2);
        assertThat(both.getValuesList("WWW-Authenticate").get(0)).contains("method=\"wallet\"");
        HttpTester.Response coinFirst = paywall.get("/docs/a", "Accept-Payment: wallet/charge;q=0.1, coin/*");
        assertThat(coinFirst.getValuesList("WWW-Authenticate").get(0)).contains("method=\"coin\"");
        HttpTester.Response coinOnly = paywall.get("/docs/a", "Accept-Payment: coin/charge");
        assertThat(coinOnly.getValuesList("WWW-Authenticate")).hasSize(1);
    }

    @Test
    void payment_byAnotherMethod_isServedAndCharged() {
        HttpTester.Response answer = pay();
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"T4", "F-BI-1"})
    void proof_forTheOtherMethodsChallenge_isRefused() throws Exception {
        Challenge wallet = Payer.challengeOf(paywall.get("/docs/a", "Accept-Payment: wallet/charge"));
        String value = Credential.of(wallet, null, Map.of("coin", "1")).format();
        assertThat(problem(paywall.get("/docs/a", "Authorization: " + value))).isEqualTo(ProblemType.INVALID_PAYLOAD);
    }

    @Test
    @Requirement({"T40", "F-BI-3"})
    void credential_forNoChallengeOfThisServer_neverReachesTheMethod() {
        Challenge challenge = Payer.challengeOf(paywall.get("/docs/a", "Accept-Payment: coin/charge"));
        Challenge other = new Challenge(Altered.first(challenge.id()), challenge.terms(), null, null);
        String value = Credential.of(other, null, Map.of("coin", "1")).format();
        assertThat(paywall.get("/docs/a", "Authorization: " + value).getStatus())
                .isEqualTo(402);
        String elsewhere = Credential.of(challenge, null, Map.of("coin", "1")).format();
        assertThat(paywall.get("/docs/b", "Authorization: " + elsewhere).getStatus())
                .isEqualTo(402);
        assertThat(coin.verified).hasValue(0);
    }

    @Test
    @Requirement({"T43", "S56"})
    void method_thatReturnsNoStageNoResultOrFails_refuses() throws Exception {
        coin.answer = presentation -> null;
        failsClosed();
        coin.answer = presentation -> CompletableFuture.completedFuture(null);
        failsClosed();
        coin.answer = presentation -> CompletableFuture.failedFuture(new IllegalStateException("the network is down"));
        failsClosed();
        coin.answer = presentation -> {
            throw new IllegalStateException("a bug of theirs");
        };
        failsClosed();
    }

    @Test
    @Requirement({"T8", "T30"})
    void method_thatAuthorisesAnotherMovement_refuses() throws Exception {
        CurrencyId usd = new CurrencyId(Paywall.CURRENCY);
        Movement more = new Movement(Amount.of(2_001), usd, Paywall.ORIGIN);
        Movement less = new Movement(Amount.of(1_999), usd, Paywall.ORIGIN);
        Movement other = new Movement(Amount.of(2_000), new CurrencyId("usd"), Paywall.ORIGIN);
        Movement elsewhere = new Movement(Amount.of(2_000), usd, "https://other.example");
        for (Movement movement : new Movement[] {more, less, other, elsewhere}) {
            coin.answer = presentation -> CompletableFuture.completedFuture(
                    new Payable(new Claim("p1", paywall.alice.wallet(), "coin", 1), movement));
            failsClosed();
        }
    }

    @Test
    @Requirement("S6")
    void method_thatRefusesFor403_isAnsweredWithoutChallenge() throws Exception {
        coin.answer =
                presentation -> CompletableFuture.completedFuture(new Refused(ProblemType.NOT_ALLOWED, "Not for you."));
        HttpTester.Response answer = pay();
        assertThat(answer.getStatus()).isEqualTo(403);
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(answer.get("Payment-Outcome")).startsWith("refused;");
    }

    @Test
    @Requirement({"F-ST-10", "T1"})
    void payment_whoseIdentityWasUsedByAnotherChallenge_409() throws Exception {
        coin.paymentId = "one-coin";
        assertThat(pay().getStatus()).isEqualTo(200);
        HttpTester.Response again = pay();
        assertThat(again.getStatus()).isEqualTo(409);
        assertThat(problem(again)).isEqualTo(ProblemType.ALREADY_FULFILLED);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"F-WO-25", "F-ST-10"})
    void keysChangedSinceTheVerification_isVerifiedOnceMore() throws Exception {
        coin.version = 99;
        HttpTester.Response answer = pay();
        assertThat(problem(answer)).isEqualTo(ProblemType.VERIFICATION_FAILED);
        assertThat(coin.verified).hasValue(2);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"F-WO-25", "F-ST-10"})
    void walletSuspendedSinceTheVerification_403() throws Exception {
        Paywall.await(paywall.ledger().setStatus(paywall.alice.wallet(), Wallet.Status.SUSPENDED));
        coin.version = 2;
        assertThat(problem(pay())).isEqualTo(ProblemType.WALLET_SUSPENDED);
    }

    @Test
    @Requirement({"T68", "F-ST-60", "F-PR-22", "S51", "S32"})
    void tooManyReleases_429() throws Exception {
        paywall.app(Paywall.status(500));
        HttpTester.Response answer = pay();
        for (int i = 0; i < 60 && answer.getStatus() == 500; i++) {
            answer = pay();
        }
        assertThat(answer.getStatus()).isEqualTo(429);
        assertThat(answer.get("Retry-After")).matches("[1-9][0-9]?");
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(ProblemType.RATE_LIMITED);
        assertThat(problem.text("retryAfter")).contains(answer.get("Retry-After"));
        assertThat(answer.get("Payment-Outcome")).startsWith("refused;");
    }

    private HttpTester.Response pay() {
        Challenge challenge = Payer.challengeOf(paywall.get("/docs/a", "Accept-Payment: coin/charge"));
        String value = Credential.of(challenge, null, Map.of("coin", "1")).format();
        return paywall.get("/docs/a", "Authorization: " + value);
    }

    private void failsClosed() throws Exception {
        HttpTester.Response answer = pay();
        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(problem(answer)).isEqualTo(ProblemType.INTERNAL_PAYMENT_ERROR);
        assertThat(answer.getContent()).doesNotContain("the network", "a bug", "Exception");
        assertThat(paywall.executions).hasValue(0);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    private static ProblemType problem(HttpTester.Response answer) throws Exception {
        return Problem.parse(answer.getContentBytes()).type();
    }
}
