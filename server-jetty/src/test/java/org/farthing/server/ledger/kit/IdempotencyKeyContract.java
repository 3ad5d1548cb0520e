package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.await;

import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.IdempotencyScope;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do about an idempotency key on a request. */
public abstract class IdempotencyKeyContract extends ChargeKit {

    /** For the store's own test. */
    protected IdempotencyKeyContract() {}

    @Test
    @Requirement({"F-RE-31", "F-RE-32", "S45"})
    void reserve_sameIdempotencyKey_leadsToTheEarlierCharge() {
        IdempotencyScope key = new IdempotencyScope("scope", "content");
        Reserved.Held held = (Reserved.Held) await(ledger().reserve(Payments.hold(payments.terms("c1", 5), key)));

        assertThat(await(ledger().reserve(Payments.hold(payments.terms("c2", 5), key))))
                .isEqualTo(new Reserved.SameKey(held.charge()));
        assertThat(await(ledger().charge("c2"))).isEmpty();
        assertThat(await(ledger().reserve(Payments.hold(payments.terms("c1", 5), key))))
                .isEqualTo(new Reserved.Known(held.charge()));
    }

    @Test
    @Requirement({"F-RE-32", "S45"})
    void reserve_sameIdempotencyKeyOtherContent_isAConflict() {
        await(ledger().reserve(Payments.hold(payments.terms("c1", 5), new IdempotencyScope("scope", "content"))));

        IdempotencyScope other = new IdempotencyScope("scope", "other content");
        assertThat(await(ledger().reserve(Payments.hold(payments.terms("c2", 5), other))))
                .isEqualTo(new Reserved.KeyConflict("c1"));
        assertThat(await(ledger().charge("c2"))).isEmpty();
    }

    @Test
    @Requirement({"F-RE-32", "S45"})
    void reserve_idempotencyKeyOfAReleasedCharge_isFree() {
        IdempotencyScope key = new IdempotencyScope("scope", "content");
        Reserved.Held held = (Reserved.Held) await(ledger().reserve(Payments.hold(payments.terms("c1", 5), key)));
        await(ledger().release(held.ref(), ReleaseReason.HANDLER_FAILED, Execution.UNKNOWN));

        assertThat(await(ledger().reserve(Payments.hold(payments.terms("c2", 5), key))))
                .isInstanceOf(Reserved.Held.class);
        assertThat(await(ledger().reserve(Payments.hold(payments.terms("c3", 5), key))))
                .isInstanceOf(Reserved.SameKey.class);
    }

    @Test
    @Requirement({"F-RE-32", "S45"})
    void reserve_refusedForLackOfMoney_leavesTheIdempotencyKeyFree() {
        IdempotencyScope key = new IdempotencyScope("scope", "content");
        await(ledger().reserve(Payments.hold(payments.terms("c1", 5000), key)));

        assertThat(await(ledger().reserve(Payments.hold(payments.terms("c2", 5), key))))
                .isInstanceOf(Reserved.Held.class);
    }
}
