package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.TOO_LARGE;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SweepReport;
import org.farthing.server.ledger.TakeOver;
import org.farthing.server.ledger.TopUp;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;

/**
 * Random programs against {@link LedgerModel}: every outcome, every account, every charge and every statement must be what the
 * model says, the sums must be zero, and the books must be sound. A store's own test extends this class.
 */
public abstract class LedgerProperties {

    /** What one step of a program does. */
    enum Verb {
        REGISTER,
        TOP_UP,
        HOLD,
        HOLD_AGAIN,
        UPFRONT,
        RENEW,
        CAPTURE,
        CAPTURE_PART,
        RELEASE,
        DELIVERED,
        REFUND_UNDELIVERED,
        TAKE_OVER,
        REFUND,
        ADVANCE,
        SWEEP,
        REOPEN
    }

    /** One step; what the numbers mean depends on the verb. */
    record Step(Verb verb, int wallet, int charge, int amount, boolean odd) {}

    private static final List<String> CURRENCIES = List.of("usd.e6", "unit:credits");

    /** For the store's own test. */
    protected LedgerProperties() {}

    /**
     * Opens the store under test. The first call of a program finds no books; the next ones find those of the program.
     *
     * @param options how
     * @param first whether this is the program's first call
     * @return the open ledger
     */
    protected abstract Ledger open(LedgerOptions options, boolean first);

    @Provide
    Arbitrary<List<Step>> programs() {
        Arbitrary<Verb> verbs = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(Verb.TOP_UP, Verb.ADVANCE)),
                Tuple.of(6, Arbitraries.of(Verb.HOLD, Verb.UPFRONT, Verb.CAPTURE, Verb.CAPTURE_PART)),
                Tuple.of(4, Arbitraries.of(Verb.class)));
        Arbitrary<Step> steps = Combinators.combine(
                        verbs,
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.integers().between(0, 60),
                        Arbitraries.of(true, false))
                .as(Step::new);
        return steps.list().ofMinSize(5).ofMaxSize(60);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
    @Requirement({"F-ST-11", "F-ST-20", "F-ST-50", "F-ST-51", "F-ST-52", "T1", "T3", "T29", "T44", "T45", "T54", "T72"})
    void anyProgram_doesWhatTheModelSays(@ForAll("programs") List<Step> program) {
        try (Run run = new Run()) {
            run.step(new Step(Verb.REGISTER, 0, 0, 0, false));
            run.step(new Step(Verb.REGISTER, 1, 0, 0, false));
            run.step(new Step(Verb.TOP_UP, 0, 9, 60, false));
            program.forEach(run::step);
            run.booksAreEqual();
            run.step(new Step(Verb.REOPEN, 0, 0, 0, false));
            run.booksAreEqual();
        }
    }

    /** One program on a ledger and on the model, side by side. */
    private final class Run implements AutoCloseable {

        private final TestClock clock = new TestClock();
        private final Instant expires = clock.instant().plus(Duration.ofDays(1));
        private final LedgerModel model = new LedgerModel();
        private final Map<String, List<HoldRef>> refs = new HashMap<>();
        private final LedgerOptions options = LedgerOptions.builder(ForkJoinPool.commonPool())
                .clock(clock)
                .nodeLease(LedgerKit.A_YEAR)
                .maxHolds(1000)
                .releasesPerMinute(1000)
                .build();
        private Ledger ledger = open(options, true);

        void step(Step step) {
            String wallet = "w_" + step.wallet();
            String challenge = "c" + step.charge();
            String currency = CURRENCIES.get(step.odd() ? 1 : 0);
            switch (step.verb()) {
                case REGISTER -> same(model.register(wallet), ledger.register(Payments.registration(wallet)));
                case TOP_UP ->
                    same(
                            model.topUp(wallet, currency, step.amount() + 1, "k" + step.charge()),
                            ledger.topUp(new TopUp(wallet, currency, step.amount() + 1, "k" + step.charge())));
                case HOLD, HOLD_AGAIN, UPFRONT -> reserve(step, challenge, wallet, currency);
                case TAKE_OVER -> takeOver(challenge, step.odd());
                case REFUND ->
                    same(
                            model.refund(challenge, step.amount() + 1, "r" + step.wallet()),
                            ledger.refund(
                                    new RefundRequest(challenge, step.amount() + 1, "r" + step.wallet(), "goodwill")));
                case ADVANCE -> {
                    clock.advance(Duration.ofSeconds(step.amount()));
                    model.advance(step.amount() * 1000L);
                }
                case SWEEP -> {
                    SweepReport report = await(ledger.sweep());
                    assertThat(report.released() + report.refunded()).isEqualTo(model.sweep());
                }
                case REOPEN -> {
                    ledger.close();
                    model.reopen();
                    ledger = open(options, false);
                }
                default -> transition(step, challenge);
            }
        }

        private void reserve(Step step, String challenge, String wallet, String currency) {
            boolean upfront = step.verb() == Verb.UPFRONT;
            ChargeTerms terms = new ChargeTerms(
                    challenge,
                    "hash-" + challenge,
                    challenge,
                    wallet,
                    PAYEE,
                    "docs",
                    "wallet",
                    currency,
                    step.amount(),
                    expires,
                    true);
            HoldRequest request = Payments.hold(terms);
            String expected = model.reserve(challenge, wallet, currency, step.amount(), upfront);
            Reserved reserved = await(upfront ? ledger.chargeUpfront(request) : ledger.reserve(request));
            assertThat(reserved.getClass().getSimpleName()).isEqualTo(expected);
            if (reserved instanceof Reserved.Held held) {
                refs.computeIfAbsent(challenge, unused -> new ArrayList<>()).add(held.ref());
            }
        }

        private void takeOver(String challenge, boolean sameBytes) {
            String expected = model.takeOver(challenge, sameBytes);
            TakeOver result = await(ledger.takeOver(challenge, sameBytes ? "hash-" + challenge : "other", HOLD));
            assertThat(result.getClass().getSimpleName()).isEqualTo(expected);
            if (result instanceof TakeOver.Taken taken) {
                refs.computeIfAbsent(challenge, unused -> new ArrayList<>()).add(taken.ref());
            }
        }

        /** Uses any reference this charge ever gave out: the old ones must move nothing. */
        private void transition(Step step, String challenge) {
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
                    same(
                            model.capture(challenge, fence, part),
                            ledger.capture(ref, part, step.odd() ? ANSWER : TOO_LARGE));
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
            model.wallets.forEach((wallet, accounts) -> {
                Map<String, List<Long>> expected = new HashMap<>();
                accounts.forEach((currency, sums) -> expected.put(currency, List.of(sums[0], sums[1])));
                Map<String, List<Long>> actual = new HashMap<>();
                await(ledger.accounts(wallet))
                        .forEach(one -> actual.put(one.currency(), List.of(one.available(), one.held())));
                assertThat(actual).isEqualTo(expected);
                assertThat(await(ledger.statement(wallet, null, 1000)).transfers())
                        .extracting(one -> one.kind() + " " + one.amount() + " " + one.currency())
                        .containsExactlyInAnyOrderElementsOf(model.statements.getOrDefault(wallet, List.of()));
            });
            model.charges.forEach((id, entry) -> {
                Charge charge = await(ledger.charge(id)).orElseThrow();
                assertThat(charge.state()).isEqualTo(entry.state);
                assertThat(charge.captured()).isEqualTo(entry.captured);
                assertThat(charge.refunded()).isEqualTo(entry.refunded);
                assertThat(charge.fence()).isEqualTo(entry.fence);
            });
            CheckReport report = await(ledger.check());
            assertThat(report.findings()).isEmpty();
            assertThat(report.totals()).allMatch(total -> total.sum() == 0);
            assertThat(report.charges()).isEqualTo(model.charges.size());
        }

        @Override
        public void close() {
            ledger.close();
        }
    }
}
