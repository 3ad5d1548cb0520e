package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.util.List;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.Transfer;
import org.farthing.server.ledger.Transition;
import org.farthing.server.ledger.Wallet;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do about claims: who wins a challenge, and what stands against a hold. */
public abstract class ClaimContract extends ChargeKit {

    /** For the store's own test. */
    protected ClaimContract() {}

    @Test
    @Requirement({"F-ST-10", "T1"})
    void reserve_firstTime_setsMoneyAside() {
        Reserved.Held held = hold("c1", 300);

        assertThat(held.ref().challengeId()).isEqualTo("c1");
        assertThat(held.ref().holdUntil()).isEqualTo(clock.instant().plus(HOLD));
        assertThat(held.charge().state()).isEqualTo(ChargeState.HELD);
        assertThat(held.charge().terms()).isEqualTo(payments.terms("c1", 300));
        assertThat(held.charge().ownerAlive()).isTrue();
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
        assertThat(await(ledger().charge("c1"))).contains(held.charge());
    }

    @Test
    @Requirement({"F-ST-11", "F-RE-1", "T1"})
    void reserve_sameChallengeAgain_isKnownAndMovesNothing() {
        Reserved.Held held = hold("c1", 300);

        Reserved again = await(ledger().reserve(payments.hold("c1", 300)));

        assertThat(again).isEqualTo(new Reserved.Known(held.charge()));
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }

    @Test
    @Requirement({"F-ST-10", "T1"})
    void reserve_samePaymentUnderAnotherChallenge_isUsed() {
        hold("c1", 300);
        ChargeTerms other =
                Payments.terms("c2", "c1", ALICE, 10, clock.instant().plus(VALID));

        assertThat(await(ledger().reserve(Payments.hold(other)))).isEqualTo(new Reserved.PaymentUsed("c1"));
        assertThat(await(ledger().charge("c2"))).isEmpty();
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }

    @Test
    @Requirement({"F-ST-13"})
    void reserve_tooLittleMoney_rollsTheClaimBack() {
        assertThat(await(ledger().reserve(payments.hold("c1", 1001)))).isEqualTo(new Reserved.InsufficientFunds(1000));
        assertThat(await(ledger().charge("c1"))).isEmpty();

        await(ledger().topUp(new TopUp(ALICE, USD, 1, "second")));

        assertThat(await(ledger().reserve(payments.hold("c1", 1001)))).isInstanceOf(Reserved.Held.class);
        assertThat(account()).isEqualTo(new Account(USD, 0, 1001));
    }

    @Test
    @Requirement({"F-ST-54"})
    void reserve_currencyWithoutAccount_hasNothing() {
        ChargeTerms terms = payments.terms("c1", 1);
        ChargeTerms euros =
                new ChargeTerms("c1", "h", "c1", ALICE, PAYEE, "docs", "wallet", "eur.e6", 1, terms.expires(), true);

        assertThat(await(ledger().reserve(Payments.hold(euros)))).isEqualTo(new Reserved.InsufficientFunds(0));
    }

    @Test
    @Requirement({"F-ST-14", "T1"})
    void reserve_expiredChallenge_isExpired_orKnownIfClaimedBefore() {
        HoldRequest late = payments.hold("c2", 1);
        Reserved.Held held = hold("c1", 1);
        clock.advance(VALID);

        assertThat(await(ledger().reserve(late))).isEqualTo(new Reserved.Expired());
        ChargeTerms same = held.charge().terms();
        assertThat(await(ledger().reserve(Payments.hold(same))))
                .isInstanceOfSatisfying(
                        Reserved.Known.class,
                        known -> assertThat(known.charge().terms()).isEqualTo(same));
    }

    @Test
    @Requirement({"F-ST-10", "T41"})
    void reserve_unknownWallet_isRefusedWithoutAClaim() {
        ChargeTerms terms =
                Payments.terms("c1", "c1", "w_nobody", 0, clock.instant().plus(VALID));

        assertThat(await(ledger().reserve(Payments.hold(terms))))
                .isEqualTo(new Reserved.WalletUnusable(Reserved.WalletUnusable.Why.UNKNOWN));
        assertThat(await(ledger().charge("c1"))).isEmpty();
    }

    @Test
    @Requirement({"F-WA-23"})
    void reserve_suspendedWallet_isRefused_andOpenHoldsSettle() {
        HoldRef open = hold("c1", 300).ref();
        await(ledger().setStatus(ALICE, Wallet.Status.SUSPENDED));

        assertThat(await(ledger().reserve(payments.hold("c2", 1))))
                .isEqualTo(new Reserved.WalletUnusable(Reserved.WalletUnusable.Why.SUSPENDED));
        assertThat(await(ledger().capture(open, 300, ANSWER))).isInstanceOf(Transition.Done.class);
    }

    @Test
    @Requirement({"F-ST-10"})
    void reserve_keysChangedSinceTheCheck_isRefusedUntilReadAgain() {
        await(ledger().wallet(ALICE));
        await(ledger().addKey(ALICE, Payments.key("second-key")));

        assertThat(await(ledger().reserve(payments.hold("c1", 1))))
                .isEqualTo(new Reserved.WalletUnusable(Reserved.WalletUnusable.Why.KEY_CHANGED));

        long version = await(ledger().wallet(ALICE)).orElseThrow().version();
        HoldRequest fresh = new HoldRequest(payments.terms("c1", 1), "second-key", version, HOLD, null);
        assertThat(await(ledger().reserve(fresh))).isInstanceOf(Reserved.Held.class);
    }

    @Test
    @Requirement({"F-ST-60", "T68"})
    void reserve_moreHoldsThanAllowed_waitsUntilOneEnds() {
        HoldRef first = hold("c1", 1).ref();
        hold("c2", 1);
        hold("c3", 0);
        await(ledger().chargeUpfront(payments.hold("c4", 1)));

        assertThat(await(ledger().reserve(payments.hold("c5", 1)))).isInstanceOf(Reserved.TooManyHolds.class);
        assertThat(await(ledger().charge("c5"))).isEmpty();

        await(ledger().capture(first, 1, ANSWER));
        assertThat(await(ledger().reserve(payments.hold("c5", 1)))).isInstanceOf(Reserved.Held.class);
    }

    @Test
    @Requirement({"F-ST-60", "T68"})
    void reserve_afterTooManyReleases_waitsForTheNextMinute() {
        clock.advance(Duration.ofSeconds(15));
        for (int i = 0; i < 3; i++) {
            HoldRef ref = hold("c" + i, i).ref();
            await(ledger().release(ref, ReleaseReason.STATUS_NOT_CHARGED, Execution.YES));
        }

        assertThat(await(ledger().reserve(payments.hold("c9", 1))))
                .isEqualTo(new Reserved.TooManyReleases(Duration.ofSeconds(45)));

        clock.advance(Duration.ofSeconds(45));
        assertThat(await(ledger().reserve(payments.hold("c9", 1)))).isInstanceOf(Reserved.Held.class);
    }

    @Test
    @Requirement({"F-ST-16"})
    void reserve_zeroAmount_isAClaimWithoutTransfers() {
        HoldRef ref = hold("c1", 0).ref();
        assertThat(await(ledger().capture(ref, 0, ANSWER))).isInstanceOf(Transition.Done.class);

        assertThat(await(ledger().reserve(payments.hold("c1", 0)))).isInstanceOf(Reserved.Known.class);
        assertThat(kinds()).containsExactly(Transfer.Kind.TOP_UP);
    }

    @Test
    @Requirement({"F-ST-11", "T1", "T2", "T3"})
    void reserve_fiftyThreadsOneChallenge_oneWins() throws Exception {
        HoldRequest request = payments.hold("c1", 300);

        List<Reserved> all = race(50, i -> ledger().reserve(request));

        assertThat(all).filteredOn(Reserved.Held.class::isInstance).hasSize(1);
        assertThat(all).filteredOn(Reserved.Known.class::isInstance).hasSize(49);
        assertThat(account()).isEqualTo(new Account(USD, 700, 300));
    }

    @Test
    @Requirement({"F-ST-51", "T3", "T29"})
    void reserve_manyThreadsMoreThanTheWalletHas_neverBelowZero() throws Exception {
        List<Reserved> all = race(20, i -> ledger().chargeUpfront(payments.hold("c" + i, 400)));

        assertThat(all).filteredOn(Reserved.Held.class::isInstance).hasSize(2);
        assertThat(account()).isEqualTo(new Account(USD, 200, 0));
    }
}
