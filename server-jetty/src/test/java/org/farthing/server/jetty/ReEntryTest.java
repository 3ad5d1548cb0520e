package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceFact;
import org.farthing.server.offer.PriceList;
import org.farthing.server.offer.Route;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coming again with a pass: the wallet that paid reads the same thing for nothing, for a time (spec/pass.md). */
class ReEntryTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private int refunds;

    @BeforeEach
    void start() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/docs/*", Paywall.offer().pass(HOUR).build()));
    }

    @AfterEach
    void stop() {
        paywall.close();
    }

    @Test
    @Requirement({"F-PA-1", "F-PA-3", "F-RC-5"})
    void paid_receiptHasAPassForTheTimeTheChallengePromised() throws Exception {
        HttpTester.Response unpaid = paywall.get("/docs/a");
        assertThat(Payer.challengeOf(unpaid).paymentRequest().methodDetails()).containsEntry("pass", "3600");
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(unpaid));
        PaymentReceipt receipt = PaymentReceipt.parse(answer.get("Payment-Receipt"));
        assertThat(receipt.text("pass")).isPresent();
        Instant until = Instant.parse(receipt.text("passUntil").orElseThrow());
        assertThat(until).isEqualTo(Instant.parse(receipt.timestamp()).plus(HOUR));
    }

    @Test
    @Requirement({"F-PA-4", "F-PA-10", "F-PA-13", "F-RQ-4", "F-ST-16"})
    void again_withinTheTime_costsNothingAsOftenAsTheWalletLikes() throws Exception {
        String pass = buy("/docs/a");
        for (int i = 1; i <= 3; i++) {
            paywall.clock.advance(Duration.ofMinutes(15));
            HttpTester.Response unpaid = paywall.get("/docs/a", "Payment-Pass: " + pass);
            assertThat(unpaid.getStatus()).isEqualTo(402);
            List<Challenge> both = challenges(unpaid);
            assertThat(amounts(both)).containsExactly("0", "2000");
            assertThat(both.get(0).paymentRequest().methodDetails()).doesNotContainKey("pass");
            HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(both.get(0)));
            assertThat(answer.getStatus()).isEqualTo(200);
            assertThat(answer.getContent()).isEqualTo("the document");
            PaymentReceipt receipt = PaymentReceipt.parse(answer.get("Payment-Receipt"));
            assertThat(receipt.amount()).contains("0");
            assertThat(receipt.text("reEntry")).contains("ch_" + chargeOf(pass));
            assertThat(receipt.text("pass")).isEmpty();
            assertThat(paywall.executions).hasValue(1 + i);
        }
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        assertThat(paywall.balanced()).isTrue();
    }

    @Test
    @Requirement({"F-PA-13", "F-RE-1"})
    void again_sameBytesTwice_oneExecutionAndTheSameAnswer() {
        String pass = buy("/docs/a");
        String value = paywall.alice.pay(free("/docs/a", pass));
        HttpTester.Response first = paywall.get("/docs/a", "Authorization: " + value);
        HttpTester.Response second = paywall.get("/docs/a", "Authorization: " + value);
        assertThat(first.getStatus()).isEqualTo(200);
        assertThat(second.getContent()).isEqualTo(first.getContent());
        assertThat(second.get("Payment-Replayed")).isEqualTo("true");
        assertThat(paywall.executions).hasValue(2);
    }

    @Test
    @Requirement({"F-PA-11", "F-RC-8", "T35", "T62"})
    void stolenPass_ofAnotherWallet_isRefusedAndChargesNobody() throws Exception {
        String pass = buy("/docs/a");
        Payer mallory = Payer.with(SigningKey.generate(Algorithm.ED25519, null, new SecureRandom()));
        paywall.open(mallory, Paywall.FUNDS);
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + mallory.pay(free("/docs/a", pass)));
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(ProblemType.INVALID_CHALLENGE);
        assertThat(problem.text("reason")).contains("pass");
        assertThat(answer.get("Payment-Outcome")).startsWith("refused;");
        assertThat(amounts(challenges(answer))).containsExactly("2000");
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.account(mallory).available()).isEqualTo(Paywall.FUNDS);
    }

    @Test
    @Requirement({"F-PA-11", "F-RC-8", "T35"})
    void passWithoutAnOrder_servesNothing() {
        String pass = buy("/docs/a");
        assertThat(paywall.get("/docs/a", "Payment-Pass: " + pass).getStatus()).isEqualTo(402);
        assertThat(paywall.get("/docs/a", "Authorization: Payment " + pass).getStatus())
                .isEqualTo(402);
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"F-PA-5", "T4", "T5"})
    void passForAnotherRequest_isNoPass() {
        String pass = buy("/docs/a?page=1");
        for (String target : List.of("/docs/b?page=1", "/docs/a?page=2", "/docs/a", "/docs/a?page=1&x")) {
            assertThat(offersOf(paywall.get(target, "Payment-Pass: " + pass)))
                    .as(target)
                    .containsExactly("2000");
        }
        assertThat(offersOf(paywall.send("HEAD", "/docs/a?page=1", null, "Payment-Pass: " + pass)))
                .containsExactly("2000");
        assertThat(offersOf(paywall.send("POST", "/docs/a?page=1", "x", "Payment-Pass: " + pass)))
                .containsExactly("2000");
        assertThat(offersOf(paywall.send("GET", "/docs/a?page=1", "x", "Payment-Pass: " + pass)))
                .containsExactly("2000");
    }

    @Test
    @Requirement({"F-PA-5", "T76"})
    void passForCheaperFacts_isNoPassForDearerOnes() throws Exception {
        PriceFact tier = PriceFact.header("X-Tier");
        paywall.reprice(prices -> prices.charge(
                Set.of("GET"),
                "/docs/*",
                Paywall.offer().pass(HOUR).build(),
                Set.of(tier),
                facts -> Amount.of(facts.value(tier).isPresent() ? 9000 : 1000)));
        String pass = buy("/docs/a");
        assertThat(offersOf(paywall.get("/docs/a", "X-Tier: fast", "Payment-Pass: " + pass)))
                .containsExactly("9000");
        assertThat(offersOf(paywall.get("/docs/a", "Payment-Pass: " + pass))).containsExactly("0", "1000");
        String value = paywall.alice.pay(free("/docs/a", pass));
        HttpTester.Response answer = paywall.get("/docs/a", "X-Tier: fast", "Authorization: " + value);
        assertThat(Problem.parse(answer.getContentBytes()).type()).isEqualTo(ProblemType.INVALID_CHALLENGE);
    }

    @Test
    @Requirement({"F-PA-6", "F-PA-12"})
    void afterItsTime_fullPrice_andNoOfferOutlivesThePass() throws Exception {
        String pass = buy("/docs/a");
        paywall.clock.advance(HOUR.minusSeconds(30));
        Challenge last = free("/docs/a", pass);
        assertThat(last.expiresAt()).isBeforeOrEqualTo(paywall.clock.instant().plusSeconds(30));
        paywall.clock.advance(Duration.ofSeconds(31));
        assertThat(offersOf(paywall.get("/docs/a", "Payment-Pass: " + pass))).containsExactly("2000");
        HttpTester.Response late = paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(last));
        assertThat(Problem.parse(late.getContentBytes()).type()).isEqualTo(ProblemType.PAYMENT_EXPIRED);
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"F-PA-11", "F-PA-14"})
    void afterARefund_thePassIsRevoked_andWhatIsOutOfItToo() throws Exception {
        String pass = buy("/docs/a");
        Challenge out = free("/docs/a", pass);
        refund(chargeOf(pass), Paywall.PRICE / 2);
        assertThat(paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(free("/docs/a", pass)))
                        .getStatus())
                .as("in part")
                .isEqualTo(200);
        refund(chargeOf(pass), Paywall.PRICE / 2);
        HttpTester.Response answer =
                paywall.get("/docs/a", "Payment-Pass: " + pass, "Authorization: " + paywall.alice.pay(out));
        assertThat(Problem.parse(answer.getContentBytes()).text("reason")).contains("pass");
        assertThat(amounts(challenges(answer))).as("no way round in a circle").containsExactly("2000");
        assertThat(paywall.executions).hasValue(2);
        assertThat(paywall.spent(paywall.alice)).isZero();
    }

    @Test
    @Requirement({"F-PA-7", "T2"})
    void anythingElseInTheField_isAsIfItWereNotThere() {
        String pass = buy("/docs/a");
        String[] parts = pass.split("\\.", -1);
        String longer = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8)
                .replace(":00Z", ":59Z")
                .replaceFirst("\"until\":\"20", "\"until\":\"21");
        String forged = Base64.getUrlEncoder().withoutPadding().encodeToString(longer.getBytes(StandardCharsets.UTF_8));
        assertThat(forged).isNotEqualTo(parts[0]);
        for (String wrong : List.of(
                forged + "." + parts[1],
                parts[0] + ".",
                "." + parts[1],
                "x." + parts[1],
                parts[0],
                pass + ".x",
                pass + "A",
                pass + ", " + pass,
                "\"" + pass + "\"",
                "x".repeat(2_000),
                "")) {
            assertThat(offersOf(paywall.get("/docs/a", "Payment-Pass: " + wrong)))
                    .as(wrong)
                    .containsExactly("2000");
        }
        assertThat(offersOf(paywall.get("/docs/a", "Payment-Pass: " + pass, "Payment-Pass: " + pass)))
                .containsExactly("2000");
        Challenge challenge = Payer.challengeOf(paywall.get("/docs/a"));
        assertThat(offersOf(paywall.get("/docs/a", "Payment-Pass: " + challenge.request() + "." + challenge.id())))
                .containsExactly("2000");
    }

    @Test
    @Requirement({"F-PA-7", "F-BI-12"})
    void passOfARetiredSecret_holds_ofAnotherServerDoesNot() {
        String pass = buy("/docs/a");
        byte[] next = new SecureRandom().generateSeed(32);
        paywall.stopServer();
        paywall.boot(
                prices -> prices.charge("/docs/*", Paywall.offer().pass(HOUR).build()),
                handler -> handler.setSecrets(SecretRing.builder()
                        .current(next)
                        .retired(paywall.secret, paywall.clock.instant().plus(HOUR))
                        .build()));
        assertThat(offersOf(paywall.get("/docs/a", "Payment-Pass: " + pass))).containsExactly("0", "2000");
        paywall.stopServer();
        paywall.boot(
                prices -> prices.charge("/docs/*", Paywall.offer().pass(HOUR).build()),
                handler -> handler.setSecrets(SecretRing.builder().current(next).build()));
        assertThat(offersOf(paywall.get("/docs/a", "Payment-Pass: " + pass))).containsExactly("2000");
    }

    @Test
    @Requirement({"F-PA-8", "F-SV-27", "T9"})
    void routeWithoutPassMeanwhile_theOneThatWasPromisedHolds() {
        String pass = buy("/docs/a");
        paywall.reprice(prices -> prices.charge("/docs/*", Paywall.offer().build()));
        assertThat(paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(free("/docs/a", pass)))
                        .getStatus())
                .isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"F-PA-2", "F-PA-3"})
    void writing_orWithABody_orForNothing_earnsNoPass() throws Exception {
        HttpTester.Response post = paywall.send("POST", "/docs/a", null);
        assertThat(Payer.challengeOf(post).paymentRequest().methodDetails()).doesNotContainKey("pass");
        HttpTester.Response body = paywall.send("GET", "/docs/a", "x");
        assertThat(Payer.challengeOf(body).paymentRequest().methodDetails()).doesNotContainKey("pass");
        paywall.reprice(
                prices -> prices.charge("/docs/*", Offer.of("0usd").pass(HOUR).build()));
        HttpTester.Response answer = paywall.buy("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(PaymentReceipt.parse(answer.get("Payment-Receipt")).text("pass"))
                .isEmpty();
    }

    @Test
    @Requirement({"F-PA-4", "F-SV-26"})
    void severalOffers_thePassIsInTheCurrencyThatWasPaid() throws Exception {
        Offer money = Paywall.offer().pass(HOUR).build();
        Offer credits = Offer.of("3 unit:pages").pass(HOUR).build();
        paywall.reprice(prices -> prices.charge(Set.of(), "/docs/*", List.of(money, credits)));
        Paywall.await(paywall.ledger().topUp(new TopUp(paywall.alice.wallet(), "unit:pages", 10, "pages")));
        Challenge paid = challenges(paywall.get("/docs/a")).get(1);
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(paid));
        Challenge free = free("/docs/a", passOf(answer));
        assertThat(free.paymentRequest().currency().text()).isEqualTo("unit:pages");
        assertThat(paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(free))
                        .getStatus())
                .isEqualTo(200);
        assertThat(paywall.account(paywall.alice, "unit:pages").available()).isEqualTo(7);
    }

    @Test
    @Requirement({"F-PA-9", "F-SV-50"})
    void passWithoutAMethodThatKnowsPayers_refusesToStart() {
        paywall.stopServer();
        Offer coins = Paywall.offer().methods("coin").pass(HOUR).build();
        assertThatIllegalStateException()
                .isThrownBy(() -> paywall.boot(
                        prices -> prices.charge("/docs/*", coins), handler -> handler.addMethod(new Coin())))
                .havingRootCause()
                .withMessageContaining("can tell who paid");
    }

    @Test
    @Requirement({"F-PA-3", "F-PA-9"})
    void anotherMethodsOwnMemberOfThatName_isNoPass() throws Exception {
        Coin coin = new Coin();
        coin.payer = paywall.alice.wallet();
        coin.details = Map.of("pass", "monthly");
        paywall.stopServer();
        paywall.boot(prices -> prices.charge("/docs/*", Paywall.offer().build()), handler -> handler.addMethod(coin));
        Challenge challenge = challenges(paywall.get("/docs/a", "Accept-Payment: coin/charge"))
                .get(0);
        String value = Credential.of(challenge, null, Map.of("coin", "1")).format();
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + value);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(PaymentReceipt.parse(answer.get("Payment-Receipt")).text("pass"))
                .isEmpty();
    }

    @Test
    @Requirement({"F-PA-11", "F-ST-35"})
    void upfrontAndFailed_wasGivenBack_soThereIsNothingToComeAgainFor() throws Exception {
        paywall.reprice(prices ->
                prices.charge("/docs/*", Paywall.offer().upfront().pass(HOUR).build()));
        HttpTester.Response good = paywall.buy("/docs/a");
        assertThat(paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(free("/docs/a", passOf(good))))
                        .getStatus())
                .isEqualTo(200);
        paywall.app(Paywall.status(404));
        HttpTester.Response missing = paywall.buy("/docs/b");
        assertThat(missing.getStatus()).isEqualTo(404);
        assertThat(missing.get("Payment-Receipt")).isNull();
    }

    @Test
    @Requirement({"F-SV-42", "F-PA-4"})
    void roomForAnswers_countsTheOfferForAPass() throws Exception {
        PriceList prices = PriceList.builder()
                .charge("/docs/*", Paywall.offer().pass(HOUR).build())
                .build();
        Route route = prices.find("GET", "/docs/a").orElseThrow();
        List<Challenge> largest = paywall.handler().gate().largestChallenges(route, new Origin(Paywall.ORIGIN));
        List<Challenge> shown = challenges(paywall.get("/docs/a", "Payment-Pass: " + buy("/docs/a")));
        assertThat(largest).hasSize(2);
        assertThat(size(largest)).isGreaterThanOrEqualTo(size(shown));
    }

    private static int size(List<Challenge> challenges) {
        return challenges.stream()
                .mapToInt(challenge -> challenge.format().length())
                .sum();
    }

    private String buy(String target) {
        return passOf(paywall.buy(target));
    }

    private static String passOf(HttpTester.Response answer) {
        assertThat(answer.getStatus()).isEqualTo(200);
        try {
            return PaymentReceipt.parse(answer.get("Payment-Receipt"))
                    .text("pass")
                    .orElseThrow();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static String chargeOf(String pass) {
        String json = new String(Base64.getUrlDecoder().decode(pass.split("\\.", -1)[0]), StandardCharsets.UTF_8);
        return json.replaceFirst(".*\"charge\":\"([^\"]+)\".*", "$1");
    }

    private Challenge free(String target, String pass) {
        List<Challenge> offered = challenges(paywall.get(target, "Payment-Pass: " + pass));
        assertThat(amounts(offered)).startsWith("0");
        try {
            String opaque = offered.get(0).opaque();
            assertThat(Opaque.parse(opaque == null ? "" : opaque).reEntry()).contains(chargeOf(pass));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
        return offered.get(0);
    }

    private void refund(String charge, long amount) {
        Paywall.await(paywall.ledger().refund(new RefundRequest(charge, amount, "refund-" + refunds++, "sorry")));
    }

    private static List<String> offersOf(HttpTester.Response answer) {
        assertThat(answer.getStatus()).isEqualTo(402);
        return amounts(challenges(answer));
    }

    private static List<Challenge> challenges(HttpTester.Response answer) {
        return Challenge.parseAll(answer.getValuesList("WWW-Authenticate")).challenges();
    }

    private static List<String> amounts(List<Challenge> challenges) {
        return challenges.stream()
                .map(challenge -> {
                    try {
                        return challenge.paymentRequest().amount().format();
                    } catch (MalformedException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }
}
