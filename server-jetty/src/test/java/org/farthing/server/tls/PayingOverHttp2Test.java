package org.farthing.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.ReceiptStatus;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.tls.CachingProxy.Ignorance;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The paying client and the paywall with HTTP/2 and TLS between them, alone and with a shared cache on the way. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PayingOverHttp2Test {

    @TempDir
    private Path folder = Path.of("");

    private TlsShop direct = unset();
    private TlsShop cached = unset();
    private CachingProxy cache = unset();

    @BeforeAll
    void start(@TempDir Path first, @TempDir Path second) throws Exception {
        direct = new TlsShop(first);
        direct.start(direct.own());
        cached = new TlsShop(second);
        cache = new CachingProxy(Set.of(Ignorance.values()), cached.port());
        cached.start(cache.origin());
    }

    @AfterAll
    void stop() {
        cache.close();
        direct.close();
        cached.close();
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // set before each test
    private static <T> T unset() {
        return null;
    }

    private PayingClient client(TlsShop shop, Origin origin, String name) throws Exception {
        Purse purse = Purse.create(folder.resolve(name), new SecureRandom());
        HttpClient http = Shopper.http();
        shop.fund(new WalletApi(http, purse, InstantSource.system(), false)
                .register(origin)
                .id());
        SpendingPolicy policy = SpendingPolicy.builder()
                .allowOrigin(origin.text())
                .perRequest("0.01usd")
                .total("1usd")
                .build();
        return PayingClient.builder(purse, policy).httpClient(http).build();
    }

    private static HttpRequest.Builder request(Origin origin, String path) {
        return HttpRequest.newBuilder(URI.create(origin.text() + path)).timeout(Duration.ofSeconds(60));
    }

    private static String served(PaidResponse<String> answer) {
        PaymentOutcome outcome = answer.outcome();
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Served.class,
                        served -> assertThat(served.receiptStatus()).isEqualTo(ReceiptStatus.VALID));
        return answer.response().orElseThrow().body();
    }

    private List<TlsShop.Seen> arrived(String path) {
        return direct.seen.stream().filter(seen -> path.equals(seen.path())).toList();
    }

    @Test
    @Requirement({"C13", "F-CL-2", "F-SV-40"})
    void get_paysAndEveryRequestIsHttp2() throws Exception {
        PayingClient client = client(direct, direct.own(), "get");
        PaidResponse<String> answer =
                client.send(request(direct.own(), "/docs/get").build(), BodyHandlers.ofString());
        assertThat(served(answer)).startsWith("paid ");
        assertThat(answer.response().orElseThrow().version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(arrived("/docs/get"))
                .hasSize(2)
                .allSatisfy(seen -> assertThat(seen.version()).isEqualTo("HTTP/2.0"));
    }

    /** A server that heeds the key never runs an order twice, so it must be the same before the payment and with it. */
    @Test
    @Requirement({"S45", "F-RE-30"})
    void post_idempotencyKey_isTheSameOnEveryAttempt() throws Exception {
        PayingClient client = client(direct, direct.own(), "key");
        HttpRequest order = request(direct.own(), "/docs/key")
                .POST(BodyPublishers.ofString("question"))
                .header("Idempotency-Key", "\"order-17\"")
                .build();
        assertThat(served(client.send(order, BodyHandlers.ofString()))).endsWith(" question");
        assertThat(arrived("/docs/key")).hasSize(2).allSatisfy(seen -> {
            assertThat(seen.version()).isEqualTo("HTTP/2.0");
            assertThat(seen.fields().getValuesList("Idempotency-Key")).containsExactly("\"order-17\"");
        });
    }

    @Test
    @Requirement({"S45", "F-RE-30"})
    void post_withoutIdempotencyKey_noneIsMadeUp() throws Exception {
        PayingClient client = client(direct, direct.own(), "none");
        HttpRequest order = request(direct.own(), "/docs/none")
                .POST(BodyPublishers.ofString("question"))
                .build();
        served(client.send(order, BodyHandlers.ofString()));
        assertThat(arrived("/docs/none"))
                .hasSize(2)
                .noneMatch(seen -> seen.fields().contains("Idempotency-Key"));
    }

    @Test
    @Requirement({"F-CL-80", "F-SV-44", "S18"})
    void post_expectContinue_getsThe402AndPays() throws Exception {
        PayingClient client = client(direct, direct.own(), "continue");
        HttpRequest order = request(direct.own(), "/docs/continue")
                .POST(BodyPublishers.ofString("question"))
                .expectContinue(true)
                .build();
        assertThat(served(client.send(order, BodyHandlers.ofString()))).endsWith(" question");
    }

    @Test
    @Requirement({"S53", "F-CR-2", "F-CR-7"})
    void get_ownAuthorization_travelsBesideTheCredential() throws Exception {
        PayingClient client = client(direct, direct.own(), "bearer");
        HttpRequest order = request(direct.own(), "/api/bearer")
                .header("Authorization", "Bearer of-the-caller")
                .build();
        served(client.send(order, BodyHandlers.ofString()));
        assertThat(arrived("/api/bearer"))
                .hasSize(2)
                .allSatisfy(seen -> assertThat(seen.fields().getValuesList("Authorization"))
                        .containsExactly("Bearer of-the-caller"));
    }

    /** Two customers with clients of ours, one page, a cache that heeds Cache-Control alone; the key document is cached. */
    @Test
    @Requirement({"T48", "S49", "S50", "F-SV-45"})
    void throughASharedCache_bothPayAndGetTheirOwn() throws Exception {
        Origin origin = cache.origin();
        PayingClient alice = client(cached, origin, "alice");
        PayingClient bob = client(cached, origin, "bob");
        Set<String> bodies = new HashSet<>();
        for (PayingClient client : List.of(alice, bob, alice, bob)) {
            PaidResponse<String> answer =
                    client.send(request(origin, "/docs/page").build(), BodyHandlers.ofString());
            bodies.add(served(answer));
        }
        assertThat(bodies).hasSize(4).allMatch(body -> body.startsWith("paid "));
        assertThat(cached.executions).hasValue(4);
        assertThat(cached.seen.stream().filter(seen -> seen.path().startsWith("/.well-known/")))
                .hasSize(1);
        assertThat(cached.balanced()).isTrue();
    }
}
