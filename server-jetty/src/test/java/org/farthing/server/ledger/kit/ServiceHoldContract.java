package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.util.List;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.PaymentHold;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.Transfer;
import org.farthing.server.ledger.Vouched;
import org.farthing.server.ledger.VouchedPayment;
import org.farthing.server.ledger.VouchedPayment.State;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do when a wallet service vouches: one payment for one challenge of one payee. */
public abstract class ServiceHoldContract extends ServiceKit {

    /** For the store's own test. */
    protected ServiceHoldContract() {}

    @Test
    @Requirement({"F-ST-80", "F-ST-81"})
    void hold_firstTime_setsMoneyAsideAndKeepsTheToken() {
        PaymentHold request = payments.vouched("c1", 300);

        Vouched.Held held = (Vouched.Held) await(ledger().payments().hold(request));

        assertThat(held.token()).isEqualTo(request.token());
        VouchedPayment payment = held.payment();
        assertThat(payment)
                .isEqualTo(new VouchedPayment(
                        ALICE,
                        PAYEE,
                        "c1",
                        request.tokenId(),
                        USD,
                        300,
                        0,
                        0,
                        State.HELD,
                        clock.instant(),
                        request.expires(),
                        request.holdExpires()));
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
        assertThat(find("c1")).isEqualTo(payment);
        Transfer hold = await(ledger().statement(ALICE, null, 1)).transfers().get(0);
        assertThat(hold.kind()).isEqualTo(Transfer.Kind.HOLD);
        assertThat(hold.challengeId()).isEqualTo("c1");
        assertThat(await(ledger().charge("c1"))).isEmpty();
    }

    @Test
    @Requirement({"F-ST-81", "T71"})
    void hold_sameOrderAgain_givesTheFirstToken() {
        PaymentHold request = payments.vouched("c1", 300);
        Vouched.Held held = (Vouched.Held) await(ledger().payments().hold(request));
        clock.advance(Duration.ofSeconds(10));
        reopen();

        Vouched again = await(ledger().payments().hold(another(request, ALICE, request.orderHash(), "t-new")));

        assertThat(again).isEqualTo(new Vouched.Known(held.payment(), request.token()));
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }

    @Test
    @Requirement({"F-ST-81"})
    void hold_otherOrderOrWallet_learnsNothing() {
        await(ledger().register(Payments.registration(BOB)));
        PaymentHold request = payments.vouched("c1", 300);
        await(ledger().payments().hold(request));

        assertThat(await(ledger().payments().hold(another(request, ALICE, "other order", "t-new"))))
                .isEqualTo(new Vouched.OtherOrder());
        assertThat(await(ledger().payments().hold(another(request, BOB, request.orderHash(), "t-new"))))
                .isEqualTo(new Vouched.OtherOrder());
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
        assertThat(await(ledger().payments().find(BOB, "c1"))).isEmpty();
    }

    @Test
    @Requirement({"F-ST-81", "T5"})
    void hold_sameChallengeIdOfAnotherPayee_isAnotherPayment() {
        hold("c1", 300);

        assertThat(await(ledger().payments().hold(payments.vouched(ALICE, SHOP, "c1", 100))))
                .isInstanceOf(Vouched.Held.class);
        assertThat(await(ledger().payments().find(ALICE, "c1")))
                .extracting(VouchedPayment::recipient)
                .containsExactly(PAYEE, SHOP);
        assertThat(await(ledger().statement(ALICE, null, 2)).transfers())
                .extracting(Transfer::challengeId)
                .containsExactly("c1", "c1");
    }

    @Test
    @Requirement({"F-ST-81"})
    void hold_tokenIdUsedBefore_isRefused() {
        PaymentHold first = hold("c1", 300);
        PaymentHold request = payments.vouched(ALICE, PAYEE, "c2", first.tokenId(), USD, 100);

        assertThat(await(ledger().payments().hold(request)))
                .isInstanceOfSatisfying(
                        Vouched.Refused.class,
                        refused -> assertThat(refused.why()).isInstanceOf(Reserved.PaymentUsed.class));
        assertThat(await(ledger().payments().find(ALICE, "c2"))).isEmpty();
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }

    @Test
    @Requirement({"F-ST-80", "F-ST-13"})
    void hold_refused_writesNothing() {
        assertThat(refusal(payments.vouched("c1", 1001))).isEqualTo(new Reserved.InsufficientFunds(1000));
        assertThat(refusal(payments.vouched("w_nobody", PAYEE, "c1", 1)))
                .isEqualTo(new Reserved.WalletUnusable(Reserved.WalletUnusable.Why.UNKNOWN));
        PaymentHold late = payments.vouched("c1", 1);
        clock.advance(VALID);
        assertThat(refusal(late)).isEqualTo(new Reserved.Expired());
        await(ledger().setFrozen(ALICE, true));
        assertThat(refusal(payments.vouched("c1", 1)))
                .isEqualTo(new Reserved.WalletUnusable(Reserved.WalletUnusable.Why.FROZEN));
        await(ledger().setFrozen(ALICE, false));
        assertThat(refusal(payments.vouched("c1", 1)))
                .isEqualTo(new Reserved.WalletUnusable(Reserved.WalletUnusable.Why.KEY_CHANGED));

        assertThat(await(ledger().payments().find(ALICE, "c1"))).isEmpty();
        assertThat(kinds()).containsExactly(Transfer.Kind.TOP_UP);
    }

    @Test
    @Requirement({"F-ST-60", "F-ST-86", "T68"})
    void hold_moreThanAllowed_waitsUntilOneIsCollected() {
        PaymentHold first = hold("c0", 1);
        for (int i = 1; i < 20; i++) {
            hold("c" + i, 1);
        }

        assertThat(refusal(payments.vouched("c20", 1))).isInstanceOf(Reserved.TooManyHolds.class);
        settle(capture(first, 1));
        assertThat(await(ledger().payments().hold(payments.vouched("c20", 1)))).isInstanceOf(Vouched.Held.class);
    }

    @Test
    @Requirement({"F-ST-81", "T1"})
    void hold_manyThreadsOneOrder_oneIsHeldAndAllGetItsToken() throws Exception {
        PaymentHold request = payments.vouched("c1", 300);

        List<Vouched> all = race(
                20,
                i -> ledger().payments()
                        .hold(another(request, ALICE, i % 4 == 0 ? "another order" : request.orderHash(), "t" + i)));

        Vouched.Held held = (Vouched.Held)
                all.stream().filter(Vouched.Held.class::isInstance).findFirst().orElseThrow();
        assertThat(all).filteredOn(Vouched.Held.class::isInstance).hasSize(1);
        assertThat(all)
                .filteredOn(Vouched.Known.class::isInstance)
                .allSatisfy(one -> assertThat(((Vouched.Known) one).token()).isEqualTo(held.token()));
        assertThat(all).filteredOn(Vouched.Refused.class::isInstance).isEmpty();
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }
}
