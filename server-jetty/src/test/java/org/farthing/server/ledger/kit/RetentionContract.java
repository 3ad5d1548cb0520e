package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.IdempotencyScope;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.PurgeReport;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SweepReport;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do about retention: what is purged, and when. */
public abstract class RetentionContract extends ChargeKit {

    /** For the store's own test. */
    protected RetentionContract() {}

    @Test
    @Requirement({"F-ST-40", "F-ST-41", "F-ST-42", "F-ST-43", "F-ST-44", "F-RE-33"})
    void purge_removesWhatIsPastItsTimeWithAnHoursMargin_andKeepsTransfers() {
        IdempotencyScope key = new IdempotencyScope("scope", "content");
        Reserved.Held captured =
                (Reserved.Held) await(ledger().reserve(Payments.hold(payments.terms("captured", 10), key)));
        await(ledger().capture(captured.ref(), 10, ANSWER));
        await(ledger().release(hold("released", 10).ref(), ReleaseReason.WAIVED, Execution.NO));
        await(ledger().capture(hold("zero", 0).ref(), 0, ANSWER));
        int transfers = kinds().size();

        clock.advance(VALID.plusMinutes(70));
        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(0, 0, 0, 0, false));
        clock.advance(Duration.ofMillis(1));
        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(3, 0, 0, 0, false));

        clock.advance(Duration.ofHours(25).minusMinutes(70));
        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(0, 2, 0, 0, false));
        assertThat(await(ledger().charge("released"))).isEmpty();
        assertThat(await(ledger().charge("zero"))).isEmpty();
        assertThat(await(ledger().charge("captured"))).isPresent();

        clock.advance(Duration.ofDays(90));
        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(0, 1, 0, 0, false));
        assertThat(await(ledger().charge("captured"))).isEmpty();
        assertThat(kinds()).hasSize(transfers);
    }

    @Test
    @Requirement({"F-ST-14", "T1"})
    void reserve_aPurgedChallengeWithTheClockSetBack_isStillExpired() {
        HoldRequest request = payments.hold("c1", 10);
        Reserved.Held held = (Reserved.Held) await(ledger().reserve(request));
        await(ledger().release(held.ref(), ReleaseReason.WAIVED, Execution.NO));
        clock.advance(Duration.ofDays(2));
        await(ledger().purge());
        clock.advance(Duration.ofDays(-2));

        assertThat(await(ledger().charge("c1"))).isEmpty();
        assertThat(await(ledger().reserve(request))).isEqualTo(new Reserved.Expired());
    }

    @Test
    void purge_openHolds_areNotTouched() {
        hold("c1", 10);
        hold("zero", 0);
        upfront("c2", 10);
        clock.advance(Duration.ofDays(400));

        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(0, 0, 0, 0, false));
        assertThat(await(ledger().sweep())).isEqualTo(new SweepReport(2, 1, false));
        assertThat(await(ledger().purge())).isEqualTo(new PurgeReport(0, 3, 0, 0, false));
    }

    @Test
    @Requirement({"F-WA-22"})
    void purge_walletsNeverToppedUp_goAfterThirtyDays() {
        await(ledger().register(Payments.registration("w_empty")));
        clock.advance(Duration.ofDays(30).plusHours(1));
        assertThat(await(ledger().purge()).wallets()).isZero();
        clock.advance(Duration.ofMillis(1));

        assertThat(await(ledger().purge()).wallets()).isEqualTo(1);
        assertThat(await(ledger().wallet("w_empty"))).isEmpty();
        assertThat(await(ledger().wallet(ALICE))).isPresent();
    }
}
