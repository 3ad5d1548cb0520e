package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Income;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Statement;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.TopUpResult;
import org.farthing.server.ledger.Transfer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do about money that comes in, and what the books say of it. */
public abstract class StatementContract extends ChargeKit {

    /** For the store's own test. */
    protected StatementContract() {}

    @Test
    @Requirement({"F-WA-26"})
    void topUp_sameKeyAgain_movesNothing() {
        assertThat(await(ledger().topUp(new TopUp(ALICE, USD, 1000, "first"))))
                .isEqualTo(new TopUpResult.Repeated(new Account(USD, 1000, 0)));
        assertThat(await(ledger().topUp(new TopUp(ALICE, USD, 1001, "first"))))
                .isEqualTo(new TopUpResult.KeyConflict());
        assertThat(await(ledger().topUp(new TopUp(ALICE, "eur.e6", 1000, "first"))))
                .isEqualTo(new TopUpResult.KeyConflict());
        assertThat(await(ledger().topUp(new TopUp("w_nobody", USD, 1, "first"))))
                .isEqualTo(new TopUpResult.UnknownWallet());
        assertThat(await(ledger().accounts(ALICE))).containsExactly(new Account(USD, 1000, 0));
    }

    @Test
    @Requirement({"F-WA-26", "T28", "T29"})
    void topUp_beyondTheLargestAmount_isRefused() {
        hold("c1", 400);
        long room = Payments.MOST - 1000;

        assertThat(await(ledger().topUp(new TopUp(ALICE, USD, room + 1, "too much"))))
                .isEqualTo(new TopUpResult.TooMuch(new Account(USD, 600, 400)));
        assertThat(await(ledger().topUp(new TopUp(ALICE, USD, room, "all")))).isInstanceOf(TopUpResult.Credited.class);
        assertThat(account()).isEqualTo(new Account(USD, Payments.MOST - 400, 400));
    }

    @Test
    @Requirement({"F-WA-24"})
    void statement_pages_newestFirst() {
        for (int i = 0; i < 4; i++) {
            await(ledger().topUp(new TopUp(ALICE, USD, 1 + i, "more-" + i)));
        }

        Statement first = await(ledger().statement(ALICE, null, 2));
        Statement second = await(ledger().statement(ALICE, first.next(), 2));
        Statement third = await(ledger().statement(ALICE, second.next(), 2));

        List<Transfer> all = new ArrayList<>(first.transfers());
        all.addAll(second.transfers());
        all.addAll(third.transfers());
        assertThat(all).extracting(Transfer::amount).containsExactly(4L, 3L, 2L, 1L, 1000L);
        assertThat(third.next()).isNull();
        assertThatThrownBy(() -> ledger().statement(ALICE, null, 1001)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void income_sumsByPayeeCurrencyAndMethodWithinThePeriod() {
        var before = clock.instant();
        await(ledger().capture(hold("c1", 300).ref(), 300, ANSWER));
        clock.advance(Duration.ofSeconds(1));
        await(ledger().capture(hold("c2", 200).ref(), 100, ANSWER));
        refund("c1", 50, "r1");
        var after = clock.instant();

        assertThat(await(ledger().income(before, after.plusMillis(1))))
                .containsExactly(new Income(PAYEE, USD, "wallet", 400, 50, 2));
        assertThat(await(ledger().income(before, after))).containsExactly(new Income(PAYEE, USD, "wallet", 300, 0, 1));
        assertThat(await(ledger().income(after.plusMillis(1), after.plusSeconds(1))))
                .isEmpty();
    }
}
