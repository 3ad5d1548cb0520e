package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.farthing.server.offer.PriceList;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What web pages of other origins may do (spec/server.md, F-SV-22 and F-SV-33; threat 51). */
class CrossOriginTest {

    private static final String SHOP = "Origin: https://shop.example";
    private static final String OTHER = "Origin: https://evil.example";
    private static final String ASKS = "Access-Control-Request-Method: ";

    @TempDir
    private Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private Paywall paywall;

    @AfterEach
    void stop() {
        paywall.close();
    }

    private void start(Consumer<PriceList.Builder> prices, CrossOrigin allowed) {
        paywall = Paywall.start(folder, prices, handler -> handler.setCrossOrigin(allowed));
    }

    private void start() {
        start(
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                CrossOrigin.allow("https://shop.example", "HTTPS://Second.example:443"));
    }

    // ---- preflights ----------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T51", "F-SV-22", "F-SV-33"})
    void preflightOfAListedOrigin_allowsWhatPayingNeeds() {
        start();
        HttpTester.Response answer = paywall.send(
                "OPTIONS",
                "/docs/a",
                null,
                SHOP,
                ASKS + "GET",
                "Access-Control-Request-Headers: authorization,accept-payment");
        assertThat(answer.getStatus()).isEqualTo(204);
        assertThat(answer.getValuesList("Access-Control-Allow-Origin")).containsExactly("https://shop.example");
        assertThat(answer.getCSV("Access-Control-Allow-Methods", false)).containsExactly("GET", "HEAD", "POST");
        assertThat(answer.getCSV("Access-Control-Allow-Headers", false))
                .contains(
                        "Authorization", "Payment-Authorization", "Idempotency-Key", "Accept-Payment", "Payment-Pass");
        assertThat(answer.get("Access-Control-Max-Age")).isEqualTo("600");
        assertThat(answer.get("Access-Control-Allow-Credentials")).isNull();
        assertThat(answer.getCSV("Vary", false)).contains("Origin");
        assertThat(paywall.executions).hasValue(0);
        assertThat(paywall.events).isEmpty();
        HttpTester.Response second =
                paywall.send("OPTIONS", "/docs/a", null, "Origin: https://second.example", ASKS + "GET");
        assertThat(second.get("Access-Control-Allow-Origin")).isEqualTo("https://second.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "null",
                "*",
                "https://shop.example.evil.example",
                "http://shop.example",
                "https://shop.example:8443"
            })
    @Requirement({"T51", "F-SV-33"})
    void originThatIsNotListed_isAllowedNothing(String origin) {
        start();
        HttpTester.Response asked = paywall.send("OPTIONS", "/docs/a", null, "Origin: " + origin, ASKS + "GET");
        assertThat(asked.getStatus()).isEqualTo(204);
        nothingAllowed(asked);
        HttpTester.Response demand = paywall.get("/docs/a", "Origin: " + origin);
        assertThat(demand.getStatus()).isEqualTo(402);
        nothingAllowed(demand);
        nothingAllowed(paywall.get("/docs/a", "Origin: " + origin, SHOP));
    }

    @Test
    @Requirement({"T51", "F-SV-22"})
    void preflightWhereOptionsArePriced_isNotCharged() {
        Consumer<PriceList.Builder> prices = list ->
                list.charge(Set.of("OPTIONS"), "/docs/*", Paywall.offer().build());
        start(prices, CrossOrigin.allow("https://shop.example"));
        HttpTester.Response answer = paywall.send("OPTIONS", "/docs/a", null, SHOP, ASKS + "OPTIONS");
        assertThat(answer.getStatus()).isEqualTo(204);
        assertThat(answer.get("Access-Control-Allow-Origin")).isEqualTo("https://shop.example");
        assertThat(paywall.send("OPTIONS", "/docs/a", null, ASKS + "OPTIONS").getStatus())
                .isEqualTo(402);
        assertThat(paywall.send("OPTIONS", "/docs/a", null, SHOP).getStatus()).isEqualTo(402);
        paywall.stopServer();
        paywall.boot(prices, handler -> handler.setPassOptions(true));
        assertThat(paywall.send("OPTIONS", "/docs/a", null, SHOP, ASKS + "GET").getStatus())
                .isEqualTo(204);
        assertThat(paywall.executions).hasValue(0);
    }

    @Test
    @Requirement("F-SV-22")
    void whoAnswersPreflights_whereTheApplicationGetsOptions() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/docs/*", Paywall.offer().build()).free(Set.of("PUT"), "/docs/*"),
                handler -> {
                    handler.setPassOptions(true);
                    handler.setCrossOrigin(CrossOrigin.allow("https://shop.example"));
                });
        assertThat(paywall.send("OPTIONS", "/docs/a", null, SHOP, ASKS + "GET").getStatus())
                .isEqualTo(204);
        assertThat(paywall.executions).hasValue(0);
        assertThat(paywall.send("OPTIONS", "/docs/a", null, SHOP, ASKS + "PUT").getStatus())
                .isEqualTo(200);
        assertThat(paywall.send("OPTIONS", "/open", null, SHOP, ASKS + "GET").getStatus())
                .isEqualTo(200);
        assertThat(paywall.send("OPTIONS", "/docs/a", null).getStatus()).isEqualTo(200);
        assertThat(paywall.executions).hasValue(3);
    }

    // ---- answers -------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T51", "F-SV-33"})
    void everyAnswerToAListedOrigin_exposesThePaymentFields() {
        start();
        HttpTester.Response demand = paywall.get("/docs/a", SHOP);
        assertThat(demand.getStatus()).isEqualTo(402);
        exposed(demand);
        String value = "Authorization: " + paywall.alice.pay(demand);
        HttpTester.Response paid = paywall.get("/docs/a", SHOP, value);
        assertThat(paid.getStatus()).isEqualTo(200);
        exposed(paid);
        HttpTester.Response replay = paywall.get("/docs/a", SHOP, value);
        assertThat(replay.get("Payment-Replayed")).isEqualTo("true");
        exposed(replay);
        nothingAllowed(paywall.get("/docs/a", OTHER, value));
        HttpTester.Response bad = paywall.get("/docs/a", SHOP, value, value);
        assertThat(bad.getStatus()).isEqualTo(400);
        exposed(bad);
        paywall.app(Paywall.status(404));
        HttpTester.Response released =
                paywall.get("/docs/b", SHOP, "Authorization: " + paywall.alice.pay(paywall.get("/docs/b")));
        assertThat(released.get("Payment-Release")).isNotNull();
        exposed(released);
    }

    @Test
    @Requirement({"T51", "F-SV-33"})
    void answerWithoutOrigin_variesByIt() {
        start();
        HttpTester.Response demand = paywall.get("/docs/a");
        nothingAllowed(demand);
        assertThat(demand.getCSV("Vary", false)).contains("Origin", "Authorization");
        assertThat(paywall.buy("/docs/a").getCSV("Vary", false)).contains("Origin", "Authorization");
    }

    @Test
    @Requirement({"T51", "F-SV-33"})
    void applicationThatAllowsEverybody_givesWayToTheList() {
        start();
        paywall.app(allowingAll());
        String value = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a"));
        exposed(paywall.get("/docs/a", SHOP, value));
        nothingAllowed(paywall.get("/docs/a", OTHER, value));
        nothingAllowed(paywall.get("/docs/a", value));
    }

    @Test
    @Requirement({"T51", "F-SV-33"})
    void applicationThatAllowsEverybody_withoutAList_exposesNoPaymentFields() {
        paywall = Paywall.start(folder);
        paywall.app(allowingAll());
        String value = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a"));
        for (int i = 0; i < 2; i++) {
            HttpTester.Response answer = paywall.get("/docs/a", OTHER, value);
            assertThat(answer.getStatus()).isEqualTo(200);
            assertThat(answer.get("Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(answer.get("Access-Control-Expose-Headers")).isEqualTo("X-App");
        }
    }

    @Test
    @Requirement({"F-SV-33", "F-SV-22"})
    void methodsAndFieldsOfTheApplication_canBeAdded() {
        start(
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                CrossOrigin.allow("https://shop.example")
                        .withMethods("PUT")
                        .withRequestFields("X-Tier")
                        .withExposedFields("X-App"));
        HttpTester.Response answer = paywall.send("OPTIONS", "/docs/a", null, SHOP, ASKS + "PUT");
        assertThat(answer.get("Access-Control-Allow-Methods")).isEqualTo("PUT");
        assertThat(answer.getCSV("Access-Control-Allow-Headers", false)).contains("X-Tier", "Authorization");
        assertThat(paywall.get("/docs/a", SHOP).getCSV("Access-Control-Expose-Headers", false))
                .contains("X-App", "WWW-Authenticate");
    }

    @Test
    @Requirement({"F-SV-22", "F-SV-33"})
    void jettysOwnHandlerOutside_worksWithTheListsOfFields() {
        paywall = new Paywall(folder);
        paywall.boot(
                prices -> prices.charge("/docs/*", Paywall.offer().build()), settings -> {}, CrossOriginTest::outside);
        HttpTester.Response asked = paywall.send(
                "OPTIONS", "/docs/a", null, SHOP, ASKS + "GET", "Access-Control-Request-Headers: authorization");
        assertThat(asked.getStatus()).isLessThan(300);
        assertThat(asked.get("Access-Control-Allow-Origin")).isEqualTo("https://shop.example");
        exposed(paywall.get("/docs/a", SHOP));
        exposed(paywall.get("/docs/a", SHOP, "Authorization: " + paywall.alice.pay(paywall.get("/docs/a"))));
        nothingAllowed(paywall.get("/docs/a", OTHER));
    }

    private static Handler outside(PaymentHandler handler) {
        CrossOriginHandler outer = new CrossOriginHandler();
        outer.setAllowedOriginPatterns(Set.of("https://shop\\.example"));
        outer.setAllowedHeaders(CrossOrigin.REQUESTED);
        outer.setExposedHeaders(CrossOrigin.EXPOSED);
        outer.setHandler(handler);
        return outer;
    }

    // ---- configuration -------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"*", "https://*.example", "null", "shop.example", "http://shop.example", "https://a/path"})
    @Requirement({"T51", "F-SV-33"})
    void originThatCannotBeTrusted_isRefused(String origin) {
        paywall = new Paywall(folder);
        assertThatThrownBy(() -> CrossOrigin.allow(origin)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pagesOfThisMachine_areForDevelopment() {
        start(
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                CrossOrigin.allow("http://localhost:3000", "http://127.0.0.1:3000"));
        assertThat(paywall.get("/docs/a", "Origin: http://localhost:3000").get("Access-Control-Allow-Origin"))
                .isEqualTo("http://localhost:3000");
        assertThatThrownBy(CrossOrigin::allow).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CrossOrigin.allow("https://a.example").withMethods("*"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CrossOrigin.allow("https://a.example").withExposedFields("a b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- ---------------------------------------------------------------------------------------------------------

    private static Handler allowingAll() {
        return Paywall.of((request, response, callback) -> {
            response.getHeaders().put("Access-Control-Allow-Origin", "*");
            response.getHeaders().put("Access-Control-Allow-Credentials", "true");
            response.getHeaders().put("Access-Control-Expose-Headers", "X-App, payment-receipt, *, Payment-Outcome");
            response.write(true, ByteBuffer.wrap("paid".getBytes(StandardCharsets.US_ASCII)), callback);
        });
    }

    private static void exposed(HttpTester.Response answer) {
        assertThat(answer.getValuesList("Access-Control-Allow-Origin")).containsExactly("https://shop.example");
        assertThat(answer.getCSV("Access-Control-Expose-Headers", false))
                .containsExactlyInAnyOrderElementsOf(CrossOrigin.EXPOSED);
        assertThat(answer.getCSV("Vary", false)).contains("Origin", "Authorization");
        assertThat(answer.get("Access-Control-Allow-Credentials")).isNull();
    }

    private static void nothingAllowed(HttpTester.Response answer) {
        assertThat(answer.get("Access-Control-Allow-Origin")).isNull();
        assertThat(answer.get("Access-Control-Expose-Headers")).isNull();
        assertThat(answer.get("Access-Control-Allow-Methods")).isNull();
    }
}
