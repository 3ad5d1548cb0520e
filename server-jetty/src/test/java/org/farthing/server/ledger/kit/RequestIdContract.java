package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.farthing.server.ledger.PurgeReport;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do about ids of signed requests: each is used once, and kept no longer than it must be. */
public abstract class RequestIdContract extends LedgerKit {

    private static final Duration MINUTES = Duration.ofMinutes(2);
    private static final Duration MARGIN = Duration.ofHours(1);

    /** For the store's own test. */
    protected RequestIdContract() {}

    private boolean use(String caller, String id, Instant until) {
        return await(ledger().requestIds().use(caller, id, until));
    }

    private Instant soon() {
        return clock.instant().plus(MINUTES);
    }

    @Test
    @Requirement({"F-WR-5", "F-WR-20", "T1"})
    void use_again_isRefused_alsoWithAnotherEnd() {
        assertThat(use(ALICE, "one", soon())).isTrue();

        assertThat(use(ALICE, "one", soon())).isFalse();
        assertThat(use(ALICE, "one", soon().plus(MINUTES))).isFalse();
        assertThat(use(ALICE, "two", soon())).isTrue();
    }

    @Test
    @Requirement({"F-WR-5"})
    void use_sameIdOfAnotherCaller_isAnotherId() {
        assertThat(use(ALICE, "one", soon())).isTrue();

        assertThat(use(PAYEE, "one", soon())).isTrue();
        assertThat(use(ALICE + "o", "ne", soon())).isTrue();
    }

    @Test
    @Requirement({"F-WR-20"})
    void use_callerNobodyKnows_isUsedUpAllTheSame() {
        assertThat(use("w_nobody", "one", soon())).isTrue();
        assertThat(use("w_nobody", "one", soon())).isFalse();
    }

    @Test
    @Requirement({"F-WR-23"})
    void use_pastItsEnd_isRefusedAndNotWritten() {
        assertThat(use(ALICE, "one", clock.instant())).isFalse();

        assertThat(use(ALICE, "one", clock.instant().plusMillis(1))).isTrue();
    }

    @Test
    @Requirement({"F-WR-20", "T45"})
    void reopen_idIsStillUsed() {
        use(ALICE, "one", soon());

        reopen();

        assertThat(use(ALICE, "one", soon())).isFalse();
        assertThat(use(ALICE, "two", soon())).isTrue();
    }

    @Test
    @Requirement({"F-ST-44", "F-ST-130", "F-WR-23"})
    void purge_removesAnHourAfterItsEnd_andNotBefore() {
        Instant end = soon();
        use(ALICE, "one", end);
        clock.advance(MINUTES.plus(MARGIN));
        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(0, 0, 0, 0, false));
        clock.advance(Duration.ofMillis(1));

        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(0, 0, 0, 1, false));

        assertThat(use(ALICE, "one", end)).isFalse();
        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(0, 0, 0, 0, false));
    }

    @Test
    @Requirement({"F-ST-130"})
    void purge_manyIds_isDoneInSteps() {
        int many = 2_000;
        List<CompletionStage<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            // Of many callers: no one of them may fill the queue.
            all.add(ledger().requestIds().use("w_" + i, "one", soon()));
        }
        all.forEach(stage -> assertThat(await(stage)).isTrue());
        clock.advance(MINUTES.plus(MARGIN).plusMillis(1));

        int removed = 0;
        int steps = 0;
        PurgeReport report;
        do {
            report = await(ledger().purge());
            removed += report.requestIds();
            steps++;
        } while (report.more());

        assertThat(removed).isEqualTo(many);
        assertThat(steps).as("small steps").isGreaterThan(1);
    }

    @Test
    @Requirement({"F-WR-20", "T1", "T2", "T3"})
    void use_sixteenThreads_oneIsFirst() throws Exception {
        for (int round = 0; round < 10; round++) {
            String id = "round-" + round;

            List<Boolean> all = race(16, i -> ledger().requestIds().use(ALICE, id, soon()));

            assertThat(all).filteredOn(first -> first).hasSize(1);
        }
    }

    @Test
    @Requirement({"F-WR-22"})
    void use_whenTheLedgerIsClosed_fails() {
        Ledger closed = ledger();
        reopen();

        assertThatThrownBy(() -> await(closed.requestIds().use(ALICE, "one", soon())))
                .isInstanceOf(LedgerUnavailableException.class);
        assertThat(use(ALICE, "one", soon())).isTrue();
    }

    @Test
    void use_whatIsNoId_isRefusedAtOnce() {
        assertThatThrownBy(() -> ledger().requestIds().use("", "one", soon()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger().requestIds().use(ALICE, "i".repeat(201), soon()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger().requestIds().use(ALICE, "a\nb", soon()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
