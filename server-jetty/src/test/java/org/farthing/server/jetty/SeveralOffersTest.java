package org.farthing.server.jetty;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceFact;
import org.farthing.server.offer.PricedOffer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several offers in one 402: the client chooses, and what it chose is what it is charged (F-SV-26 to F-SV-28). */
class SeveralOffersTest {

    private static final String PAGES = "unit:pages";
    private static final Offer MONEY = Paywall.offer().build();
    private static final Offer CREDITS =
            Offer.of("3 unit:pages").methods("wallet").build();
    private static final Offer EUROS = Offer.of("0.0019eur").build();

    @TempDir
    private Path folder = Path.of("");

    private final Coin coin = new Coin();
    private Paywall paywall;

    @BeforeEach
    void start() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge(Set.of(), "/docs/*", List.of(MONEY, CREDITS, EUROS)),
                handler -> handler.addMethod(coin));
        coin.payer = paywall.alice.wallet();
        Paywall.await(paywall.ledger().topUp(new TopUp(paywall.alice.wallet(), PAGES, 10, "pages")));
    }

    @AfterEach
    void stop() {
        paywall.close();
    }

    @Test
    @Requirement({"S29", "F-SV-26", "F-CH-32", "F-CH-41"})
    void demand_everyOfferByEveryMethodThatMayPayIt_inTheServersOrder() throws Exception {
        HttpTester.Response answer = paywall.get("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(402);
        assertThat(offered(answer))
                .containsExactly(
                        "wallet 2000 usd.e6",
                        "coin 2000 usd.e6",
                        "wallet 3 unit:pages",
                        "wallet 1900 eur.e6",
                        "coin 1900 eur.e6");
        assertThat(challenges(answer).stream().map(Challenge::id)).doesNotHaveDuplicates();
        assertThat(Problem.parse(answer.getContentBytes()).detail())
                .startsWith("This request costs 0.002 USD, or 3 unit:pages, or 0.0019 EUR. ");
    }

    @Test
    @Requirement({"S29", "S30", "F-AP-3", "F-AP-5", "F-SV-26"})
    void acceptPayment_filtersAndRanksOverAllOffers() throws Exception {
        assertThat(offered(paywall.get("/docs/a", "Accept-Payment: wallet/charge;q=0.5, coin/charge")))
                .containsExactly(
                        "coin 2000 usd.e6",
                        "coin 1900 eur.e6",
                        "wallet 2000 usd.e6",
                        "wallet 3 unit:pages",
                        "wallet 1900 eur.e6");
        assertThat(offered(paywall.get("/docs/a", "Accept-Payment: coin/*")))
                .containsExactly("coin 2000 usd.e6", "coin 1900 eur.e6");
        assertThat(offered(paywall.get("/docs/a", "Accept-Payment: other/*"))).hasSize(5);
    }

    @Test
    @Requirement({"S5", "F-SV-7", "F-SV-26", "F-RC-21"})
    void each_paidIsChargedInItsOwnCurrency() throws Exception {
        HttpTester.Response money = pay(choose(paywall.get("/docs/a"), "wallet", "usd.e6"));
        assertThat(money.getStatus()).isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        assertThat(pages()).isEqualTo(10);

        HttpTester.Response credits = pay(choose(paywall.get("/docs/a"), "wallet", PAGES));
        assertThat(credits.getStatus()).isEqualTo(200);
        PaymentReceipt receipt = PaymentReceipt.parse(credits.get("Payment-Receipt"));
        assertThat(receipt.amount()).contains("3");
        assertThat(receipt.currency()).contains(PAGES);
        assertThat(pages()).isEqualTo(7);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        assertThat(paywall.balanced()).isTrue();
    }

    @Test
    @Requirement({"S44", "F-PR-40"})
    void offer_whoseCurrencyTheWalletHasNone_demandsAllAgain() throws Exception {
        HttpTester.Response answer = pay(choose(paywall.get("/docs/a"), "wallet", "eur.e6"));
        assertThat(answer.getStatus()).isEqualTo(402);
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(ProblemType.INSUFFICIENT_FUNDS);
        assertThat(problem.text("currency")).contains("eur.e6");
        assertThat(offered(answer)).hasSize(5);
        assertThat(paywall.executions).hasValue(0);
    }

    @Test
    @Requirement({"S3", "S44", "T8"})
    void mixOfTwoOffers_isRefused() throws Exception {
        HttpTester.Response answer = paywall.get("/docs/a");
        ChallengeTerms dear = choose(answer, "wallet", "usd.e6").terms();
        Challenge cheap = choose(answer, "wallet", PAGES);
        ChallengeTerms mixed = new ChallengeTerms(
                dear.realm(),
                dear.method(),
                dear.intent(),
                cheap.request(),
                dear.expires(),
                dear.digest(),
                dear.opaque(),
                dear.header());
        for (String id : List.of(choose(answer, "wallet", "usd.e6").id(), cheap.id())) {
            HttpTester.Response refused = pay(new Challenge(id, mixed, null, null));
            assertThat(Problem.parse(refused.getContentBytes()).type()).isEqualTo(ProblemType.INVALID_CHALLENGE);
        }
        ChallengeTerms byCoin = new ChallengeTerms(
                dear.realm(),
                "coin",
                dear.intent(),
                dear.request(),
                dear.expires(),
                dear.digest(),
                dear.opaque(),
                dear.header());
        Challenge other = new Challenge(choose(answer, "wallet", "usd.e6").id(), byCoin, null, null);
        String value = Credential.of(other, null, Map.of("coin", "1")).format();
        assertThat(paywall.get("/docs/a", "Authorization: " + value).getStatus())
                .isEqualTo(402);
        assertThat(coin.verified).hasValue(0);
        assertThat(paywall.nothingMoved()).isTrue();
        assertThat(pages()).isEqualTo(10);
    }

    @Test
    @Requirement({"F-SV-7", "F-SV-27", "T9"})
    void offer_takenOutMeanwhile_isHonouredUntilItExpires() throws Exception {
        Challenge credits = choose(paywall.get("/docs/a"), "wallet", PAGES);
        paywall.reprice(prices -> prices.charge(Set.of(), "/docs/*", List.of(EUROS)));
        assertThat(offered(paywall.get("/docs/a"))).containsExactly("wallet 1900 eur.e6");
        assertThat(pay(credits).getStatus()).isEqualTo(200);
        assertThat(pages()).isEqualTo(7);
        assertThat(paywall.spent(paywall.alice)).isZero();
    }

    @Test
    @Requirement({"F-SV-7", "F-SV-27", "T9"})
    void captureMode_changedMeanwhile_isTheChallenges() throws Exception {
        paywall.reprice(
                prices -> prices.charge("/docs/*", Paywall.offer().upTo().build()));
        Challenge atMost = choose(paywall.get("/docs/a"), "wallet", "usd.e6");
        Challenge atMostToo = choose(paywall.get("/docs/b"), "wallet", "usd.e6");
        paywall.reprice(
                prices -> prices.charge("/docs/*", Paywall.offer().upfront().build()));
        String lower = paywall.alice.credential(atMost, Amount.of(1_500)).format();
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + lower);
        assertThat(answer.getStatus()).isEqualTo(200);
        PaymentReceipt receipt = PaymentReceipt.parse(answer.get("Payment-Receipt"));
        assertThat(receipt.amount()).contains("1500");
        assertThat(receipt.authorized()).contains("1500");

        // What may be charged in part cannot be taken before the handler has said how much.
        paywall.app(Paywall.of((request, response, callback) -> {
            requireNonNull(PaymentHandler.getPayment(request)).capture(Amount.of(300));
            response.write(true, null, callback);
        }));
        HttpTester.Response less = paywall.get("/docs/b", "Authorization: " + paywall.alice.pay(atMostToo));
        assertThat(PaymentReceipt.parse(less.get("Payment-Receipt")).amount()).contains("300");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(1_800);

        Challenge exact = choose(paywall.get("/docs/c"), "wallet", "usd.e6");
        paywall.reprice(
                prices -> prices.charge("/docs/*", Paywall.offer().upTo().build()));
        String partly = paywall.alice.credential(exact, Amount.of(1_500)).format();
        HttpTester.Response refused = paywall.get("/docs/c", "Authorization: " + partly);
        assertThat(refused.getStatus()).isNotEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(1_800);
    }

    @Test
    @Requirement({"T76", "F-BI-29", "F-SV-26"})
    void functions_priceEachOfferFromTheSameFacts() throws Exception {
        PriceFact pages = PriceFact.query("pages");
        paywall.reprice(prices -> prices.charge(
                Set.of(),
                "/docs/*",
                List.of(
                        PricedOffer.of(MONEY, facts -> Amount.of(100 * count(facts.value(pages)))),
                        PricedOffer.of(CREDITS, facts -> Amount.of(count(facts.value(pages)))),
                        PricedOffer.of(EUROS)),
                Set.of(pages)));
        HttpTester.Response answer = paywall.get("/docs/a?pages=4");
        assertThat(offered(answer)).containsExactly("wallet 400 usd.e6", "wallet 4 unit:pages", "wallet 1900 eur.e6");
        for (Challenge challenge : challenges(answer)) {
            HttpTester.Response other =
                    paywall.get("/docs/a?pages=5", "Authorization: " + paywall.alice.pay(challenge));
            assertThat(Problem.parse(other.getContentBytes()).type()).isEqualTo(ProblemType.INVALID_CHALLENGE);
        }
        String value = paywall.alice.pay(choose(answer, "wallet", PAGES));
        assertThat(paywall.get("/docs/a?pages=4", "Authorization: " + value).getStatus())
                .isEqualTo(200);
        assertThat(pages()).isEqualTo(6);
    }

    @Test
    @Requirement({"F-SV-28", "F-SV-50"})
    void offer_forAMethodTheServerHasNot_refusesToStart() {
        Paywall other = new Paywall(paywall, Paywall.ORIGIN);
        Offer token = Offer.of("0.01eur").methods("token").build();
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        other.boot(prices -> prices.charge(Set.of(), "/docs/*", List.of(MONEY, token)), handler -> {}))
                .havingRootCause()
                .withMessageContaining("payment by token");
    }

    private HttpTester.Response pay(Challenge challenge) {
        return paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(challenge));
    }

    private long pages() {
        return paywall.account(paywall.alice, PAGES).available();
    }

    private static long count(Optional<String> value) {
        return Long.parseLong(value.orElse("1"));
    }

    private static Challenge choose(HttpTester.Response answer, String method, String currency) throws Exception {
        for (Challenge challenge : challenges(answer)) {
            if (challenge.method().equals(method)
                    && challenge.paymentRequest().currency().text().equals(currency)) {
                return challenge;
            }
        }
        throw new AssertionError("no offer of " + currency + " by " + method + " in " + offered(answer));
    }

    private static List<Challenge> challenges(HttpTester.Response answer) {
        Challenge.Parsed parsed = Challenge.parseAll(answer.getValuesList("WWW-Authenticate"));
        assertThat(parsed.rejected()).isEmpty();
        return parsed.challenges();
    }

    private static List<String> offered(HttpTester.Response answer) {
        return challenges(answer).stream().map(SeveralOffersTest::text).toList();
    }

    private static String text(Challenge challenge) {
        try {
            PaymentRequest request = challenge.paymentRequest();
            return challenge.method() + " " + request.amount().format() + " "
                    + request.currency().text();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }
}
