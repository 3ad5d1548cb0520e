package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Payee;
import org.farthing.server.ledger.Payees;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do for a wallet service's register of payees. */
public abstract class PayeeContract extends ServiceKit {

    /** For the store's own test. */
    protected PayeeContract() {}

    @Test
    @Requirement({"F-ST-87"})
    void payees_putFindKeysList() {
        Payees payees = ledger().payees();
        assertThat(await(payees.find(PAYEE))).isEmpty();
        assertThat(await(payees.keys(PAYEE, "{}"))).isEmpty();

        Payees.Put put = await(payees.put(PAYEE, false, Payee.Status.ACTIVE, null));
        Payee fresh = new Payee(PAYEE, Payee.Status.ACTIVE, false, null, null, clock.instant());
        assertThat(put).isEqualTo(new Payees.Put(fresh, true));

        clock.advance(Duration.ofMinutes(1));
        Payee fetched = await(payees.keys(PAYEE, "{\n\"keys\":[]}")).orElseThrow();
        assertThat(fetched.keyDocument()).isEqualTo("{\n\"keys\":[]}");
        assertThat(fetched.fetchedAt()).isEqualTo(clock.instant());
        Payees.Put frozen = await(payees.put(PAYEE, true, Payee.Status.FROZEN, null));
        assertThat(frozen)
                .isEqualTo(new Payees.Put(
                        new Payee(
                                PAYEE,
                                Payee.Status.FROZEN,
                                true,
                                fetched.keyDocument(),
                                fetched.fetchedAt(),
                                fresh.addedAt()),
                        false));
        await(payees.put(SHOP, false, Payee.Status.ACTIVE, "{}"));
        reopen();
        assertThat(await(ledger().payees().list(null, 1))).containsExactly(frozen.payee());
        assertThat(await(ledger().payees().list(PAYEE, 5)))
                .extracting(Payee::origin)
                .containsExactly(SHOP);
        assertThatThrownBy(() -> ledger().payees().keys(PAYEE, "x".repeat(65_537)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
