package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.offer.BindingMode;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceFact;
import org.farthing.server.offer.PriceList;
import org.farthing.server.offer.UnpriceableException;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways around a price (threats 4, 7, 51, 63, 65, 76; spec/server.md, F-SV-20 to F-SV-25). */
class PriceBypassTest {

    private static final PriceFact TIER = PriceFact.header("X-Tier");

    @TempDir
    private Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private Paywall paywall;

    @AfterEach
    void stop() {
        paywall.close();
    }

    // ---- spellings of a path -------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/docs/a", "/docs/%61", "/%64ocs/a", "/%64%6f%63%73/a", "/x/../docs/a", "/./docs/a", "/docs/./a",
                "/docs;v=1/a", "/docs/a;jsessionid=1", "/docs", "/docs/", "/docs/a?x", "//docs/a", "/docs//a",
                "/docs%2Fa", "/docs/..%2fdocs/a", "/x/%2e%2e/docs/a", "/docs/%00", "/docs\\a", "/docs/a%",
                        "/DOCS/../docs/a"
            })
    @Requirement({"T7", "F-SV-20", "F-BI-27"})
    void anySpellingOfAPricedPath_isNeverServedUnpaid(String path) {
        paywall = Paywall.start(folder);
        HttpTester.Response answer = paywall.get(path);
        assertThat(answer.getStatus()).isIn(400, 402);
        assertThat(paywall.executions).hasValue(0);
    }

    @Test
    @Requirement({"T7", "F-BI-27"})
    void paymentForOneSpelling_opensNoOther() {
        paywall = Paywall.start(folder);
        String value = "Authorization: " + paywall.alice.pay(paywall.get("/docs/%61"));
        assertThat(paywall.get("/docs/a", value).getStatus()).isEqualTo(402);
        assertThat(paywall.get("/docs/./a", value).getStatus()).isEqualTo(402);
        assertThat(paywall.get("/docs/%61", value).getStatus()).isEqualTo(200);
        assertThat(paywall.executions).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x=1&y=3", "y=2&x=1", "x=1&y=2&y=2", "x=%31&y=2", "X=1&y=2", "x=1&y=2&", ""})
    @Requirement({"T7", "F-BI-26"})
    void paymentForOneQuery_opensNoOther(String query) {
        paywall = Paywall.start(folder);
        String value = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a?x=1&y=2"));
        assertThat(paywall.get("/docs/a?" + query, value).getStatus()).isEqualTo(402);
        assertThat(paywall.executions).hasValue(0);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement("F-BI-26")
    void emptyQuery_isTheSameAsNone() {
        paywall = Paywall.start(folder);
        String value = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a"));
        assertThat(paywall.get("/docs/a?", value).getStatus()).isEqualTo(200);
    }

    // ---- methods -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "QUERY", "get", "Get", "FOO"})
    @Requirement({"T63", "F-SV-21"})
    void anyMethodOnAPricedPath_isNeverServedUnpaid(String method) {
        paywall = Paywall.start(folder);
        assertThat(paywall.send(method, "/docs/a", null).getStatus()).isIn(400, 402);
        assertThat(paywall.executions).hasValue(0);
    }

    @Test
    @Requirement({"T63", "F-SV-21", "F-SV-97"})
    void head_costsWhatGetCosts() {
        paywall = Paywall.start(folder);
        HttpTester.Response demand = paywall.send("HEAD", "/docs/a", null);
        assertThat(demand.getStatus()).isEqualTo(402);
        assertThat(demand.getContentBytes()).isNullOrEmpty();
        Challenge challenge = Payer.challengeOf(demand);
        String value = "Authorization: " + paywall.alice.pay(challenge);
        HttpTester.Response answer = paywall.send("HEAD", "/docs/a", null, value);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.get("Content-Length")).isEqualTo("12");
        assertThat(answer.get("Payment-Receipt")).isNotNull();
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        HttpTester.Response again = paywall.send("HEAD", "/docs/a", null, value);
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertThat(again.get("Content-Length")).isEqualTo("12");
        assertThat(paywall.get("/docs/a", value).getStatus()).isEqualTo(402);
    }

    @Test
    @Requirement({"T63", "F-SV-21"})
    void head_declaredFree_isServed() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/docs/*", Paywall.offer().build()).free(Set.of("HEAD"), "/docs/*"));
        assertThat(paywall.send("HEAD", "/docs/a", null).getStatus()).isEqualTo(200);
        assertThat(paywall.get("/docs/a").getStatus()).isEqualTo(402);
    }

    @Test
    @Requirement({"T51", "T63", "F-SV-22"})
    void options_isAnsweredWithoutTheApplication() {
        paywall = Paywall.start(folder);
        HttpTester.Response answer = paywall.send(
                "OPTIONS", "/docs/a", null, "Origin: https://shop.example", "Access-Control-Request-Method: GET");
        assertThat(answer.getStatus()).isEqualTo(204);
        assertThat(answer.get("Access-Control-Allow-Origin")).isNull();
        assertThat(paywall.executions).hasValue(0);
        assertThat(paywall.send("OPTIONS", "/open", null).getStatus()).isEqualTo(200);
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement("F-SV-22")
    void options_whereTheApplicationAnswersThem_passes() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                handler -> handler.setPassOptions(true));
        assertThat(paywall.send("OPTIONS", "/docs/a", null).getStatus()).isEqualTo(200);
    }

    @Test
    @Requirement("F-SV-22")
    void options_named_isCharged() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge(
                        Set.of("OPTIONS"), "/docs/*", Paywall.offer().build()));
        assertThat(paywall.send("OPTIONS", "/docs/a", null).getStatus()).isEqualTo(402);
    }

    // ---- ways inside ---------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T65", "F-SV-23"})
    void resourceHandlerBehind_filesAndDirectoriesAreCharged() throws Exception {
        Path base = Files.createDirectories(folder.resolve("www/docs"));
        Files.writeString(base.resolve("a.txt"), "paid text");
        Files.writeString(base.resolve("index.html"), "paid index");
        paywall = Paywall.start(folder);
        ResourceHandler files = new ResourceHandler();
        files.setBaseResource(ResourceFactory.root().newResource(folder.resolve("www")));
        paywall.serveWith(files);
        for (String path : new String[] {"/docs", "/docs/", "/docs/a.txt", "/docs/index.html"}) {
            assertThat(paywall.get(path).getStatus()).isEqualTo(402);
        }
        HttpTester.Response answer = paywall.buy("/docs/a.txt");
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("paid text");
        assertThat(answer.get("Payment-Receipt")).isNotNull();
        HttpTester.Response missing = paywall.buy("/docs/none.txt");
        assertThat(missing.getStatus()).isEqualTo(404);
        assertThat(missing.get("Payment-Outcome")).startsWith("released;");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"T64", "F-SV-14", "F-SV-90"})
    void conditionalAndRangeRequests_areEvaluatedBehindThePaywall() throws Exception {
        Path base = Files.createDirectories(folder.resolve("www/docs"));
        Files.writeString(base.resolve("a.txt"), "paid text");
        paywall = Paywall.start(folder);
        ResourceHandler files = new ResourceHandler();
        files.setBaseResource(ResourceFactory.root().newResource(folder.resolve("www")));
        files.setEtags(true);
        paywall.serveWith(files);
        assertThat(paywall.get("/docs/a.txt", "Range: bytes=0-3").getStatus()).isEqualTo(402);
        assertThat(paywall.get("/docs/a.txt", "If-None-Match: *").getStatus()).isEqualTo(402);
        String etag = paywall.buy("/docs/a.txt").get("ETag");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(2_000);
        HttpTester.Response part = paywall.get(
                "/docs/a.txt", "Range: bytes=0-3", "Authorization: " + paywall.alice.pay(paywall.get("/docs/a.txt")));
        assertThat(part.getStatus()).isEqualTo(206);
        assertThat(part.getContent()).isEqualTo("paid");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(4_000);
        String value = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a.txt"));
        HttpTester.Response unchanged = paywall.get("/docs/a.txt", "If-None-Match: " + etag, value);
        assertThat(unchanged.getStatus()).isEqualTo(304);
        assertThat(unchanged.get("Payment-Outcome")).startsWith("released;");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(4_000);
        String range = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a.txt"));
        HttpTester.Response one = paywall.get("/docs/a.txt", "Range: bytes=0-3", range);
        HttpTester.Response other = paywall.get("/docs/a.txt", "Range: bytes=5-8", range);
        assertThat(other.getContent()).isEqualTo(one.getContent()).isEqualTo("paid");
        assertThat(other.get("Content-Range")).isEqualTo(one.get("Content-Range"));
        assertThat(paywall.spent(paywall.alice)).isEqualTo(6_000);
    }

    @Test
    @Requirement("T65")
    void handlerDispatchesAgainWithinItsPayment_isChargedOnce() {
        paywall = Paywall.start(folder);
        paywall.app(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                request.getContext().execute(() -> {
                    try {
                        Paywall.text("dispatched").handle(request, response, callback);
                    } catch (Exception e) {
                        callback.failed(e);
                    }
                });
                return true;
            }
        });
        assertThat(paywall.buy("/docs/a").getContent()).isEqualTo("dispatched");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"T65", "F-SV-20"})
    void withinAContext_thePathInContextIsPriced() {
        paywall = new Paywall(folder);
        paywall.boot(
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                handler -> {},
                handler -> new ContextHandler(handler, "/shop"));
        assertThat(paywall.get("/shop/docs/a").getStatus()).isEqualTo(402);
        assertThat(paywall.get("/shop/open").getStatus()).isEqualTo(200);
        assertThat(paywall.get("/docs/a").getStatus()).isEqualTo(404);
        assertThat(paywall.buy("/shop/docs/a").getStatus()).isEqualTo(200);
    }

    // ---- prices that depend on the request -----------------------------------------------------------------------

    @Test
    @Requirement({"T76", "F-BI-29", "F-BI-30"})
    void cheapFactFirstDearFactOnTheRetry_invalidChallenge() {
        paywall = Paywall.start(folder, this::tiered);
        Challenge cheap = Payer.challengeOf(paywall.get("/docs/a", "X-Tier: slow"));
        assertThat(amount(cheap)).isEqualTo(10);
        String value = "Authorization: " + paywall.alice.pay(cheap);
        assertThat(paywall.get("/docs/a", value, "X-Tier: fast").getStatus()).isEqualTo(402);
        assertThat(paywall.get("/docs/a", value).getStatus()).isEqualTo(402);
        assertThat(paywall.executions).hasValue(0);
        assertThat(paywall.get("/docs/a", value, "X-Tier: slow").getStatus()).isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(10);
    }

    @Test
    @Requirement({"T4", "T76", "F-BI-22", "F-BI-24"})
    void routeMode_opensTheRouteAndNothingElse() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge(
                                "/docs/*",
                                Paywall.offer()
                                        .routeId("docs")
                                        .binding(BindingMode.ROUTE)
                                        .build())
                        .charge(
                                "/other/*",
                                Paywall.offer()
                                        .routeId("other")
                                        .binding(BindingMode.ROUTE)
                                        .build())
                        .charge("/exact/*", Paywall.offer().routeId("exact").build()));
        String value = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a"));
        assertThat(paywall.get("/other/a", value).getStatus()).isEqualTo(402);
        assertThat(paywall.get("/exact/a", value).getStatus()).isEqualTo(402);
        assertThat(paywall.executions).hasValue(0);
        assertThat(paywall.get("/docs/b", value).getStatus()).isEqualTo(200);
        String exact = "Authorization: " + paywall.alice.pay(paywall.get("/exact/a"));
        assertThat(paywall.get("/docs/a", exact).getStatus()).isEqualTo(402);
    }

    @Test
    @Requirement({"T9", "F-SV-7"})
    void priceListChangedMeanwhile_theOfferedPriceCounts() {
        paywall = Paywall.start(folder);
        String value = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a"));
        paywall.reprice(prices ->
                prices.charge("/docs/*", Paywall.offer().routeId("new").build()));
        paywall.reprice(
                prices -> prices.charge(Set.of(), "/docs/*", Paywall.offer().build(), Set.of(), f -> Amount.of(9)));
        assertThat(amount(Payer.challengeOf(paywall.get("/docs/a")))).isEqualTo(9);
        assertThat(paywall.get("/docs/a", value).getStatus()).isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement("T76")
    void factsThatMakeNoSense_badRequest() throws Exception {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge(
                        Set.of("GET"), "/docs/*", Paywall.offer().build(), Set.of(PriceFact.query("n")), facts -> {
                            throw new UnpriceableException("The parameter n must be a number.");
                        }));
        HttpTester.Response answer = paywall.get("/docs/a?n=x");
        assertThat(answer.getStatus()).isEqualTo(400);
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(ProblemType.BAD_REQUEST);
        assertThat(problem.detail()).isEqualTo("The parameter n must be a number.");
        assertThat(paywall.get("/docs/a?n=1&n=2").getStatus()).isEqualTo(400);
    }

    @Test
    @Requirement({"T76", "S10"})
    void priceFunctionThatFails_500AndNothingServed() throws Exception {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge(
                        Set.of(),
                        "/docs/*",
                        Paywall.offer().build(),
                        Set.of(),
                        facts -> Amount.of(facts.value(TIER).isPresent() ? 1 : 2)));
        HttpTester.Response answer = paywall.get("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(Problem.parse(answer.getContentBytes()).type()).isEqualTo(ProblemType.INTERNAL_PAYMENT_ERROR);
        assertThat(paywall.executions).hasValue(0);
    }

    @Test
    @Requirement({"F-RQ-4", "F-WO-26", "F-ST-16"})
    void zeroAmount_isAProofThatMovesNothingAndIsUsedOnce() {
        paywall = Paywall.start(
                folder, prices -> prices.charge("/docs/*", Offer.of("0usd").build()));
        HttpTester.Response demand = paywall.get("/docs/a");
        assertThat(amount(Payer.challengeOf(demand))).isZero();
        String value = "Authorization: " + paywall.alice.pay(demand);
        HttpTester.Response answer = paywall.get("/docs/a", value);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.get("Payment-Receipt")).isNotNull();
        assertThat(paywall.get("/docs/a", value).get("Payment-Replayed")).isEqualTo("true");
        assertThat(paywall.executions).hasValue(1);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    private void tiered(PriceList.Builder prices) {
        prices.charge(
                Set.of(),
                "/docs/*",
                Paywall.offer().build(),
                Set.of(TIER),
                facts -> Amount.of(facts.value(TIER).orElse("").equals("slow") ? 10 : 1000));
    }

    private static long amount(Challenge challenge) {
        try {
            return challenge.paymentRequest().amount().baseUnits();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }
}
