package org.farthing.server.mint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.farthing.protocol.ProblemType;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

@Requirement({"F-TK-73", "T40"})
class MintWorkersTest {

    @Test
    void run_moreThanCanWait_isToldToComeAgainAndTheRestIsDone() {
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        MintWorkers workers = new MintWorkers();
        int most = 65 * Runtime.getRuntime().availableProcessors();
        for (int i = 0; i <= most; i++) {
            int number = i;
            CompletionStage<Integer> answer = workers.run(() -> {
                awaitSignal(go);
                return number;
            });
            answers.add(answer.toCompletableFuture());
        }
        CompletableFuture<Integer> last = answers.remove(most);
        assertThatThrownBy(last::join).cause().isInstanceOfSatisfying(MintRefusedException.class, refused -> {
            assertThat(refused.problem().type()).isEqualTo(ProblemType.LEDGER_UNAVAILABLE);
            assertThat(refused.problem().status()).isEqualTo(503);
            assertThat(refused.retryAfter()).isPresent();
        });
        go.countDown();
        answers.forEach(answer -> assertThat(answer.join()).isNotNull());
    }

    private static void awaitSignal(CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
