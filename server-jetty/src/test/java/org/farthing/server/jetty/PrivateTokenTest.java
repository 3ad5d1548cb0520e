package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PrivateTokenChallenge;
import org.farthing.protocol.token.PrivateTokenScheme;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceFact;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.token.TestIssuer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that know RFC 9577 and nothing of this protocol pay with one token. */
class PrivateTokenTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private TestIssuer issuer;
    private final AtomicLong price = new AtomicLong(2000);

    @BeforeEach
    void start() {
        paywall = new Paywall(folder);
        issuer = TestIssuer.shared(paywall.clock);
        TokenTill.openKeys(paywall.ledger(), issuer);
        boot(AcceptedTokens.of(issuer));
    }

    private void boot(AcceptedTokens accepted) {
        paywall.boot(
                prices -> prices.charge(
                                "/docs/*", Paywall.offer().otherSchemes().build())
                        .charge("/three", Offer.of("0.0015usd").otherSchemes().build())
                        .charge("/closed", Paywall.offer().build())
                        .charge(
                                Set.of(),
                                "/sized",
                                Paywall.offer().otherSchemes().build(),
                                Set.of(PriceFact.query("size")),
                                facts -> Amount.of(price.get())),
                handler -> handler.setTokens(accepted));
    }

    @AfterEach
    void stop() {
        paywall.close();
    }

    private BlindToken token(long value) {
        return issuer.tokens(TokenTill.SHOP, value).get(0);
    }

    private static List<PrivateTokenChallenge> offered(HttpTester.Response demand) {
        return PrivateTokenScheme.parseChallenges(demand.getValuesList("WWW-Authenticate"));
    }

    private static String pt(HttpTester.Response answer) throws Exception {
        return ChargeOutcome.parse(answer.get("Payment-Outcome")).challengeId();
    }

    private void refused(HttpTester.Response answer, ProblemType type) {
        assertThat(answer.getStatus()).isEqualTo(402);
        assertThat(TokenTill.problem(answer).type()).isEqualTo(type);
        assertThat(offered(answer)).isNotEmpty();
    }

    // ---- offered -------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-63", "T58", "S10"})
    void demand_priceOfOneToken_offersPrivateTokenBesidePayment() throws Exception {
        HttpTester.Response demand = paywall.get("/docs/a");

        assertThat(demand.getStatus()).isEqualTo(402);
        assertThat(TokenTill.challenges(demand)).extracting(Challenge::method).containsExactly("wallet", "token");
        assertThat(offered(demand)).hasSize(1);
        PrivateTokenChallenge challenge = offered(demand).get(0);
        assertThat(challenge.tokenChallenge()).isEqualTo(TokenChallenge.forPayee(TestIssuer.ORIGIN, TokenTill.SHOP));
        PublishedKey key = issuer.directory()
                .orElseThrow()
                .keyOfValue(2000, paywall.clock.instant())
                .orElseThrow();
        assertThat(challenge.tokenKey()).isEqualTo(Base64Url.encode(key.key().spki()));
        assertThat(challenge.maxAge()).isEqualTo(Duration.ofDays(60).toSeconds());
    }

    @Test
    @Requirement({"F-TK-63", "F-TK-64"})
    void demand_otherPricesAndRoutesThatDoNotSaySo_offerNone() {
        assertThat(offered(paywall.get("/three"))).isEmpty();
        assertThat(offered(paywall.get("/closed"))).isEmpty();
        HttpTester.Response answer = paywall.get("/closed", TokenTill.plain(token(2000)));
        assertThat(answer.getStatus()).isEqualTo(402);
        assertThat(TokenTill.problem(answer).type()).isEqualTo(ProblemType.PAYMENT_REQUIRED);
        assertThat(answer.get("Payment-Outcome")).isNull();
        HttpTester.Response three = paywall.get("/three", TokenTill.plain(token(2000)));
        assertThat(TokenTill.problem(three).type()).isEqualTo(ProblemType.AMOUNT_MISMATCH);
        assertThat(paywall.executions).hasValue(0);
    }

    @Test
    @Requirement({"F-TK-63", "F-TK-65"})
    void demand_afterTheSale_offersNoneAndTokensOfBeforeStillPay() {
        BlindToken token = token(2000);
        paywall.clock.advance(Duration.ofDays(31));

        assertThat(offered(paywall.get("/docs/a"))).isEmpty();
        assertThat(paywall.get("/docs/a", TokenTill.plain(token)).getStatus()).isEqualTo(200);
    }

    // ---- paid ----------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-66", "F-TK-67", "F-TK-68", "T38"})
    void pay_oneToken_servedWithoutAReceiptAndWithoutShowingTheToken() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        paywall.app(Paywall.of((request, response, callback) -> {
            request.getHeaders().forEach(field -> seen.add(field.getName() + ": " + field.getValue()));
            response.write(true, ByteBuffer.wrap("bought".getBytes(StandardCharsets.UTF_8)), callback);
        }));
        HttpTester.Response answer = paywall.get("/docs/a", TokenTill.plain(token(2000)));

        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("bought");
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(answer.get("Payment-Outcome")).matches("captured;id=\"pt_[A-Za-z0-9_-]{43}\"");
        assertThat(answer.get("Cache-Control")).contains("private");
        assertThat(seen).noneMatch(line -> line.contains("PrivateToken") || line.startsWith("Authorization"));
        assertThat(paywall.charge(pt(answer)).state()).isEqualTo(ChargeState.CAPTURED);
        assertThat(paywall.balanced()).isTrue();
    }

    @Test
    @Requirement({"F-TK-66", "F-RE-1"})
    void pay_sameTokenForTheSameRequest_getsTheStoredAnswer() {
        String value = TokenTill.plain(token(2000));
        assertThat(paywall.get("/docs/a", value).getStatus()).isEqualTo(200);
        HttpTester.Response again = paywall.get("/docs/a", value);

        assertThat(again.getStatus()).isEqualTo(200);
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"F-TK-66", "T1", "T4", "T7"})
    void pay_sameTokenForAnythingElse_isSpent() {
        String value = TokenTill.plain(token(2000));
        assertThat(paywall.send("POST", "/docs/a", "one", value).getStatus()).isEqualTo(200);

        for (HttpTester.Response other : List.of(
                paywall.send("POST", "/docs/a", "two", value),
                paywall.send("POST", "/docs/b", "one", value),
                paywall.send("POST", "/docs/a?q", "one", value),
                paywall.get("/docs/a", value))) {
            refused(other, ProblemType.TOKEN_SPENT);
            assertThat(TokenTill.problem(other).text("spent")).contains("0");
        }
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"F-TK-66", "F-TK-58"})
    void pay_sameTokenByBothSchemes_isSpent() {
        BlindToken token = token(2000);
        String payment = TokenTill.pay(paywall.get("/docs/a"), List.of(token));
        assertThat(paywall.get("/docs/a", TokenTill.plain(token)).getStatus()).isEqualTo(200);
        assertThat(TokenTill.problem(paywall.get("/docs/a", payment)).type()).isEqualTo(ProblemType.TOKEN_SPENT);
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"F-TK-66", "F-ST-42"})
    void pay_longAfter_meetsItsCharge_orIfThatIsForgottenItsToken() {
        String paid = TokenTill.plain(token(2000));
        assertThat(paywall.get("/docs/a", paid).getStatus()).isEqualTo(200);
        paywall.app(Paywall.status(404));
        String released = TokenTill.plain(token(2000));
        assertThat(paywall.get("/docs/b", released).getStatus()).isEqualTo(404);
        paywall.app(Paywall.text("the document"));
        paywall.clock.advance(Duration.ofDays(3));
        Paywall.await(paywall.ledger().purge());

        HttpTester.Response known = paywall.get("/docs/a", paid);
        assertThat(TokenTill.problem(known).type()).isEqualTo(ProblemType.ALREADY_FULFILLED);
        refused(paywall.get("/docs/b", released), ProblemType.TOKEN_SPENT);
        assertThat(paywall.executions).hasValue(2);
        assertThat(paywall.get("/docs/c", released).getStatus()).isEqualTo(200);
        assertThat(paywall.balanced()).isTrue();
    }

    @Test
    @Requirement({"F-TK-65", "T8"})
    void pay_priceIsTodays() {
        String value = TokenTill.plain(token(2000));
        assertThat(paywall.get("/sized?size=1", value).getStatus()).isEqualTo(200);
        price.set(4000);
        refused(paywall.get("/sized?size=1", TokenTill.plain(token(2000))), ProblemType.AMOUNT_MISMATCH);
        assertThat(paywall.get("/sized?size=1", TokenTill.plain(token(4000))).getStatus())
                .isEqualTo(200);
        price.set(2001);
        assertThat(TokenTill.problem(paywall.get("/sized?size=1", TokenTill.plain(token(4000))))
                        .type())
                .isEqualTo(ProblemType.VERIFICATION_FAILED);
        assertThat(paywall.executions).hasValue(2);
    }

    @Test
    @Requirement({"F-TK-66", "F-TK-50", "F-RE-3", "T47"})
    void pay_sameBytesWhenTokensCannotPayAnyMore_meetTheirCharge() {
        BlindToken unspent = token(2000);
        String value = TokenTill.plain(token(2000));
        assertThat(paywall.get("/sized?size=1", value).getStatus()).isEqualTo(200);

        price.set(2001);
        HttpTester.Response offTheGrid = paywall.get("/sized?size=1", value);
        assertThat(offTheGrid.getStatus()).isEqualTo(200);
        assertThat(offTheGrid.get("Payment-Replayed")).isEqualTo("true");
        issuer.vanish();
        assertThat(paywall.get("/sized?size=1", value).get("Payment-Replayed")).isEqualTo("true");
        HttpTester.Response other = paywall.get("/docs/a", TokenTill.plain(unspent));
        assertThat(other.getStatus()).as("not denied").isEqualTo(503);
        assertThat(paywall.executions).hasValue(1);
    }

    // ---- refused -------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-64", "F-TK-65", "F-CR-3", "T49"})
    void pay_whatIsNoSuchToken_refused() throws Exception {
        byte[] forged = token(2000).bytes();
        forged[300] ^= 1;
        refused(paywall.get("/docs/a", TokenTill.plain(BlindToken.parse(forged))), ProblemType.VERIFICATION_FAILED);
        BlindToken elsewhere = issuer.tokens(new org.farthing.protocol.binding.Origin("https://other.example"), 2000)
                .get(0);
        refused(paywall.get("/docs/a", TokenTill.plain(elsewhere)), ProblemType.VERIFICATION_FAILED);
        refused(paywall.get("/docs/a", "Authorization: PrivateToken token=\"AAEA\""), ProblemType.INVALID_PAYLOAD);
        refused(paywall.get("/docs/a", "Authorization: PrivateToken nonsense"), ProblemType.INVALID_PAYLOAD);

        BlindToken good = token(2000);
        String payment = TokenTill.pay(paywall.get("/docs/a"), List.of(good));
        HttpTester.Response both = paywall.get("/docs/a", TokenTill.plain(good), payment);
        assertThat(both.getStatus()).isEqualTo(400);
        assertThat(paywall.executions).hasValue(0);
        assertThat(paywall.get(
                                "/docs/a",
                                "authorization: privatetoken"
                                        + TokenTill.plain(good).substring(27))
                        .getStatus())
                .isEqualTo(200);
    }

    @Test
    @Requirement({"F-TK-65", "T40"})
    void pay_floodOfForgedTokens_isToldToWait() throws Exception {
        paywall.stopServer();
        paywall.boot(
                prices ->
                        prices.charge("/docs/*", Paywall.offer().otherSchemes().build()),
                handler -> {
                    handler.setTokens(AcceptedTokens.of(issuer));
                    handler.setAdmission(PaymentLimits.builder()
                            .failures(3)
                            .clock(paywall.clock)
                            .build());
                    handler.setClientName(request -> "somebody");
                });
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            byte[] forged = token(2000).bytes();
            forged[300] ^= 1;
            statuses.add(paywall.get("/docs/a", TokenTill.plain(BlindToken.parse(forged)))
                    .getStatus());
        }
        assertThat(statuses).startsWith(402).endsWith(429);
    }

    // ---- released ------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-67", "F-OU-25", "T70"})
    void release_saysSoWithTheSerial() throws Exception {
        paywall.app(Paywall.status(500));
        BlindToken token = token(2000);
        HttpTester.Response answer = paywall.get("/docs/a", TokenTill.plain(token));

        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(answer.get("Payment-Outcome")).startsWith("released;id=\"pt_");
        ReleaseStatement statement = ReleaseStatement.parseField(answer.get("Payment-Release"));
        assertThat(statement.serialList()).containsExactly(token.serial().text());
        statement.verify(
                KeyDirectory.of(TokenTill.SHOP, List.of(paywall.key.publicKey())), pt(answer), paywall.clock.instant());
        Problem again = TokenTill.problem(paywall.get("/docs/a", TokenTill.plain(token)));
        assertThat(again.type()).isEqualTo(ProblemType.PAYMENT_RELEASED);
        assertThat(again.extensions()).containsKey("release");
        assertThat(Map.copyOf(again.extensions())).doesNotContainValue(TokenTill.plain(token));
    }
}
