package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.token.BlindToken;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.PostgresLedger;
import org.farthing.server.ledger.Totals;
import org.farthing.server.offer.Offer;
import org.farthing.server.postgres.TestPostgres;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.token.TestIssuer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One token, 64 threads, each with a challenge of its own: one is served, all others read TOKEN_SPENT. */
@Requirement({"F-TK-58", "T2", "T57"})
@Timeout(120)
class TokenRaceTest {

    private static final int THREADS = 64;

    @TempDir
    private Path folder = Path.of("");

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final ExecutorService completions = Executors.newFixedThreadPool(4);

    @Test
    void oneNode_oneTokenForSixtyFourRequests_oneIsServed() {
        try (Paywall paywall = new Paywall(folder)) {
            TestIssuer issuer = TestIssuer.shared(paywall.clock);
            boot(paywall, issuer, paywall.clock);
            TokenTill.openKeys(paywall.ledger(), issuer);

            race(List.of(paywall), issuer);
            assertThat(paywall.balanced()).isTrue();
        } finally {
            end();
        }
    }

    @Test
    void twoNodesOnPostgres_oneTokenForSixtyFourRequests_oneIsServed() {
        String url = TestPostgres.emptyStore();
        InstantSource real = InstantSource.system();
        TestIssuer issuer = TestIssuer.shared(real);
        try (Ledger here = node(url);
                Ledger there = node(url);
                Paywall one = new Paywall(folder);
                Paywall other = new Paywall(one, Paywall.ORIGIN)) {
            one.interpose(here);
            other.interpose(there);
            boot(one, issuer, real);
            boot(other, issuer, real);
            TokenTill.openKeys(here, issuer);

            race(List.of(one, other), issuer);
            assertThat(Paywall.await(here.totals())).extracting(Totals::sum).containsOnly(0L);
            assertThat(Paywall.await(there.check()).sound()).isTrue();
        } finally {
            end();
        }
    }

    /** Without a challenge of the server's own, which would be the one thing to claim. */
    @Test
    @Requirement({"F-TK-66", "S46"})
    void oneTokenByPrivateToken_sixtyFourTimes_oneExecutionAndEqualAnswers() {
        try (Paywall paywall = new Paywall(folder)) {
            TestIssuer issuer = TestIssuer.shared(paywall.clock);
            paywall.boot(
                    prices -> prices.charge(
                            "/docs/*", Offer.of("0.001usd").otherSchemes().build()),
                    handler -> handler.setTokens(AcceptedTokens.of(issuer)));
            TokenTill.openKeys(paywall.ledger(), issuer);
            String value = TokenTill.plain(issuer.tokens(TokenTill.SHOP, 1000).get(0));

            CyclicBarrier barrier = new CyclicBarrier(THREADS);
            List<CompletableFuture<HttpTester.Response>> answers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                answers.add(CompletableFuture.supplyAsync(() -> ask(paywall, barrier, value), threads));
            }
            for (CompletableFuture<HttpTester.Response> answer : answers) {
                assertThat(answer.join().getStatus()).isEqualTo(200);
                assertThat(answer.join().get("Payment-Outcome")).startsWith("captured;id=\"pt_");
            }
            assertThat(paywall.executions).hasValue(1);
            assertThat(paywall.balanced()).isTrue();
        } finally {
            end();
        }
    }

    private Ledger node(String url) {
        return PostgresLedger.open(
                TestPostgres.at(url), LedgerOptions.builder(completions).build());
    }

    private static void boot(Paywall paywall, TestIssuer issuer, InstantSource clock) {
        paywall.boot(prices -> prices.charge("/docs/*", Offer.of("0.0015usd").build()), handler -> {
            handler.setTokens(AcceptedTokens.of(issuer));
            handler.setClock(clock);
        });
    }

    /** Half of them present the same token alone with one of their own, so that nobody's other token may be lost. */
    private void race(List<Paywall> nodes, TestIssuer issuer) {
        BlindToken same = issuer.tokens(TokenTill.SHOP, 1000).get(0);
        List<BlindToken> own = issuer.tokens(TokenTill.SHOP, 500, 500, 500, 500);
        int before = executions(nodes);
        List<String> values = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Paywall node = nodes.get(i % nodes.size());
            values.add(TokenTill.pay(node.get("/docs/a"), List.of(own.get(i % own.size()), same)));
        }
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        List<CompletableFuture<HttpTester.Response>> answers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            // At the other node than the one that made the challenge.
            Paywall node = nodes.get((i + 1) % nodes.size());
            String value = values.get(i);
            answers.add(CompletableFuture.supplyAsync(() -> ask(node, barrier, value), threads));
        }
        int served = 0;
        for (CompletableFuture<HttpTester.Response> answer : answers) {
            HttpTester.Response response = answer.join();
            if (response.getStatus() == 200) {
                served++;
            } else {
                assertSpent(response);
            }
        }
        assertThat(served).isEqualTo(1);
        assertThat(executions(nodes) - before).isEqualTo(1);
    }

    private static void assertSpent(HttpTester.Response response) {
        Problem problem = TokenTill.problem(response);
        assertThat(problem.type()).as(response.getContent()).isEqualTo(ProblemType.TOKEN_SPENT);
        assertThat(problem.text("spent"))
                .hasValueSatisfying(spent -> assertThat(spent).isIn("1", "0 1"));
        assertThat(response.get("Payment-Outcome")).startsWith("refused;");
    }

    private static int executions(List<Paywall> nodes) {
        return nodes.stream().mapToInt(node -> node.executions.get()).sum();
    }

    private static HttpTester.Response ask(Paywall node, CyclicBarrier barrier, String value) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return node.get("/docs/a", value);
    }

    private void end() {
        threads.shutdownNow();
        completions.shutdownNow();
    }
}
