package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.server.jetty.MintStand.Plan;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many at once, and a ledger that dies at the worst moment: nothing is issued twice, lost, or unpaid. */
class MintRaceTest {

    private static final int MANY = 16;

    @TempDir
    Path folder;

    private static List<HttpTester.Response> together(List<Callable<HttpTester.Response>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<HttpTester.Response> answers = new ArrayList<>();
            for (Future<HttpTester.Response> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    private static long count(List<HttpTester.Response> answers, int status) {
        return answers.stream().filter(answer -> answer.getStatus() == status).count();
    }

    @Test
    @Requirement({"F-TK-81", "F-TK-83"})
    void purchase_sameMessagesPaidManyTimesAtOnce_areChargedOnce() throws Exception {
        try (MintStand stand = new MintStand(folder)) {
            String body = MintStand.body(stand.bundle());
            List<Callable<HttpTester.Response>> calls = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                String paid =
                        "Authorization: " + stand.credential("/token-purchase", body.getBytes(StandardCharsets.UTF_8));
                calls.add(() -> stand.post("/token-purchase", body, paid));
            }
            List<HttpTester.Response> answers = together(calls);
            assertThat(count(answers, 200)).isEqualTo(1);
            assertThat(stand.available()).isEqualTo(MintStand.FUNDS - 32);
            assertThat(stand.balanced()).isTrue();
        }
    }

    @Test
    @Requirement("F-TK-86")
    void swap_sameTokensForManyThingsAtOnce_hasOneWinner() throws Exception {
        try (MintStand stand = new MintStand(folder)) {
            List<BlindToken> tokens = stand.buy(stand.bundle());
            List<Callable<HttpTester.Response>> calls = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                List<PendingToken> wanted = stand.pending(16, 16);
                calls.add(() -> stand.swap(tokens, wanted));
            }
            List<HttpTester.Response> answers = together(calls);
            assertThat(count(answers, 200)).isEqualTo(1);
            assertThat(count(answers, 409)).isEqualTo(MANY - 1);
        }
    }

    @Test
    @Requirement("F-TK-86")
    void swap_theSameManyTimesAtOnce_getsTheSameBytes() throws Exception {
        try (MintStand stand = new MintStand(folder)) {
            List<BlindToken> tokens = stand.buy(stand.bundle());
            List<PendingToken> wanted = stand.pending(16, 16);
            List<Callable<HttpTester.Response>> calls = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                calls.add(() -> stand.swap(tokens, wanted));
            }
            List<HttpTester.Response> answers = together(calls);
            assertThat(count(answers, 200)).isEqualTo(MANY);
            assertThat(answers.stream().map(HttpTester.Response::getContent).distinct())
                    .hasSize(1);
        }
    }

    @Test
    @Requirement({"F-TK-84", "F-TK-87"})
    void purchase_answerLostBehindTheCapture_isRestored() {
        Plan plan = new Plan();
        FailingLedger[] failing = new FailingLedger[1];
        plan.interpose = real -> {
            failing[0] = new FailingLedger(real);
            return failing[0].ledger();
        };
        try (MintStand stand = new MintStand(folder, plan)) {
            List<PendingToken> pending = stand.bundle();
            failing[0].failAfter("capture");
            HttpTester.Response lost = stand.purchase(pending);
            assertThat(lost.getStatus()).isEqualTo(503);
            assertThat(lost.getContent()).doesNotContain("responses");
            failing[0].heal();
            HttpTester.Response restored = stand.post("/token-restore", MintStand.body(pending));
            assertThat(MintStand.tokens(pending, restored)).hasSize(6);
            assertThat(stand.available()).isEqualTo(MintStand.FUNDS - 32);
            assertThat(stand.balanced()).isTrue();
        }
    }

    @Test
    @Requirement("F-TK-83")
    void purchase_moneyNotTaken_nothingIsIssued() {
        Plan plan = new Plan();
        FailingLedger[] failing = new FailingLedger[1];
        plan.interpose = real -> {
            failing[0] = new FailingLedger(real);
            return failing[0].ledger();
        };
        try (MintStand stand = new MintStand(folder, plan)) {
            List<PendingToken> pending = stand.bundle();
            failing[0].failBefore("capture");
            HttpTester.Response refused = stand.purchase(pending);
            assertThat(refused.getStatus()).isEqualTo(503);
            assertThat(refused.getContent()).doesNotContain("responses");
            failing[0].heal();
            assertThat(stand.available()).isEqualTo(MintStand.FUNDS);
            assertThat(stand.buy(pending)).hasSize(6);
        }
    }
}
