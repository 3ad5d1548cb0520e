package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.TOO_LARGE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.ReRun;
import org.farthing.server.ledger.Reserved;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do about stored answers, and re-runs where the answer was not stored. */
public abstract class StoredAnswerContract extends ChargeKit {

    /** For the store's own test. */
    protected StoredAnswerContract() {}

    @Test
    @Requirement({"F-RE-5", "T62"})
    void storedOutcome_forOtherBytes_isNotGiven() {
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));

        assertThat(await(ledger().storedOutcome("c1", "hash-of-a-thief"))).isEmpty();
        assertThat(await(ledger().storedOutcome("never", "hash-c1"))).isEmpty();
    }

    @Test
    @Requirement({"F-RE-4", "F-ST-40"})
    void storedOutcome_isReplayedUntilTenMinutesAfterExpiry() {
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));
        clock.advance(VALID.plusMinutes(10));
        assertThat(await(ledger().storedOutcome("c1", "hash-c1"))).contains(ANSWER);

        clock.advance(Duration.ofMillis(1));

        assertThat(await(ledger().storedOutcome("c1", "hash-c1"))).isEmpty();
        assertThat(await(ledger().charge("c1")).orElseThrow().answerStored()).isFalse();
    }

    @Test
    @Requirement({"F-RE-22"})
    void beginReRun_threeTimesOneAtATime_thenNoMore() {
        await(ledger().capture(hold("c1", 300).ref(), 300, TOO_LARGE));

        for (int i = 1; i <= 3; i++) {
            ReRun.Granted granted = (ReRun.Granted) reRun("c1", "hash-c1");
            assertThat(granted.number()).isEqualTo(i);
            assertThat(granted.outcome().receipt()).contains("receipt");
            assertThat(reRun("c1", "hash-c1")).isInstanceOf(ReRun.Busy.class);
            assertThat(await(ledger().endReRun(granted))).isTrue();
            assertThat(await(ledger().endReRun(granted))).isFalse();
        }

        assertThat(reRun("c1", "hash-c1"))
                .isInstanceOfSatisfying(
                        ReRun.Refused.class,
                        refused -> assertThat(refused.charge().reRuns()).isEqualTo(3));
        assertThat(account()).isEqualTo(new Account(USD, 700, 0));
    }

    @Test
    @Requirement({"F-RE-22"})
    void beginReRun_afterOneThatNeverEnded_waitsForItsTime() {
        await(ledger().capture(hold("c1", 300).ref(), 300, TOO_LARGE));
        ReRun.Granted lost = (ReRun.Granted) reRun("c1", "hash-c1");
        clock.advance(HOLD);
        assertThat(reRun("c1", "hash-c1")).isInstanceOf(ReRun.Busy.class);
        clock.advance(Duration.ofMillis(1));

        assertThat(reRun("c1", "hash-c1")).isInstanceOf(ReRun.Granted.class);
        assertThat(await(ledger().endReRun(lost))).isFalse();
    }

    @Test
    @Requirement({"F-RE-22", "T62"})
    void beginReRun_whereItIsNotAllowed_isRefused() {
        await(ledger().capture(hold("stored", 1).ref(), 1, ANSWER));
        await(ledger().capture(hold("large", 1).ref(), 1, TOO_LARGE));
        hold("held", 1);
        ChargeTerms terms = payments.terms("unsafe", 1);
        ChargeTerms unsafe = new ChargeTerms(
                "unsafe", "hash-unsafe", "unsafe", ALICE, PAYEE, "docs", "wallet", USD, 1, terms.expires(), false);
        Reserved.Held held = (Reserved.Held) await(ledger().reserve(Payments.hold(unsafe)));
        await(ledger().capture(held.ref(), 1, TOO_LARGE));
        upfront("pending", 1);

        assertThat(reRun("stored", "hash-stored")).isInstanceOf(ReRun.Refused.class);
        assertThat(reRun("large", "hash-of-a-thief")).isInstanceOf(ReRun.Refused.class);
        assertThat(reRun("held", "hash-held")).isInstanceOf(ReRun.Refused.class);
        assertThat(reRun("unsafe", "hash-unsafe")).isInstanceOf(ReRun.Refused.class);
        assertThat(reRun("pending", "hash-pending")).isInstanceOf(ReRun.Refused.class);
        assertThat(reRun("never", "hash")).isEqualTo(new ReRun.Unknown());
        clock.advance(VALID.plusMinutes(10).plusMillis(1));
        assertThat(reRun("large", "hash-large")).isInstanceOf(ReRun.Refused.class);
    }
}
