package org.farthing.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.farthing.protocol.binding.Origin;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What no shared cache between payers and the paywall may ever do, end to end on HTTP/2 over TLS: give one payer's answer, or
 * one payer's challenge, to somebody else. The application asks for the opposite on every answer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedCacheContract {

    private TlsShop shop = unset();
    private Shopper alice = unset();
    private Shopper bob = unset();

    /** Starts the cache. It trusts the shop's certificate and sends on the authority it was asked for. */
    abstract Origin startCache(Path folder, int shopPort) throws Exception;

    abstract void stopCache() throws Exception;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        shop = new TlsShop(folder);
        Origin origin = startCache(folder, shop.port());
        shop.start(origin);
        alice = shopper(origin);
        bob = shopper(origin);
    }

    private Shopper shopper(Origin origin) throws Exception {
        Shopper shopper = new Shopper(origin);
        shop.open(shopper.key());
        return shopper;
    }

    @AfterAll
    void stop() throws Exception {
        stopCache();
        shop.close();
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // set before each test
    private static <T> T unset() {
        return null;
    }

    // ---- the cache works -----------------------------------------------------------------------------------------

    @Test
    void cache_freeAnswer_isReused() throws Exception {
        HttpResponse<String> first = alice.get("/free");
        HttpResponse<String> second = bob.get("/free");
        assertThat(first.version()).isEqualTo(Version.HTTP_2);
        assertThat(second.body()).isEqualTo(first.body()).startsWith("free ");
        assertThat(second.headers().firstValue("X-Cache")).contains("HIT");
    }

    /** Otherwise the tests below would pass with a cache that keeps no 402 anyway. */
    @Test
    void cache_402WithoutCacheControl_isReused() throws Exception {
        HttpResponse<String> first = alice.get("/careless/page");
        HttpResponse<String> second = bob.get("/careless/page");
        assertThat(first.statusCode()).isEqualTo(402);
        assertThat(second.statusCode()).isEqualTo(402);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("X-Cache")).contains("HIT");
    }

    // ---- challenges ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    @Requirement({"S49", "T48", "F-SV-45", "S48", "F-SV-43"})
    void unpaid_again_getsAChallengeOfItsOwn(String method) throws Exception {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            for (Shopper shopper : List.of(alice, bob)) {
                HttpResponse<String> answer = shopper.send(method, "/docs/" + method, BodyPublishers.noBody());
                assertDemand(answer);
                assertThat(ids.add(Shopper.challenge(answer).id())).isTrue();
            }
        }
    }

    @Test
    @Requirement({"S49", "T48"})
    void unpaid_manyAtOnce_eachGetsAChallengeOfItsOwn() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                Shopper shopper = i % 2 == 0 ? alice : bob;
                answers.add(CompletableFuture.supplyAsync(() -> get(shopper, "/docs/rush"), threads));
            }
            Set<String> ids = new HashSet<>();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                HttpResponse<String> demand = answer.get(60, TimeUnit.SECONDS);
                assertDemand(demand);
                ids.add(Shopper.challenge(demand).id());
            }
            assertThat(ids).hasSize(24);
        } finally {
            threads.shutdownNow();
        }
    }

    private static HttpResponse<String> get(Shopper shopper, String path) {
        try {
            return shopper.get(path);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    // ---- paid answers --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"/docs/a, Authorization", "/big/a, Authorization", "/api/a, Payment-Authorization"})
    @Requirement({"S39", "S50", "S55", "T48", "F-SV-45", "F-SV-31"})
    void paid_nextPayer_getsTheAnswerOfTheOwnPayment(String path, String field) throws Exception {
        for (Shopper shopper : List.of(alice, bob, alice, bob)) {
            HttpResponse<String> demand = shopper.get(path);
            assertDemand(demand);
            HttpResponse<String> answer = shopper.get(path, field, shopper.pay(demand));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(Version.HTTP_2);
            assertThat(answer.body())
                    .isEqualTo("paid " + Shopper.challenge(demand).id());
            assertThat(answer.headers().firstValue("Payment-Receipt")).isPresent();
            assertThat(Shopper.field(answer, "Cache-Control"))
                    .contains("private")
                    .doesNotContain("public");
            assertThat(answer.headers().firstValue("X-Cache").orElseThrow()).isNotEqualTo("HIT");
        }
    }

    @ParameterizedTest
    @CsvSource({"/docs/b, Authorization", "/big/b, Authorization", "/api/b, Payment-Authorization"})
    @Requirement({"S50", "S55", "T48", "F-SV-31"})
    void paid_thenUnpaidOrForged_neverGetsTheBody(String path, String field) throws Exception {
        HttpResponse<String> demand = alice.get(path);
        String credential = alice.pay(demand);
        assertThat(alice.get(path, field, credential).statusCode()).isEqualTo(200);
        int executions = shop.executions.get();
        assertDemand(bob.get(path));
        assertDemand(bob.get(path, field, "Payment e30"));
        assertDemand(bob.get(path, field, "Payment"));
        assertDemand(bob.get(path, field, "Bearer " + credential.substring("Payment ".length())));
        assertDemand(bob.get(path, "Cache-Control", "only-if-cached, max-stale"));
        assertDemand(bob.get(path + "?other", field, credential));
        assertThat(shop.executions).hasValue(executions);
    }

    /** A resend is the payer's own: it gets the stored answer of this server, not a cache's. */
    @ParameterizedTest
    @CsvSource({"/docs/c, Authorization", "/api/c, Payment-Authorization"})
    @Requirement({"T48", "F-RE-1", "F-RE-21"})
    void paid_sameCredentialAgain_isReplayedByTheServer(String path, String field) throws Exception {
        HttpResponse<String> demand = alice.get(path);
        String credential = alice.pay(demand);
        HttpResponse<String> first = alice.get(path, field, credential);
        int executions = shop.executions.get();
        HttpResponse<String> second = alice.get(path, field, credential);
        assertThat(second.body()).isEqualTo(first.body()).startsWith("paid ");
        assertThat(second.headers().firstValue("Payment-Replayed")).contains("true");
        assertThat(second.headers().firstValue("X-Request-Id"))
                .isNotEqualTo(first.headers().firstValue("X-Request-Id"));
        assertThat(second.headers().firstValue("X-Cache").orElseThrow()).isNotEqualTo("HIT");
        assertThat(shop.executions).hasValue(executions);
    }

    @ParameterizedTest
    @CsvSource({
        "If-None-Match, \"v1\", 304",
        "Range, bytes=0-0, 206",
    })
    @Requirement({"T48", "T64", "F-SV-14"})
    void conditionalOrRange_isDecidedByThePaywallFirst(String field, String value, int paidStatus) throws Exception {
        String path = "/docs/" + field;
        HttpResponse<String> demand = alice.get(path);
        assertThat(alice.get(path, "Authorization", alice.pay(demand)).statusCode())
                .isEqualTo(200);
        HttpResponse<String> unpaid = bob.get(path, field, value);
        assertDemand(unpaid);
        HttpResponse<String> paid = bob.get(path, field, value, "Authorization", bob.pay(unpaid));
        // A cache may ask for the whole answer instead, hoping to keep it.
        assertThat(paid.statusCode()).isIn(paidStatus, 200);
        assertThat(Shopper.field(paid, "X-Cache")).isNotEqualTo("HIT");
        assertDemand(alice.get(path, field, value));
        assertDemand(alice.get(path));
    }

    @Test
    @Requirement({"T48", "F-SV-45"})
    void notCharged_answerOfTheApplication_isNobodyElsesToo() throws Exception {
        long before = shop.left(alice.key());
        HttpResponse<String> demand = alice.get("/docs/fails");
        HttpResponse<String> answer = alice.get("/docs/fails", "Authorization", alice.pay(demand));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Payment-Outcome").orElseThrow()).startsWith("released");
        assertDemand(bob.get("/docs/fails"));
        HttpResponse<String> again = bob.get("/docs/fails", "Authorization", bob.pay(bob.get("/docs/fails")));
        assertThat(again.body()).startsWith("nothing for ").isNotEqualTo(answer.body());
        assertThat(shop.left(alice.key())).isEqualTo(before);
    }

    @Test
    @Requirement({"T48", "S18"})
    void paidPost_isTheSendersOwn() throws Exception {
        for (Shopper shopper : List.of(alice, bob)) {
            HttpResponse<String> demand = shopper.send("POST", "/docs/post", BodyPublishers.ofString("question"));
            assertDemand(demand);
            HttpResponse<String> answer = shopper.send(
                    "POST", "/docs/post", BodyPublishers.ofString("question"), "Authorization", shopper.pay(demand));
            assertThat(answer.body())
                    .isEqualTo("paid " + Shopper.challenge(demand).id() + " question");
        }
    }

    /** Many payers at once on one page: each body belongs to the credential it was sent for, each payment is taken once. */
    @Test
    @Requirement({"S49", "S50", "T48"})
    void paid_manyAtOnce_nobodyGetsSomebodyElsesAnswer() throws Exception {
        long before = shop.left(alice.key()) + shop.left(bob.key());
        int executions = shop.executions.get();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Shopper shopper = i % 2 == 0 ? alice : bob;
                String path = i % 3 == 0 ? "/big/crowd" : "/docs/crowd";
                all.add(CompletableFuture.runAsync(() -> buy(shopper, path), threads));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
        assertThat(shop.executions.get() - executions).isEqualTo(20);
        assertThat(before - shop.left(alice.key()) - shop.left(bob.key())).isEqualTo(20 * 2_000);
        assertThat(shop.balanced()).isTrue();
    }

    private static void buy(Shopper shopper, String path) {
        try {
            HttpResponse<String> demand = shopper.get(path);
            HttpResponse<String> answer = shopper.get(path, "Authorization", shopper.pay(demand));
            assertThat(answer.body())
                    .isEqualTo("paid " + Shopper.challenge(demand).id());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void assertDemand(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(402);
        assertThat(answer.version()).isEqualTo(Version.HTTP_2);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(Shopper.field(answer, "X-Cache")).isNotEqualTo("HIT");
        assertThat(answer.headers().firstValue("Payment-Receipt")).isEmpty();
        assertThat(answer.headers().firstValue("ETag")).isEmpty();
        assertThat(answer.body()).doesNotContain("paid ");
    }
}
