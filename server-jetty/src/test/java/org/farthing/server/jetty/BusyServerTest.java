package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with more demands than it can sign: payments go on, challenges stay signed, the rest is told to come again. */
@Requirement({"F-SV-68", "F-CH-43", "T39", "S51"})
class BusyServerTest {

    @TempDir
    private Path folder = Path.of("");

    private final CountDownLatch slow = new CountDownLatch(1);
    private final CountDownLatch begun = new CountDownLatch(1);

    private Amount slowly() {
        begun.countDown();
        try {
            if (!slow.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let it go on");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Amount.of(Paywall.PRICE);
    }

    @Test
    @Requirement({"F-PR-22", "F-SV-4", "F-SV-65"})
    void tooManyDemands_503_whilePaymentsAndPreparedPricesGoOn() throws Exception {
        try (Paywall paywall = Paywall.start(
                folder,
                prices -> prices.charge("/docs/*", Paywall.offer().build())
                        .charge(
                                Set.of(),
                                "/slow/*",
                                Paywall.offer().routeId("slow").build(),
                                Set.of(),
                                facts -> slowly()),
                handler -> handler.setDemands(1, 1))) {
            String credential = paywall.alice.pay(paywall.get("/docs/a"));
            for (int i = 0; i < 16; i++) {
                paywall.get("/docs/busy");
            }
            Paywall.awaitTrue(() -> paywall.handler().getPreparedChallenges() >= 8, () -> "nothing is prepared");

            CompletableFuture<HttpTester.Response> first =
                    CompletableFuture.supplyAsync(() -> paywall.get("/slow/a"), paywall.threads());
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            // One of them waits for the slow one, and then the server is busy.
            CompletableFuture<HttpTester.Response> b =
                    CompletableFuture.supplyAsync(() -> paywall.get("/docs/b"), paywall.threads());
            CompletableFuture<HttpTester.Response> c =
                    CompletableFuture.supplyAsync(() -> paywall.get("/docs/c"), paywall.threads());
            HttpTester.Response busy =
                    (HttpTester.Response) CompletableFuture.anyOf(b, c).get(30, TimeUnit.SECONDS);
            CompletableFuture<HttpTester.Response> waiting = b.isDone() ? c : b;

            assertThat(waiting).isNotDone();
            assertThat(busy.getStatus()).isEqualTo(503);
            assertThat(busy.get("Retry-After")).isEqualTo("1");
            assertThat(busy.get("WWW-Authenticate")).isNull();
            Problem problem = Problem.parse(busy.getContentBytes());
            assertThat(problem.type()).isEqualTo(ProblemType.RATE_LIMITED);
            assertThat(paywall.handler().statistics().getLimited()).isPositive();

            assertThat(paywall.get("/docs/busy").getStatus()).isEqualTo(402);
            assertThat(paywall.get("/docs/a", "Authorization: " + credential).getStatus())
                    .isEqualTo(200);

            slow.countDown();
            for (CompletableFuture<HttpTester.Response> one : List.of(first, waiting)) {
                Challenge challenge = Payer.challengeOf(one.get(30, TimeUnit.SECONDS));
                assertThat(challenge.jws()).isNotNull();
            }
        }
    }

    @Test
    @Requirement({"F-CH-41", "F-CH-46", "S1", "S49"})
    void preparedChallenges_areFreshAndCanBePaid() {
        try (Paywall paywall = Paywall.start(folder)) {
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < 16; i++) {
                ids.add(Payer.challengeOf(paywall.get("/docs/a")).id());
            }
            Paywall.awaitTrue(() -> paywall.handler().getPreparedChallenges() >= 8, () -> "nothing is prepared");
            HttpTester.Response demand = paywall.get("/docs/a");
            assertThat(ids.add(Payer.challengeOf(demand).id())).isTrue();
            assertThat(paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(demand))
                            .getStatus())
                    .isEqualTo(200);
            assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        }
    }
}
