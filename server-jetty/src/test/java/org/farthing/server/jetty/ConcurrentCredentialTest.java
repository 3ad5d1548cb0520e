package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** Fifty threads, one credential: one execution, one capture, fifty equal answers. */
@Requirement({"T1", "T3", "S46", "F-ST-11", "F-RE-1", "F-RE-10"})
class ConcurrentCredentialTest {

    private static final int THREADS = 50;

    @TempDir
    private Path folder = Path.of("");

    @RepeatedTest(5)
    void fiftyThreads_oneExecutionAndFiftyEqualAnswers() {
        try (Paywall paywall = Paywall.start(folder)) {
            String value = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a"));
            CyclicBarrier barrier = new CyclicBarrier(THREADS);
            List<CompletableFuture<HttpTester.Response>> answers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                answers.add(Paywall.beside(() -> ask(paywall, barrier, value)));
            }
            Set<String> distinct = new HashSet<>();
            for (CompletableFuture<HttpTester.Response> answer : answers) {
                HttpTester.Response response = answer.join();
                assertThat(response.getStatus()).isEqualTo(200);
                distinct.add(response.getContent()
                        + response.get("Content-Type")
                        + response.get("Content-Length")
                        + response.get("Payment-Receipt")
                        + response.get("Payment-Outcome"));
            }
            assertThat(distinct).hasSize(1);
            assertThat(paywall.executions).hasValue(1);
            assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
            assertThat(paywall.balanced()).isTrue();
            assertThat(paywall.handler().statistics().getCaptured()).isEqualTo(1);
            assertThat(paywall.handler().getRunning()).isZero();
        }
    }

    /** Sends once: nobody is told to come again. */
    private static HttpTester.Response ask(Paywall paywall, CyclicBarrier barrier, String value) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return paywall.get("/docs/a", value);
    }
}
