package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.TOO_LARGE;
import static org.farthing.server.ledger.kit.Payments.await;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.DailyLimit;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.PurgeReport;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SweepReport;
import org.farthing.server.ledger.TakeOver;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.Wallet;
import org.farthing.server.ledger.kit.ProgramStep.Verb;
import org.jspecify.annotations.Nullable;

/** One random program on a ledger and on the model, side by side. */
final class ModelRun implements AutoCloseable {

    private static final List<String> CURRENCIES = List.of(LedgerModel.COUNTED, "unit:credits");

    /** A node lives a year in these tests. */
    private static final Duration MOST = Duration.ofDays(300);

    private final LedgerProperties store;
    private final TestClock clock = new TestClock();
    private final LedgerModel model = new LedgerModel(clock.instant());
    private final Map<String, List<HoldRef>> refs = new HashMap<>();
    private final Map<String, ChargeTerms> asked = new HashMap<>();
    private final int[] generation = new int[ProgramStep.CHARGES + 2];
    private final LedgerOptions options = options(clock);
    private Duration passed = Duration.ZERO;
    private Ledger ledger;

    ModelRun(LedgerProperties store) {
        this.store = store;
        this.ledger = store.open(options, true);
    }

    static LedgerOptions options(TestClock clock) {
        return LedgerOptions.builder(ForkJoinPool.commonPool())
                .clock(clock)
                .nodeLease(LedgerKit.A_YEAR)
                .maxHolds(1000)
                .releasesPerMinute(1000)
                .build();
    }

    /** Every step may be done twice: what has a key, a challenge or a fence must then move nothing. */
    void step(ProgramStep step) {
        act(step);
        if (step.twice()) {
            act(step);
        }
    }

    private void act(ProgramStep step) {
        String wallet = "w_" + step.wallet();
        String challenge = "c" + step.charge() + "." + generation[step.charge()];
        switch (step.verb()) {
            case REGISTER -> same(model.register(wallet), ledger.register(Payments.registration(wallet)));
            case TOP_UP, SUSPEND, FREEZE, LIMIT -> change(step, wallet);
            case HOLD, UPFRONT -> reserve(step, challenge, wallet);
            case TAKE_OVER -> takeOver(challenge, step.odd());
            case REFUND -> {
                String key = "r" + step.wallet();
                long amount = step.amount() + 1L;
                same(
                        model.refund(challenge, amount, key),
                        ledger.refund(new RefundRequest(challenge, amount, key, "goodwill")));
            }
            case ADVANCE -> pass(Duration.ofSeconds(step.amount()));
            case WAIT_HOURS -> pass(Duration.ofHours(step.amount() / 2));
            case WAIT_DAYS -> pass(Duration.ofDays(step.amount()));
            case SWEEP -> {
                SweepReport report = await(ledger.sweep());
                assertThat(report.released() + report.refunded()).isEqualTo(model.sweep());
            }
            case PURGE -> {
                if (step.odd() && pass(Duration.ofMillis(model.untilTheNextEdge()))) {
                    purge();
                    pass(Duration.ofMillis(1));
                }
                purge();
            }
            case REOPEN -> {
                ledger.close();
                model.reopen();
                ledger = store.open(options, false);
            }
            case CRASH -> {
                model.reopen();
                ledger = store.crash(ledger, options);
            }
            default -> transition(step, challenge);
        }
    }

    private void change(ProgramStep step, String wallet) {
        boolean odd = step.odd();
        switch (step.verb()) {
            case TOP_UP -> {
                TopUp topUp = new TopUp(wallet, currency(step), step.amount() + 1L, "k" + step.charge());
                same(
                        model.topUp(wallet, topUp.currency(), topUp.amount(), topUp.idempotencyKey()),
                        ledger.topUp(topUp));
            }
            case SUSPEND ->
                same(
                        model.suspend(wallet, odd),
                        ledger.setStatus(wallet, odd ? Wallet.Status.SUSPENDED : Wallet.Status.ACTIVE));
            case FREEZE -> same(model.freeze(wallet, odd), ledger.setFrozen(wallet, odd));
            default -> {
                Long limit = step.amount() < 10 ? null : step.amount() * 3L;
                String perDay = limit == null ? null : perDay(limit);
                same(model.limit(wallet, limit, odd), ledger.setLimit(wallet, LedgerModel.LIMITED, perDay, odd));
            }
        }
    }

    private static String currency(ProgramStep step) {
        return CURRENCIES.get(step.odd() ? 1 : 0);
    }

    private static String perDay(long limit) {
        return BigDecimal.valueOf(limit, 6).toPlainString();
    }

    private boolean pass(Duration by) {
        if (by.isNegative() || passed.plus(by).compareTo(MOST) > 0) {
            return false;
        }
        passed = passed.plus(by);
        clock.advance(by);
        model.advance(by.toMillis());
        return true;
    }

    private void reserve(ProgramStep step, String challenge, String wallet) {
        boolean upfront = step.verb() == Verb.UPFRONT;
        Instant expires = clock.instant().plus(Duration.ofHours(1));
        // A challenge is what it was when it was first seen.
        ChargeTerms terms =
                asked.computeIfAbsent(challenge, id -> terms(id, wallet, currency(step), step.amount(), expires));
        String expected = model.reserve(
                challenge,
                terms.wallet(),
                terms.currency(),
                terms.amount(),
                upfront,
                terms.expires().toEpochMilli());
        Reserved reserved = reserve(terms, upfront);
        assertThat(reserved.getClass().getSimpleName()).isEqualTo(expected);
        if (reserved instanceof Reserved.Held held) {
            refs.computeIfAbsent(challenge, unused -> new ArrayList<>()).add(held.ref());
        } else if (reserved instanceof Reserved.Expired) {
            generation[step.charge()]++;
        }
    }

    private Reserved reserve(ChargeTerms terms, boolean upfront) {
        long version = await(ledger.wallet(terms.wallet())).map(Wallet::version).orElse(1L);
        HoldRequest request = new HoldRequest(terms, "key-of-" + terms.wallet(), version, HOLD, null);
        return await(upfront ? ledger.chargeUpfront(request) : ledger.reserve(request));
    }

    static ChargeTerms terms(String challenge, String wallet, String currency, long amount, Instant expires) {
        return new ChargeTerms(
                challenge,
                "hash-" + challenge,
                challenge,
                wallet,
                PAYEE,
                "docs",
                "wallet",
                currency,
                amount,
                expires,
                true);
    }

    private void takeOver(String challenge, boolean sameBytes) {
        String expected = model.takeOver(challenge, sameBytes);
        TakeOver result = await(ledger.takeOver(challenge, sameBytes ? "hash-" + challenge : "other", HOLD));
        assertThat(result.getClass().getSimpleName()).isEqualTo(expected);
        if (result instanceof TakeOver.Taken taken) {
            refs.computeIfAbsent(challenge, unused -> new ArrayList<>()).add(taken.ref());
        }
    }

    /** What is gone cannot be bought again with what bought it, and its place is free for another. */
    private void purge() {
        LedgerModel.Purged expected = model.purge();
        PurgeReport report = await(ledger.purge());
        assertThat(report.charges()).isEqualTo(expected.charges().size());
        assertThat(report.wallets()).isEqualTo(expected.wallets());
        assertThat(report.more()).isFalse();
        for (String challenge : expected.charges()) {
            ChargeTerms terms = Objects.requireNonNull(asked.get(challenge));
            assertThat(reserve(terms, false)).isEqualTo(new Reserved.Expired());
            generation[Integer.parseInt(challenge.substring(1, challenge.indexOf('.')))]++;
        }
    }

    /** Uses any reference this charge ever gave out: the old ones must move nothing. */
    private void transition(ProgramStep step, String challenge) {
        List<HoldRef> known = refs.getOrDefault(challenge, List.of());
        LedgerModel.@Nullable Entry entry = model.find(challenge);
        if (known.isEmpty() || entry == null) {
            return;
        }
        HoldRef ref = known.get(step.odd() ? 0 : known.size() - 1);
        long fence = ref.fence();
        long part = step.verb() == Verb.CAPTURE ? entry.amount : Math.min(step.amount(), entry.amount);
        switch (step.verb()) {
            case RENEW -> same(model.renew(challenge, fence), ledger.renew(ref, HOLD));
            case CAPTURE, CAPTURE_PART ->
                same(model.capture(challenge, fence, part), ledger.capture(ref, part, step.odd() ? ANSWER : TOO_LARGE));
            case RELEASE ->
                same(
                        model.release(challenge, fence),
                        ledger.release(ref, ReleaseReason.STATUS_NOT_CHARGED, Execution.YES));
            case DELIVERED -> same(model.delivered(challenge, fence), ledger.delivered(ref, ANSWER));
            case REFUND_UNDELIVERED ->
                same(
                        model.refundUndelivered(challenge, fence),
                        ledger.refundUndelivered(ref, ReleaseReason.UNDELIVERED, Execution.YES));
            default -> throw new AssertionError(step.verb());
        }
    }

    private <T> void same(String expected, CompletionStage<T> stage) {
        assertThat(await(stage).getClass().getSimpleName()).isEqualTo(expected);
    }

    void booksAreEqual() {
        model.wallets.forEach(this::walletIsEqual);
        model.charges.forEach((id, entry) -> {
            Charge charge = await(ledger.charge(id)).orElseThrow();
            assertThat(charge.state()).isEqualTo(entry.state);
            assertThat(charge.captured()).isEqualTo(entry.captured).isLessThanOrEqualTo(entry.amount);
            assertThat(charge.refunded()).isEqualTo(entry.refunded).isLessThanOrEqualTo(entry.captured);
            assertThat(charge.fence()).isEqualTo(entry.fence);
        });
        CheckReport report = await(ledger.check());
        assertThat(report.findings()).isEmpty();
        assertThat(report.totals()).allMatch(total -> total.sum() == 0);
        assertThat(report.charges()).isEqualTo(model.charges.size());
    }

    private void walletIsEqual(String wallet, LedgerModel.Purse purse) {
        Map<String, List<Long>> expected = new HashMap<>();
        purse.accounts.forEach((currency, sums) -> expected.put(currency, List.of(sums[0], sums[1])));
        Map<String, List<Long>> actual = new HashMap<>();
        for (Account one : await(ledger.accounts(wallet))) {
            assertThat(one.available()).isNotNegative();
            assertThat(one.held()).isNotNegative();
            actual.put(one.currency(), List.of(one.available(), one.held()));
        }
        assertThat(actual).isEqualTo(expected);
        assertThat(await(ledger.statement(wallet, null, 1000)).transfers())
                .extracting(one -> one.kind() + " " + one.amount() + " " + one.currency())
                .containsExactlyInAnyOrderElementsOf(model.statements.getOrDefault(wallet, List.of()));
        List<DailyLimit> limits = await(ledger.limits(wallet));
        assertThat(limits).hasSize(purse.limit == null ? 0 : 1);
        for (DailyLimit limit : limits) {
            assertThat(new BigDecimal(limit.spent())).isEqualByComparingTo(perDay(model.spentToday(wallet)));
        }
    }

    @Override
    public void close() {
        ledger.close();
    }
}
