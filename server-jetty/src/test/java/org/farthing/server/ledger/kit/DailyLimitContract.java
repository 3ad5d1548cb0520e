package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.DailyLimit;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.PaymentHold;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SettleItem;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.Transition;
import org.farthing.server.ledger.Vouched;
import org.farthing.server.ledger.Wallet;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.server.ledger.WalletResult;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do for what an owner sets on a wallet: daily limits, freezing, the recovery key. */
public abstract class DailyLimitContract extends LedgerKit {

    private static final String EVE = "w_eve";
    private static final Instant MIDNIGHT = Instant.parse("2026-11-23T00:00:00Z");
    private static final WalletKey RECOVERY = Payments.key("recovery-of-eve");

    /** For the store's own test. */
    protected DailyLimitContract() {}

    @Override
    protected LedgerOptions.Builder with(LedgerOptions.Builder options) {
        return super.with(options).maxHolds(100).releasesPerMinute(100);
    }

    @BeforeEach
    final void openEvesWallet() {
        await(ledger().register(new WalletRegistration(
                EVE, Payments.key("key-of-" + EVE), RECOVERY, Map.of("usd", "5.00", "unit:pages", "3"))));
        for (String currency : List.of("usd", "usd.e4", "usd.e6", "eur", "unit:pages")) {
            await(ledger().topUp(new TopUp(EVE, currency, 100_000_000, currency)));
        }
    }

    // ---- what counts

    @Test
    @Requirement({"F-ST-90", "T78"})
    void reserve_allCurrencyIdsOfACode_countTogetherExactly() {
        hold("c1", "usd", 300);
        hold("c2", "usd.e4", 19_999);
        assertThat(spent("usd")).isEqualTo("4.9999");

        assertThat(reserve("c3", "usd.e6", 101)).isEqualTo(new Reserved.LimitExceeded("usd", "5.00", MIDNIGHT));
        assertThat(await(ledger().charge("c3"))).isEmpty();
        assertThat(reserve("c3", "usd.e6", 100)).isInstanceOf(Reserved.Held.class);
        assertThat(spent("usd")).isEqualTo("5.00");
        assertThat(reserve("c4", "usd.e6", 1)).isInstanceOf(Reserved.LimitExceeded.class);
        assertThat(reserve("c4", "usd", 0)).isInstanceOf(Reserved.Held.class);
        assertThat(reserve("c5", "eur", 100_000)).isInstanceOf(Reserved.Held.class);
    }

    @Test
    @Requirement({"F-ST-90", "T78"})
    void reserve_units_haveALimitOfTheirOwn() {
        hold("c1", "unit:pages", 3);

        assertThat(reserve("c2", "unit:pages", 1)).isEqualTo(new Reserved.LimitExceeded("unit:pages", "3", MIDNIGHT));
        assertThat(await(ledger().limits(EVE)))
                .containsExactly(
                        new DailyLimit("unit:pages", "3", "3", MIDNIGHT),
                        new DailyLimit("usd", "5.00", "0.00", MIDNIGHT));
    }

    @Test
    @Requirement({"F-ST-91"})
    void release_andWhatIsNotCaptured_countNoLonger() {
        HoldRef first = hold("c1", "usd", 200);
        HoldRef second = hold("c2", "usd", 300);

        await(ledger().release(first, ReleaseReason.WAIVED, Execution.YES));
        assertThat(spent("usd")).isEqualTo("3.00");
        await(ledger().capture(second, 120, ANSWER));
        assertThat(spent("usd")).isEqualTo("1.20");
        await(ledger().refund(new RefundRequest("c2", 120, "r1", "goodwill")));
        assertThat(spent("usd")).isEqualTo("1.20");
        hold("c3", "usd", 380);
        clock.advance(HOLD.plusMillis(1));
        await(ledger().sweep());
        assertThat(spent("usd")).isEqualTo("1.20");
    }

    @Test
    @Requirement({"F-ST-91"})
    void chargeUpfront_countsUnlessItIsNeverDelivered() {
        HoldRef delivered = upfront("c1", 100);
        HoldRef failed = upfront("c2", 100);
        upfront("c3", 100);
        upfront("c4", 100);
        await(ledger().delivered(delivered, ANSWER));
        assertThat(spent("usd")).isEqualTo("4.00");

        await(ledger().refund(new RefundRequest("c2", 40, "r1", "goodwill")));
        await(ledger().refundUndelivered(failed, ReleaseReason.HANDLER_FAILED, Execution.YES));
        await(ledger().refund(new RefundRequest("c3", 100, "r1", "goodwill")));
        clock.advance(HOLD.plusMillis(1));
        await(ledger().sweep());

        assertThat(spent("usd")).isEqualTo("1.00");
    }

    @Test
    @Requirement({"F-ST-91"})
    void reserve_atMidnight_theDayIsFresh_andAnOldReleaseGivesTheNewDayNothing() {
        clock.advance(Duration.between(clock.instant(), MIDNIGHT).minusSeconds(1));
        HoldRef yesterday = hold("c1", "usd", 500);
        clock.advance(Duration.ofSeconds(1));

        hold("c2", "usd", 400);
        await(ledger().release(yesterday, ReleaseReason.WAIVED, Execution.YES));

        assertThat(spent("usd")).isEqualTo("4.00");
        assertThat(reserve("c3", "usd", 101))
                .isEqualTo(new Reserved.LimitExceeded("usd", "5.00", MIDNIGHT.plus(Duration.ofDays(1))));
    }

    @Test
    @Requirement({"F-ST-91"})
    void reserve_clockSetBackOverMidnight_forgetsNoDay() {
        clock.advance(Duration.between(clock.instant(), MIDNIGHT).minusSeconds(1));
        hold("c1", "usd", 300);
        clock.advance(Duration.ofSeconds(1));
        hold("c2", "usd", 400);
        clock.advance(Duration.ofSeconds(-1));

        assertThat(reserve("c3", "usd", 201)).isInstanceOf(Reserved.LimitExceeded.class);
        hold("c3", "usd", 200);
        clock.advance(Duration.ofSeconds(1));
        assertThat(reserve("c4", "usd", 101)).isInstanceOf(Reserved.LimitExceeded.class);
        hold("c4", "usd", 100);
    }

    @Test
    @Requirement({"F-ST-90", "F-ST-80"})
    void hold_byAWalletService_countsAlike() {
        PaymentHold first = payments.vouched(EVE, PAYEE, "c1", "t1", "usd", 300);
        await(ledger().payments().hold(first));
        assertThat(await(ledger().payments().hold(payments.vouched(EVE, PAYEE, "c2", "t2", "usd", 201))))
                .isEqualTo(new Vouched.Refused(new Reserved.LimitExceeded("usd", "5.00", MIDNIGHT)));
        assertThat(await(ledger().payments().find(EVE, "c2"))).isEmpty();

        await(ledger().payments().settle(PAYEE, List.of(new SettleItem("t1", 100L, null))));

        assertThat(spent("usd")).isEqualTo("1.00");
        assertThat(await(ledger().payments().hold(payments.vouched(EVE, PAYEE, "c2", "t2", "usd", 201))))
                .isInstanceOf(Vouched.Held.class);
    }

    @Test
    @Requirement({"F-ST-90", "T78"})
    void reserve_manyThreads_neverAboveTheLimit() throws Exception {
        List<Reserved> all = race(
                16,
                i -> ledger().reserve(Payments.hold(
                        terms("c" + i, i % 2 == 0 ? "usd" : "usd.e4", i % 2 == 0 ? 100 : 10_000))));

        assertThat(all).filteredOn(Reserved.Held.class::isInstance).hasSize(5);
        assertThat(spent("usd")).isEqualTo("5.00");
    }

    // ---- who may change what

    @Test
    @Requirement({"F-ST-92"})
    void setLimit_lowersFreely_raisesAndRemovesOnlyIfAllowed() {
        assertThat(await(ledger().setLimit(EVE, "usd", "5.01", false))).isInstanceOf(WalletResult.Refused.class);
        assertThat(await(ledger().setLimit(EVE, "usd", null, false))).isInstanceOf(WalletResult.Refused.class);
        assertThat(await(ledger().setLimit(EVE, "usd", "5", false))).isInstanceOf(WalletResult.Unchanged.class);
        assertThat(await(ledger().setLimit(EVE, "usd", "1.5", false))).isInstanceOf(WalletResult.Changed.class);
        assertThat(reserve("c1", "usd", 151)).isEqualTo(new Reserved.LimitExceeded("usd", "1.50", MIDNIGHT));
        assertThat(await(ledger().setLimit(EVE, "usd", "2", true))).isInstanceOf(WalletResult.Changed.class);
        hold("c1", "usd", 200);
        assertThat(await(ledger().setLimit(EVE, "usd", null, true))).isInstanceOf(WalletResult.Changed.class);
        assertThat(await(ledger().setLimit(EVE, "usd", null, false))).isInstanceOf(WalletResult.Unchanged.class);
        assertThat(await(ledger().limits(EVE))).extracting(DailyLimit::code).containsExactly("unit:pages");
        hold("c2", "usd", 10_000);
        assertThat(await(ledger().setLimit("w_nobody", "usd", "1", true))).isEqualTo(new WalletResult.Unknown());
        for (String bad : List.of("-1", "1,00", "", "1e3", "0.0000000000001")) {
            assertThatThrownBy(() -> ledger().setLimit(EVE, "usd", bad, true))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> ledger().setLimit(EVE, "usd.e6", "1", true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger().setLimit(EVE, "unit:pages", "1.5", true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-ST-92"})
    void setLimit_firstOfADay_countsWhatWasSpentBefore() {
        await(ledger().setLimit(EVE, "usd", null, true));
        await(ledger().capture(hold("c1", "usd", 300), 200, ANSWER));
        hold("c2", "usd.e6", 500_000);
        await(ledger().release(hold("c3", "usd", 700), ReleaseReason.WAIVED, Execution.YES));
        HoldRef last = hold("c4", "usd", 30);

        assertThat(await(ledger().setLimit(EVE, "usd", "2.80", false))).isInstanceOf(WalletResult.Changed.class);

        assertThat(spent("usd")).isEqualTo("2.80");
        assertThat(reserve("c5", "usd", 1)).isInstanceOf(Reserved.LimitExceeded.class);
        await(ledger().release(last, ReleaseReason.WAIVED, Execution.YES));
        assertThat(spent("usd")).isEqualTo("2.50");
        reopen();
        assertThat(reserve("c5", "usd", 30)).isInstanceOf(Reserved.Held.class);
    }

    @Test
    @Requirement({"F-ST-92"})
    void register_again_changesNeitherLimitsNorRecoveryKey() {
        Wallet eve = await(ledger().wallet(EVE)).orElseThrow();
        assertThat(eve.recovery()).isEqualTo(RECOVERY);

        WalletResult again = await(ledger().register(new WalletRegistration(
                EVE, Payments.key("key-of-" + EVE), Payments.key("another"), Map.of("usd", "500"))));

        assertThat(again).isEqualTo(new WalletResult.Unchanged(eve));
        assertThat(await(ledger().limits(EVE))).extracting(DailyLimit::perDay).containsExactly("3", "5.00");
    }

    @Test
    @Requirement({"F-ST-93"})
    void addKey_theRecoveryKey_isRefused() {
        assertThat(await(ledger().addKey(EVE, RECOVERY))).isInstanceOf(WalletResult.Refused.class);
        assertThat(await(ledger().wallet(EVE)).orElseThrow().key(RECOVERY.thumbprint()))
                .isEmpty();
        WalletKey key = Payments.key("k");
        assertThatThrownBy(() -> new WalletRegistration("w_1", key, key, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-ST-93", "F-WA-23"})
    void setFrozen_stopsNewHolds_andASuspensionIsAnotherStop() {
        HoldRef open = hold("c1", "usd", 1);
        Wallet frozen = ((WalletResult.Changed) await(ledger().setFrozen(EVE, true))).wallet();
        assertThat(frozen.status()).isEqualTo(Wallet.Status.FROZEN);
        assertThat(frozen.version()).isEqualTo(2);
        assertThat(await(ledger().setFrozen(EVE, true))).isEqualTo(new WalletResult.Unchanged(frozen));
        assertThat(reserve("c2", "usd", 1)).isEqualTo(new Reserved.WalletUnusable(Reserved.WalletUnusable.Why.FROZEN));
        assertThat(await(ledger().capture(open, 1, ANSWER))).isInstanceOf(Transition.Done.class);

        await(ledger().setStatus(EVE, Wallet.Status.SUSPENDED));
        assertThat(status()).isEqualTo(Wallet.Status.SUSPENDED);
        assertThat(reserve("c2", "usd", 1))
                .isEqualTo(new Reserved.WalletUnusable(Reserved.WalletUnusable.Why.SUSPENDED));
        await(ledger().setFrozen(EVE, false));
        assertThat(status()).isEqualTo(Wallet.Status.SUSPENDED);
        await(ledger().setFrozen(EVE, true));
        await(ledger().setStatus(EVE, Wallet.Status.ACTIVE));
        assertThat(status()).isEqualTo(Wallet.Status.FROZEN);
        await(ledger().setFrozen(EVE, false));
        assertThat(status()).isEqualTo(Wallet.Status.ACTIVE);

        assertThat(await(ledger().setFrozen("w_nobody", true))).isEqualTo(new WalletResult.Unknown());
        assertThatThrownBy(() -> ledger().setStatus(EVE, Wallet.Status.FROZEN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-WA-22"})
    void purge_walletNeverToppedUp_goesWithItsLimits() {
        await(ledger().register(new WalletRegistration("w_empty", Payments.key("k"), null, Map.of("usd", "1"))));
        clock.advance(Duration.ofDays(31));

        assertThat(await(ledger().purge()).wallets()).isEqualTo(1);
        assertThat(await(ledger().limits("w_empty"))).isEmpty();
    }

    // ---- helpers

    private ChargeTerms terms(String challengeId, String currency, long amount) {
        return new ChargeTerms(
                challengeId,
                "hash",
                challengeId,
                EVE,
                PAYEE,
                "docs",
                "wallet",
                currency,
                amount,
                clock.instant().plus(VALID),
                true);
    }

    private Reserved reserve(String challengeId, String currency, long amount) {
        return await(ledger().reserve(versioned(terms(challengeId, currency, amount))));
    }

    private HoldRequest versioned(ChargeTerms terms) {
        long version = await(ledger().wallet(EVE)).orElseThrow().version();
        return new HoldRequest(terms, "key-of-" + EVE, version, HOLD, null);
    }

    private HoldRef hold(String challengeId, String currency, long amount) {
        return ((Reserved.Held) reserve(challengeId, currency, amount)).ref();
    }

    private HoldRef upfront(String challengeId, long amount) {
        return ((Reserved.Held) await(ledger().chargeUpfront(versioned(terms(challengeId, "usd", amount))))).ref();
    }

    private String spent(String code) {
        return await(ledger().limits(EVE)).stream()
                .filter(limit -> limit.code().equals(code))
                .findFirst()
                .orElseThrow()
                .spent();
    }

    private Wallet.Status status() {
        return await(ledger().wallet(EVE)).orElseThrow().status();
    }
}
