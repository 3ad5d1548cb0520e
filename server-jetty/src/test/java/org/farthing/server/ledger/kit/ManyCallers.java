package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.RefundResult;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.TopUpResult;
import org.farthing.server.ledger.Transition;
import org.farthing.server.ledger.Wallet;
import org.farthing.server.ledger.kit.ProgramStep.Verb;

/**
 * One random program, its steps dealt out to several threads. What comes of a step depends on who is first; what was said to the
 * callers is counted, and at the end it must fit the books, and the books must fit themselves.
 */
final class ManyCallers implements AutoCloseable {

    private static final int THREADS = 4;
    private static final long LIMIT = 500;
    private static final String CURRENCY = LedgerModel.COUNTED;

    private final TestClock clock = new TestClock();
    private final Instant expires = clock.instant().plus(Duration.ofDays(1));
    private final Ledger ledger;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final Map<String, HoldRef> refs = new ConcurrentHashMap<>();

    /** What was said to callers: how often something was won that is won once, and how much was moved. */
    private final Map<String, LongAdder> won = new ConcurrentHashMap<>();

    private final Map<String, LongAdder> moved = new ConcurrentHashMap<>();

    ManyCallers(LedgerProperties store) {
        ledger = store.open(ModelRun.options(clock), true);
        for (int i = 0; i < ProgramStep.WALLETS; i++) {
            String wallet = "w_" + i;
            await(ledger.register(Payments.registration(wallet)));
            await(ledger.setLimit(wallet, LedgerModel.LIMITED, "0.000" + LIMIT, false));
            topUp(new TopUp(wallet, CURRENCY, 100, "first"));
        }
    }

    void run(List<ProgramStep> program) throws Exception {
        List<Callable<Boolean>> parts = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int number = thread;
            parts.add(() -> {
                for (int i = number; i < program.size(); i += THREADS) {
                    act(program.get(i));
                    if (program.get(i).twice()) {
                        act(program.get(i));
                    }
                }
                return true;
            });
        }
        for (Future<Boolean> part : threads.invokeAll(parts)) {
            assertThat(part.get()).isTrue();
        }
    }

    private void act(ProgramStep step) {
        String wallet = "w_" + step.wallet();
        String challenge = "c" + step.charge();
        switch (step.verb()) {
            case TOP_UP -> topUp(new TopUp(wallet, CURRENCY, step.amount() + 1L, "k" + step.charge()));
            case HOLD, UPFRONT -> reserve(challenge, step);
            case REFUND -> refund(new RefundRequest(challenge, step.amount() + 1L, "r" + step.wallet(), "goodwill"));
            case SUSPEND ->
                await(ledger.setStatus(wallet, step.odd() ? Wallet.Status.SUSPENDED : Wallet.Status.ACTIVE));
            case FREEZE -> await(ledger.setFrozen(wallet, step.odd()));
            case ADVANCE -> clock.advance(Duration.ofSeconds(step.amount()));
            case SWEEP -> await(ledger.sweep());
            case PURGE -> await(ledger.purge());
            case RENEW, CAPTURE, CAPTURE_PART, RELEASE, DELIVERED, REFUND_UNDELIVERED -> transition(step, challenge);
            default -> await(ledger.statement(wallet, null, 100));
        }
    }

    private void topUp(TopUp topUp) {
        if (await(ledger.topUp(topUp)) instanceof TopUpResult.Credited) {
            count(won, "top-up " + topUp.wallet() + " " + topUp.idempotencyKey(), 1);
            count(moved, "credited " + topUp.wallet(), topUp.amount());
        }
    }

    private void refund(RefundRequest request) {
        if (await(ledger.refund(request)) instanceof RefundResult.Refunded) {
            count(won, "refund " + request.challengeId() + " " + request.idempotencyKey(), 1);
            count(moved, "refunded " + request.challengeId(), request.amount());
        }
    }

    /** Whoever asks for a challenge asks for the same. */
    private ChargeTerms terms(String challenge) {
        int number = challenge.charAt(1) - '0';
        return ModelRun.terms(challenge, "w_" + number % ProgramStep.WALLETS, CURRENCY, 10L * number, expires);
    }

    private void reserve(String challenge, ProgramStep step) {
        ChargeTerms terms = terms(challenge);
        long version = await(ledger.wallet(terms.wallet())).orElseThrow().version();
        HoldRequest request = new HoldRequest(terms, "key-of-" + terms.wallet(), version, HOLD, null);
        Reserved reserved =
                await(step.verb() == Verb.UPFRONT ? ledger.chargeUpfront(request) : ledger.reserve(request));
        if (reserved instanceof Reserved.Held held) {
            count(won, "claim " + challenge, 1);
            refs.put(challenge, held.ref());
        }
    }

    private void transition(ProgramStep step, String challenge) {
        HoldRef ref = refs.get(challenge);
        if (ref == null) {
            return;
        }
        long all = terms(challenge).amount();
        long part = step.verb() == Verb.CAPTURE ? all : Math.min(step.amount(), all);
        Transition done = await(
                switch (step.verb()) {
                    case RENEW -> ledger.renew(ref, HOLD);
                    case RELEASE -> ledger.release(ref, ReleaseReason.STATUS_NOT_CHARGED, Execution.YES);
                    case DELIVERED -> ledger.delivered(ref, ANSWER);
                    case REFUND_UNDELIVERED -> ledger.refundUndelivered(ref, ReleaseReason.UNDELIVERED, Execution.YES);
                    default -> ledger.capture(ref, part, ANSWER);
                });
        if (done instanceof Transition.Done && step.verb() != Verb.RENEW) {
            count(won, "end " + challenge, 1);
        }
    }

    private static void count(Map<String, LongAdder> where, String what, long amount) {
        where.computeIfAbsent(what, unused -> new LongAdder()).add(amount);
    }

    private long moved(String what) {
        LongAdder sum = moved.get(what);
        return sum == null ? 0 : sum.sum();
    }

    void noRuleIsBroken() {
        assertThat(won).allSatisfy((what, times) -> assertThat(times.sum()).isEqualTo(1));
        long[] kept = new long[ProgramStep.WALLETS];
        for (int number = 0; number < ProgramStep.CHARGES; number++) {
            String challenge = "c" + number;
            Optional<Charge> found = await(ledger.charge(challenge));
            assertThat(found.isPresent()).isEqualTo(won.containsKey("claim " + challenge));
            if (found.isPresent()) {
                Charge charge = found.get();
                assertThat(charge.captured()).isBetween(0L, terms(challenge).amount());
                assertThat(charge.refunded()).isBetween(moved("refunded " + challenge), charge.captured());
                kept[number % ProgramStep.WALLETS] += charge.captured() - charge.refunded();
            }
        }
        for (int i = 0; i < ProgramStep.WALLETS; i++) {
            Account account = await(ledger.accounts("w_" + i)).get(0);
            assertThat(account.available()).isNotNegative();
            assertThat(account.held()).isNotNegative();
            assertThat(account.available() + account.held()).isEqualTo(moved("credited w_" + i) - kept[i]);
        }
        CheckReport report = await(ledger.check());
        assertThat(report.findings()).isEmpty();
        assertThat(report.totals()).allMatch(total -> total.sum() == 0);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        ledger.close();
    }
}
