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
import java.util.ArrayList;
import java.util.List;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Issuance;
import org.farthing.server.ledger.IssuedMessage;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.RedeemResult;
import org.farthing.server.ledger.RedeemResult.Redemption;
import org.farthing.server.ledger.RefundDue;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.RefundResult;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.Solvency;
import org.farthing.server.ledger.SwapRequest;
import org.farthing.server.ledger.SwapResult;
import org.farthing.server.ledger.SweepReport;
import org.farthing.server.ledger.TokenPayment;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.Transition;
import org.farthing.server.ledger.UsedToken;
import org.farthing.server.ledger.kit.TokenModel.Paid;

/** One random program with tokens on a ledger and on the model, side by side. */
final class TokenRun implements AutoCloseable {

    private static final String SHOP = "https://shop.example";

    private final LedgerProperties store;
    private final TestClock clock = new TestClock();
    private final Payments payments = new Payments(clock);
    private final TokenModel model = new TokenModel();
    private final LedgerOptions options = ModelRun.options(clock);
    private Ledger ledger;
    private int names;

    TokenRun(LedgerProperties store) {
        this.store = store;
        this.ledger = store.open(options, true);
        await(ledger.register(Payments.registration(ALICE)));
        await(ledger.topUp(new TopUp(ALICE, USD, model.wallet, "first")));
        Tokens.VALUES.forEach(value -> await(ledger.tokens().openKey(Tokens.mine(value))));
        buy(19);
    }

    void step(TokenStep step) {
        switch (step.verb()) {
            case BUY -> buy(step.amount());
            case HOLD -> reserve(model.pick(step.first(), step.count()), step.twice(), false);
            case UPFRONT -> reserve(model.pick(step.first(), step.count()), step.twice(), true);
            case SWAP -> swap(model.pick(step.first(), step.count()), step.twice());
            case REDEEM -> redeem(model.pick(step.first(), step.count()));
            case ADVANCE -> {
                clock.advance(Duration.ofSeconds(step.first() * 10L));
                aroundTheNextEdge();
            }
            case SWEEP -> {
                SweepReport report = await(ledger.sweep());
                assertThat(report.released() + report.refunded()).isEqualTo(model.sweep(now()));
            }
            case CRASH -> ledger = store.crash(ledger, options);
            default -> {
                if (!model.charges.isEmpty()) {
                    Paid charge = model.charges.get(step.charge() % model.charges.size());
                    transition(step, charge);
                }
            }
        }
    }

    private long now() {
        return clock.instant().toEpochMilli();
    }

    private String name(String prefix) {
        names++;
        return prefix + names;
    }

    private static List<IssuedMessage> messages(String name, List<Long> values) {
        List<IssuedMessage> messages = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            messages.add(Tokens.message(values.get(i), name + "#" + i));
        }
        return messages;
    }

    // ---- what makes and uses tokens

    private void buy(long amount) {
        String id = name("p");
        Reserved reserved = await(ledger.reserve(payments.hold(id, amount)));
        if (amount > model.wallet) {
            assertThat(reserved).isInstanceOf(Reserved.InsufficientFunds.class);
            return;
        }
        List<Long> values = TokenModel.split(amount);
        Issuance issuance = new Issuance(Tokens.ISSUER, messages(id, values));
        HoldRef ref = ((Reserved.Held) reserved).ref();
        assertThat(await(ledger.capture(ref, amount, ANSWER, issuance))).isInstanceOf(Transition.Done.class);
        assertThat(await(ledger.capture(ref, amount, ANSWER, issuance))).isInstanceOf(Transition.Lost.class);
        assertThat(await(ledger.refund(new RefundRequest(id, 1, "r", "goodwill"))))
                .isInstanceOf(RefundResult.Final.class);
        model.wallet -= amount;
        model.out += amount;
        model.sign(id, values);
    }

    /** Tries the tokens of a charge that has ended in the last millisecond they are its own, and in the next. */
    private void aroundTheNextEdge() {
        Paid next = model.nextFree(now());
        if (next != null) {
            clock.advance(Duration.ofMillis(next.freeFrom - now() - 1));
            reserve(next.tokens, false, false);
            clock.advance(Duration.ofMillis(1));
            reserve(next.tokens, false, false);
        }
    }

    private void reserve(List<UsedToken> tokens, boolean twice, boolean upfront) {
        String id = name("c");
        long value = Tokens.worth(tokens);
        ChargeTerms terms = new ChargeTerms(
                id,
                "hash-" + id,
                id,
                id,
                PAYEE,
                "docs",
                "token",
                USD,
                value,
                clock.instant().plus(VALID),
                true);
        TokenPayment payment = new TokenPayment(Tokens.ISSUER, tokens, value, null, null);
        HoldRequest request = new HoldRequest(terms, "none", 0, HOLD, null, payment);
        List<Integer> spent = model.spent(tokens, now());

        for (boolean again : twice ? new boolean[] {false, true} : new boolean[] {false}) {
            Reserved reserved = await(upfront ? ledger.chargeUpfront(request) : ledger.reserve(request));
            if (!spent.isEmpty()) {
                assertThat(reserved).isEqualTo(new Reserved.TokensSpent(spent));
            } else if (again) {
                assertThat(reserved).isInstanceOf(Reserved.Known.class);
            } else {
                model.use(tokens, id);
                model.charges.add(new Paid(id, tokens, value, upfront, ((Reserved.Held) reserved).ref(), now()));
                model.move(upfront ? value : 0);
            }
        }
    }

    private void swap(List<UsedToken> tokens, boolean twice) {
        String name = name("s");
        List<Long> values = TokenModel.split(Tokens.worth(tokens));
        SwapRequest request = new SwapRequest(Tokens.ISSUER, name, tokens, messages(name, values));
        List<Integer> spent = model.spent(tokens, now());
        if (!spent.isEmpty()) {
            assertThat(await(ledger.tokens().swap(request))).isEqualTo(new SwapResult.Spent(spent));
            return;
        }
        assertThat(await(ledger.tokens().swap(request))).isInstanceOf(SwapResult.Done.class);
        if (twice) {
            assertThat(await(ledger.tokens().swap(request))).isInstanceOf(SwapResult.Repeated.class);
        }
        model.use(tokens, name);
        model.sign(name, values);
    }

    private void redeem(List<UsedToken> tokens) {
        List<Redemption> expected = new ArrayList<>();
        long amount = 0;
        for (UsedToken token : tokens) {
            if (SHOP.equals(model.owner(token))) {
                expected.add(Redemption.REPEATED);
            } else if (model.usable(token, now())) {
                expected.add(Redemption.ACCEPTED);
                amount += Tokens.worth(List.of(token));
                model.use(List.of(token), SHOP);
            } else {
                expected.add(Redemption.SPENT);
            }
        }
        assertThat(await(ledger.tokens().redeem(Tokens.ISSUER, SHOP, tokens)))
                .isEqualTo(new RedeemResult(expected, amount));
        model.move(amount);
    }

    // ---- what becomes of a charge

    private void transition(TokenStep step, Paid charge) {
        switch (step.verb()) {
            case CAPTURE -> capture(charge, charge.value);
            case CAPTURE_NOTHING -> capture(charge, 0);
            case RELEASE -> {
                boolean done = charge.state == ChargeState.HELD;
                same(done, await(ledger.release(charge.ref, ReleaseReason.WAIVED, Execution.YES)));
                if (done) {
                    model.release(charge);
                }
            }
            case DELIVERED -> {
                same(charge.pending, await(ledger.delivered(charge.ref, ANSWER)));
                charge.pending = false;
            }
            case UNDELIVERED -> {
                boolean done = charge.pending;
                same(done, await(ledger.refundUndelivered(charge.ref, ReleaseReason.UNDELIVERED, Execution.YES)));
                if (done) {
                    model.undelivered(charge);
                }
            }
            case REFUND -> refund(charge, step.amount(), step.twice());
            default -> handOut(charge, step.twice());
        }
    }

    private void capture(Paid charge, long amount) {
        boolean done = charge.state == ChargeState.HELD;
        same(done, await(ledger.capture(charge.ref, amount, ANSWER)));
        if (done) {
            model.capture(charge, amount);
        }
    }

    private static void same(boolean done, Transition transition) {
        assertThat(transition).isInstanceOf(done ? Transition.Done.class : Transition.Lost.class);
    }

    private void refund(Paid charge, long amount, boolean twice) {
        RefundRequest request = new RefundRequest(charge.id, amount, name("r"), "goodwill");
        boolean possible =
                charge.state == ChargeState.CAPTURED && !charge.pending && charge.refunded + amount <= charge.captured;
        RefundResult result = await(ledger.refund(request));
        assertThat(result).isInstanceOf(possible ? RefundResult.Refunded.class : RefundResult.TooMuch.class);
        if (possible) {
            charge.refunded += amount;
            charge.state = charge.refunded == charge.captured ? ChargeState.REFUNDED : charge.state;
            model.move(-amount);
            if (twice) {
                assertThat(await(ledger.refund(request))).isInstanceOf(RefundResult.Repeated.class);
            }
        }
    }

    private void handOut(Paid charge, boolean twice) {
        long due = charge.refunded - charge.handedOut;
        String name = name("h");
        List<Long> values = TokenModel.split(due == 0 ? 1 : due);
        List<IssuedMessage> messages = messages(name, values);
        RefundDue result = await(ledger.tokens().refundTokens(charge.id, "hash-" + charge.id, messages));
        assertThat(result).isInstanceOf(due == 0 ? RefundDue.Nothing.class : RefundDue.Done.class);
        if (due > 0) {
            charge.handedOut += due;
            model.sign(name, values);
            if (twice) {
                assertThat(await(ledger.tokens().refundTokens(charge.id, "hash-" + charge.id, messages)))
                        .isInstanceOf(RefundDue.Repeated.class);
            }
        }
    }

    // ---- what must be true of all of it

    void booksAreEqual() {
        CheckReport report = await(ledger.check());
        assertThat(report.findings()).isEmpty();
        Totals totals = report.totals().get(0);
        assertThat(totals.sum()).isZero();
        assertThat(List.of(totals.available(), totals.tokens(), totals.payees()))
                .containsExactly(model.wallet, model.out, model.earned);
        for (Solvency line : await(ledger.tokens().solvency())) {
            long value = Tokens.VALUES.stream()
                    .filter(one -> Tokens.mine(one).keyId().equals(line.keyId()))
                    .findFirst()
                    .orElseThrow();
            assertThat(line)
                    .isEqualTo(new Solvency(line.keyId(), model.issued.getOrDefault(value, 0L), model.used(value)));
            assertThat(line.sound()).isTrue();
        }
    }

    @Override
    public void close() {
        ledger.close();
    }
}
