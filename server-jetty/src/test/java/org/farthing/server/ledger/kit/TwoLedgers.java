package org.farthing.server.ledger.kit;

import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.COLLECT;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.SERVICE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.server.ledger.BackedCharge;
import org.farthing.server.ledger.Backing;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.OutboxAnswer;
import org.farthing.server.ledger.OutboxItem;
import org.farthing.server.ledger.OutboxItem.Kind;
import org.farthing.server.ledger.PaymentHold;
import org.farthing.server.ledger.PaymentRefund;
import org.farthing.server.ledger.PaymentSlice;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.RefundResult;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SettleItem;
import org.farthing.server.ledger.SettleResult.Outcome;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.Transition;
import org.farthing.server.ledger.Vouched;
import org.farthing.server.ledger.VouchedPayment;
import org.jspecify.annotations.Nullable;

/** A payee's ledger and a wallet service's, and the messages between them as plain calls. */
public final class TwoLedgers {

    /** Of one token: what one of both sides says the payee has. */
    public record Stand(long captured, long refunded, boolean ended) {}

    private static final Duration LEASE = Duration.ofSeconds(20);
    private static final long TRUST = 1_000_000;

    private final TestClock clock;
    private final Ledger payee;
    private final Ledger service;

    public TwoLedgers(TestClock clock, Ledger payee, Ledger service) {
        this.clock = clock;
        this.payee = payee;
        this.service = service;
    }

    public void open(long money) {
        await(service.register(Payments.registration(ALICE)));
        await(service.topUp(new TopUp(ALICE, USD, money, "first")));
    }

    /** The payer's part: pays at the service. */
    public Vouched pay(String challengeId, long amount) {
        Instant expires = clock.instant().plus(VALID);
        return await(service.payments()
                .hold(new PaymentHold(
                        ALICE,
                        "key-of-" + ALICE,
                        1,
                        PAYEE,
                        challengeId,
                        "order of " + challengeId,
                        "t-" + challengeId,
                        "the token " + challengeId,
                        USD,
                        amount,
                        expires,
                        expires.plus(COLLECT),
                        null)));
    }

    /** The payer's second part: shows the token to the payee. */
    public Reserved show(String challengeId, long amount, Instant expires) {
        ChargeTerms terms = Payments.terms(challengeId, "t-" + challengeId, "r_" + challengeId, amount, expires);
        Backing backing = new Backing(SERVICE, "t-" + challengeId, expires.plus(COLLECT), TRUST, null);
        return await(payee.reserve(new HoldRequest(terms, "key", 0, HOLD, null, backing)));
    }

    public Transition serve(HoldRef ref, long amount) {
        return await(payee.capture(ref, amount, ANSWER));
    }

    public RefundResult refund(String challengeId, long amount, String key) {
        return await(payee.refund(new RefundRequest(challengeId, amount, key, "goodwill")));
    }

    /** The carrier's part: tells the service what is due, and notes what it said; returns how much it took. */
    public int carry(boolean note) {
        List<OutboxItem> due = await(payee.outbox().due(100, LEASE));
        List<OutboxAnswer> answers = new ArrayList<>();
        for (OutboxItem item : due) {
            answers.add(tell(item));
        }
        if (note) {
            await(payee.outbox().done(answers));
        }
        return due.size();
    }

    public OutboxAnswer tell(OutboxItem item) {
        if (item.kind() == Kind.REFUND) {
            String key = item.idempotencyKey() == null ? "" : item.idempotencyKey();
            PaymentRefund refund = await(service.payments()
                    .refund(item.payee(), item.tokenId(), item.amount(), key, String.valueOf(item.reason())));
            boolean done = refund instanceof PaymentRefund.Refunded || refund instanceof PaymentRefund.Repeated;
            return new OutboxAnswer(item.seq(), refund.getClass().getSimpleName(), !done);
        }
        Long capture = item.kind() == Kind.CAPTURE ? item.amount() : null;
        SettleItem asked = new SettleItem(item.tokenId(), capture, item.rb());
        Outcome outcome = await(service.payments().settle(item.payee(), List.of(asked)))
                .get(0)
                .outcome();
        boolean done =
                outcome == Outcome.CAPTURED || outcome == Outcome.ALREADY_CAPTURED || outcome == Outcome.RELEASED;
        return new OutboxAnswer(item.seq(), outcome.name(), !done);
    }

    /** What the payee's books say, by token, of what it has ended. */
    public Map<String, Stand> atThePayee() {
        Map<String, Stand> stands = new TreeMap<>();
        String after = null;
        for (List<BackedCharge> page = page(after); !page.isEmpty(); page = page(after)) {
            for (BackedCharge one : page) {
                Charge charge = one.charge();
                boolean kept = charge.state() != ChargeState.RELEASED;
                stands.put(
                        one.tokenId(),
                        new Stand(kept ? charge.captured() : 0, charge.refunded(), charge.state() != ChargeState.HELD));
            }
            after = page.get(page.size() - 1).tokenId();
        }
        return stands;
    }

    private List<BackedCharge> page(@Nullable String after) {
        return await(payee.outbox().charges(SERVICE, after, 500));
    }

    /** What the service's books say, by token. */
    public Map<String, Stand> atTheService() {
        Map<String, Stand> stands = new TreeMap<>();
        Long after = null;
        do {
            PaymentSlice slice = await(service.payments().list(PAYEE, after, 500));
            for (VouchedPayment one : slice.payments()) {
                boolean ended = one.state() != VouchedPayment.State.HELD;
                stands.put(one.tokenId(), new Stand(one.captured(), one.refunded(), ended));
            }
            after = slice.next();
        } while (after != null);
        return stands;
    }
}
