package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.COLLECT;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.SERVICE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
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
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Backing;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.OutboxAnswer;
import org.farthing.server.ledger.OutboxItem;
import org.farthing.server.ledger.OutboxStatus;
import org.farthing.server.ledger.PaymentHold;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.VouchedPayment;
import org.farthing.testing.Requirement;

/**
 * Random programs of a payee and a wallet service against {@link TwoLedgersModel}: deliveries in any order, repeated, and never
 * noted; releases by either side; expiry; refunds; write-offs; either process gone and back. Every outcome and both books must
 * be what the model says. A store's own test extends this class.
 */
public abstract class TwoLedgersProperties {

    /** What one step of a program does. */
    enum Verb {
        PAY,
        SHOW,
        CAPTURE,
        CAPTURE_PART,
        RELEASE,
        REFUND,
        PAYER_RELEASES,
        CARRY,
        CARRY_AND_FORGET,
        TRY_AGAIN,
        WRITE_OFF,
        WAIT,
        WAIT_LONG,
        SWEEP,
        REOPEN_PAYEE,
        REOPEN_SERVICE
    }

    /** One step; what the numbers mean depends on the verb. */
    record Step(Verb verb, int charge, int amount, boolean odd) {}

    /** For the store's own test. */
    protected TwoLedgersProperties() {}

    /**
     * Opens a store under test. The first call of a program for a name finds no books; the next ones find those of the program.
     *
     * @param name whose books
     * @param options how
     * @param first whether this is the program's first call for the name
     * @return the open ledger
     */
    protected abstract Ledger open(String name, LedgerOptions options, boolean first);

    /** Whether opening the store tells that nobody carries items any more; where nodes share it, they may live. */
    protected boolean endsItemLeases() {
        return true;
    }

    @Provide
    Arbitrary<List<Step>> programs() {
        Arbitrary<Verb> verbs = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(Verb.PAY, Verb.SHOW, Verb.CAPTURE, Verb.CAPTURE_PART)),
                Tuple.of(5, Arbitraries.of(Verb.CARRY, Verb.CARRY_AND_FORGET, Verb.REFUND, Verb.PAYER_RELEASES)),
                Tuple.of(4, Arbitraries.of(Verb.class)));
        Arbitrary<Step> steps = Combinators.combine(
                        verbs,
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 60),
                        Arbitraries.of(true, false))
                .as(Step::new);
        return steps.list().ofMinSize(10).ofMaxSize(70);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
    @Requirement({
        "F-ST-70", "F-ST-71", "F-ST-72", "F-ST-73", "F-ST-74", "F-ST-75", "F-ST-77", "F-ST-81", "F-ST-82", "F-ST-83",
        "F-ST-84", "F-ST-85", "T44", "T45", "T54", "T61", "T72"
    })
    void anyProgram_leavesBothBooksAsTheModelSays(@ForAll("programs") List<Step> program) {
        try (Run run = new Run()) {
            program.forEach(run::step);
            run.booksAreEqual();
            run.step(new Step(Verb.REOPEN_PAYEE, 0, 0, false));
            run.step(new Step(Verb.REOPEN_SERVICE, 0, 0, false));
            run.booksAreEqual();
        }
    }

    /** One program on two ledgers and on the model, side by side. */
    private final class Run implements AutoCloseable {

        private static final Duration LEASE = Duration.ofMillis(TwoLedgersModel.LEASE);

        private final TestClock clock = new TestClock();
        private final TwoLedgersModel model = new TwoLedgersModel();
        private final Map<String, HoldRef> refs = new HashMap<>();
        private final Map<String, PaymentHold> paid = new HashMap<>();
        private final LedgerOptions options = LedgerOptions.builder(ForkJoinPool.commonPool())
                .clock(clock)
                .nodeLease(LedgerKit.A_YEAR)
                .maxHolds(1000)
                .releasesPerMinute(1000)
                .build();
        private Ledger payee = open("payee", options, true);
        private Ledger service = open("service", options, true);

        Run() {
            await(service.register(Payments.registration(ALICE)));
            await(service.topUp(new TopUp(ALICE, USD, TwoLedgersModel.MONEY, "first")));
        }

        void step(Step step) {
            String challenge = "c" + step.charge();
            switch (step.verb()) {
                case PAY -> pay(challenge, step.amount());
                case SHOW -> show(challenge);
                case CAPTURE, CAPTURE_PART, RELEASE -> end(challenge, step);
                case REFUND -> {
                    String key = "r" + step.amount() % 3;
                    long amount = 1L + step.amount() / 2;
                    same(
                            model.refund(challenge, amount, key),
                            payee.refund(new RefundRequest(challenge, amount, key, "goodwill")));
                }
                case PAYER_RELEASES ->
                    same(model.releaseByPayer(challenge), service.payments().releaseByPayer(ALICE, PAYEE, challenge));
                case CARRY -> carry(1 + step.charge(), step.odd(), true);
                case CARRY_AND_FORGET -> carry(1 + step.charge(), step.odd(), false);
                case TRY_AGAIN, WRITE_OFF -> lookAtAFailure(step.verb() == Verb.WRITE_OFF);
                case WAIT -> advance(Duration.ofSeconds(step.amount()));
                case WAIT_LONG -> advance(Duration.ofMinutes(step.amount()));
                case SWEEP -> {
                    assertThat(await(payee.sweep()).released()).isEqualTo(model.sweepPayee());
                    assertThat(await(service.sweep()).released()).isEqualTo(model.sweepService());
                }
                case REOPEN_PAYEE -> {
                    payee.close();
                    payee = open("payee", options, false);
                    if (endsItemLeases()) {
                        model.reopenPayee();
                    }
                }
                case REOPEN_SERVICE -> {
                    service.close();
                    service = open("service", options, false);
                }
            }
        }

        private void advance(Duration by) {
            clock.advance(by);
            model.advance(by.toMillis());
        }

        private void pay(String challenge, long amount) {
            Instant expires = clock.instant().plus(Payments.VALID);
            PaymentHold request = paid.getOrDefault(
                    challenge,
                    new PaymentHold(
                            ALICE,
                            "key-of-" + ALICE,
                            1,
                            PAYEE,
                            challenge,
                            "order of " + challenge,
                            "t-" + challenge,
                            "the token",
                            USD,
                            amount,
                            expires,
                            expires.plus(COLLECT),
                            "rb-" + challenge));
            String expected = model.pay(challenge, request.amount());
            same(expected, service.payments().hold(request));
            if (expected.equals("Held")) {
                paid.put(challenge, request);
            }
        }

        private void show(String challenge) {
            PaymentHold token = paid.get(challenge);
            if (token == null) {
                return;
            }
            ChargeTerms terms =
                    Payments.terms(challenge, "t-" + challenge, "r_" + challenge, token.amount(), token.expires());
            Backing backing =
                    new Backing(SERVICE, token.tokenId(), token.holdExpires(), TwoLedgersModel.TRUST, token.rb());
            String expected = model.show(challenge);
            Reserved reserved = await(payee.reserve(new HoldRequest(terms, "key", 0, HOLD, null, backing)));
            assertThat(reserved.getClass().getSimpleName()).isEqualTo(expected);
            if (reserved instanceof Reserved.Held held) {
                refs.put(challenge, held.ref());
            }
        }

        private void end(String challenge, Step step) {
            HoldRef ref = refs.get(challenge);
            TwoLedgersModel.Sale sale = model.sales.get(challenge);
            if (ref == null || sale == null) {
                return;
            }
            if (step.verb() == Verb.RELEASE) {
                same(model.release(challenge), payee.release(ref, ReleaseReason.STATUS_NOT_CHARGED, Execution.YES));
                return;
            }
            long amount = step.verb() == Verb.CAPTURE ? sale.amount : Math.min(step.amount(), sale.amount);
            same(model.capture(challenge, amount), payee.capture(ref, amount, ANSWER));
        }

        /** Tells the service what is due, backwards if so asked, and notes what it said, or dies before. */
        private void carry(int limit, boolean backwards, boolean note) {
            List<TwoLedgersModel.Item> expected = new ArrayList<>(model.due(limit));
            List<OutboxItem> due = new ArrayList<>(await(payee.outbox().due(limit, LEASE)));
            assertThat(due)
                    .extracting(item -> item.kind() + " " + item.tokenId() + " " + item.amount())
                    .containsExactlyElementsOf(
                            expected.stream().map(TwoLedgersModel.Item::text).toList());
            if (backwards) {
                Collections.reverse(expected);
                Collections.reverse(due);
            }
            TwoLedgers both = new TwoLedgers(clock, payee, service);
            List<OutboxAnswer> answers = new ArrayList<>();
            for (int i = 0; i < due.size(); i++) {
                OutboxAnswer answer = both.tell(due.get(i));
                boolean done = model.tell(expected.get(i));
                assertThat(answer.lost()).isEqualTo(!done);
                answers.add(answer);
                if (note) {
                    model.note(expected.get(i), done);
                }
            }
            if (note) {
                assertThat(await(payee.outbox().done(answers))).isEqualTo(answers.size());
            }
        }

        private void lookAtAFailure(boolean writeOff) {
            TwoLedgersModel.Item failed = model.firstFailed();
            List<OutboxItem> items = await(payee.outbox().items(OutboxItem.State.FAILED, 0, 1));
            assertThat(items).hasSize(failed == null ? 0 : 1);
            if (failed == null) {
                return;
            }
            long seq = items.get(0).seq();
            if (writeOff) {
                model.writeOff(failed);
                assertThat(await(payee.outbox().writeOff(seq, "gone"))).isTrue();
            } else {
                model.tryAgain(failed);
                assertThat(await(payee.outbox().again(seq, Duration.ZERO, "once more")))
                        .isTrue();
            }
        }

        private <T> void same(String expected, CompletionStage<T> stage) {
            assertThat(await(stage).getClass().getSimpleName()).isEqualTo(expected);
        }

        void booksAreEqual() {
            assertThat(await(service.accounts(ALICE)))
                    .containsExactly(new Account(USD, model.available, model.heldAtTheService()));
            model.payments.forEach((id, payment) -> {
                VouchedPayment actual =
                        await(service.payments().find(ALICE, id)).get(0);
                assertThat(actual.state()).isEqualTo(model.shown(payment));
                assertThat(actual.captured()).isEqualTo(payment.captured);
                assertThat(actual.refunded()).isEqualTo(payment.refunded);
            });
            model.sales.forEach((id, sale) -> {
                Charge actual = await(payee.charge(id)).orElseThrow();
                assertThat(actual.state()).isEqualTo(sale.state);
                assertThat(actual.captured()).isEqualTo(sale.captured);
                assertThat(actual.refunded()).isEqualTo(sale.refunded);
            });
            assertThat(await(payee.outbox().items(null, 0, 1000)))
                    .extracting(OutboxItem::state)
                    .containsExactlyElementsOf(
                            model.outbox.stream().map(item -> item.state).toList());
            long exposure = await(payee.outbox().status()).stream()
                    .mapToLong(OutboxStatus::exposure)
                    .sum();
            assertThat(exposure).isEqualTo(model.exposure());
            long receivable =
                    await(payee.totals()).stream().mapToLong(Totals::receivable).sum();
            assertThat(receivable).isEqualTo(model.receivable());
            for (Ledger ledger : List.of(payee, service)) {
                CheckReport report = await(ledger.check());
                assertThat(report.findings()).isEmpty();
                assertThat(report.totals()).allMatch(total -> total.sum() == 0);
            }
        }

        @Override
        public void close() {
            payee.close();
            service.close();
        }
    }
}
