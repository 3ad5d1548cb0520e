package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceList;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.token.TestIssuer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server that takes tokens offers, and what it does not start with. */
class TokenStartTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private TestIssuer issuer;

    @BeforeEach
    void open() {
        paywall = new Paywall(folder);
        issuer = TestIssuer.shared(paywall.clock);
    }

    @AfterEach
    void close() {
        paywall.close();
    }

    private void boot(Consumer<PriceList.Builder> prices) {
        boot(AcceptedTokens.of(issuer), prices);
    }

    private void boot(AcceptedTokens tokens, Consumer<PriceList.Builder> prices) {
        paywall.boot(prices, handler -> handler.setTokens(tokens));
    }

    private static String refusal(Runnable boot) {
        Throwable cause =
                assertThatIllegalStateException().isThrownBy(boot::run).actual();
        return String.valueOf(Objects.requireNonNull(cause.getCause()).getMessage());
    }

    @Test
    @Requirement({"F-TK-50", "F-TK-51"})
    void demand_priceOnTheGrid_isOfferedForTokensToo() throws Exception {
        boot(prices -> prices.charge("/docs/*", Paywall.offer().build()));

        HttpTester.Response demand = paywall.get("/docs/a");
        assertThat(TokenTill.challenges(demand)).extracting(Challenge::method).containsExactly("wallet", "token");
        Challenge challenge = TokenTill.challenge(demand);
        assertThat(challenge.paymentRequest().amount().baseUnits()).isEqualTo(2000);
        TokenOffer offer = TokenOffer.parse(challenge.paymentRequest().methodDetails());
        assertThat(offer.challenge().isFor(TokenTill.SHOP)).isTrue();
        assertThat(demand.getValuesList("WWW-Authenticate")).hasSize(2);
        assertThat(paywall.handler().isReady()).isTrue();
    }

    @Test
    @Requirement({"F-TK-51", "F-AP-5"})
    void demand_whatTokensCannotPay_isOfferedForOthersAlone() {
        boot(prices -> prices.charge("/upto", Paywall.offer().upTo().build())
                .charge("/pages", Offer.of("3 unit:pages").build())
                .charge(
                        Set.of("GET"),
                        "/odd",
                        Paywall.offer().build(),
                        Set.of(),
                        facts -> org.farthing.protocol.Amount.of(2_001)));

        for (String path : List.of("/upto", "/pages", "/odd")) {
            HttpTester.Response demand = paywall.get(path, "Accept-Payment: token/charge");
            assertThat(TokenTill.challenges(demand))
                    .as(path)
                    .extracting(Challenge::method)
                    .containsExactly("wallet");
        }
    }

    @Test
    @Requirement({"F-TK-50", "T47"})
    void demand_whileTheDirectoryIsMissing_isForOthersAloneAndTheServerIsNotReady() {
        boot(prices -> prices.charge("/docs/*", Paywall.offer().build()));
        Challenge before = TokenTill.challenge(paywall.get("/docs/a"));
        List<PublishedKey> keys = issuer.directory().orElseThrow().keys();
        String value = TokenTill.pay(before, issuer.tokens(TokenTill.SHOP, 2000));

        issuer.vanish();
        assertThat(TokenTill.challenges(paywall.get("/docs/a")))
                .extracting(Challenge::method)
                .containsExactly("wallet");
        assertThat(paywall.handler().isReady()).isFalse();
        HttpTester.Response away = paywall.get("/docs/a", value);
        assertThat(away.getStatus()).isEqualTo(503);
        assertThat(away.get("Payment-Outcome")).startsWith("pending;");
        assertThat(away.get("Retry-After")).isNotNull();

        issuer.publish(keys);
        assertThat(TokenTill.challenges(paywall.get("/docs/a"))).hasSize(2);
        assertThat(paywall.executions).hasValue(0);
    }

    @Test
    @Requirement({"F-TK-50", "S10"})
    void demand_whileTheDirectoryIsMissingAndNothingElsePays_is503() {
        boot(prices -> prices.charge("/docs/*", Paywall.offer().methods("token").build()));
        assertThat(paywall.get("/docs/a").getStatus()).isEqualTo(402);

        issuer.vanish();
        HttpTester.Response away = paywall.get("/docs/a");
        assertThat(away.getStatus()).isEqualTo(503);
        assertThat(away.get("Retry-After")).isNotNull();
        assertThat(away.get("WWW-Authenticate")).isNull();
    }

    @Test
    @Requirement("F-TK-53")
    void start_fixedPriceOffTheGrid_refusedWithPricesThatWouldDo() {
        String sentence = refusal(() -> boot(prices ->
                prices.charge("/docs/*", Offer.of("0.0021usd").routeId("docs").build())));

        assertThat(sentence)
                .startsWith("The price of Route[docs] is 0.0021 USD, which no 4 tokens make")
                .contains("Take 0.002 USD or 0.0025 USD");
    }

    @Test
    @Requirement("F-TK-53")
    void start_priceThatNamesOtherMethods_needsNoGrid() {
        boot(prices ->
                prices.charge("/docs/*", Offer.of("0.0021usd").methods("wallet").build()));

        assertThat(TokenTill.challenges(paywall.get("/docs/a"))).hasSize(1);
    }

    @Test
    @Requirement({"F-TK-54", "S36"})
    void start_tokensThatDoNotFitIntoARequest_refusedWithTheSizeThatDoes() throws Exception {
        AcceptedTokens sixteen = AcceptedTokens.of(issuer).withMaxTokens(16);
        boot(sixteen, prices -> prices.charge("/docs/*", Paywall.offer().build()));
        HttpConfiguration small = new HttpConfiguration();
        small.setRequestHeaderSize(8 * 1024);
        small.setResponseHeaderSize(16 * 1024);
        LocalConnector connector = new LocalConnector(paywall.server(), new HttpConnectionFactory(small));
        paywall.stopServer();
        paywall.server().addConnector(connector);

        String sentence = refusal(paywall::startNow);
        assertThat(sentence).contains("A payment for any route by token needs up to", "requestHeaderSize");
        issuer.vanish();
        assertThat(refusal(paywall::startNow)).as("without a directory, too").isEqualTo(sentence);
        int needed = Integer.parseInt(sentence.replaceAll("(?s).*requestHeaderSize to ([0-9]+).*", "$1"));
        assertThat(needed).isBetween(11_000, 16_384);
    }

    @Test
    @Requirement({"F-TK-54", "S36"})
    void payment_withTheMostTokens_fitsIntoTheHeaderThatWasAskedFor() {
        boot(
                AcceptedTokens.of(issuer).withMaxTokens(16),
                prices -> prices.charge("/docs/*", Offer.of("0.008usd").build()));
        long[] sixteen = new long[16];
        java.util.Arrays.fill(sixteen, TestIssuer.UNIT);
        Challenge challenge = TokenTill.challenge(paywall.get("/docs/a"));

        String value = TokenTill.pay(challenge, issuer.tokens(TokenTill.SHOP, sixteen));
        assertThat(value.length()).isLessThan(14_000);
    }
}
