package org.farthing.server.ledger;

import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.farthing.server.ledger.kit.Payments;

/**
 * A ledger in a process of its own with many callers at once, each with a wallet, doing all that moves money in a mixed order:
 * top-up, hold, capture in full and in part, release, refund, upfront charges, sweeps, and holds that nobody ends. It prints how
 * many operations the ledger has acknowledged, and goes on until it is killed or has done as many as asked for.
 */
final class LedgerStorm {

    private static final int CALLERS = 200;
    private static final int STEP = 500;

    private final Ledger ledger;
    private final String run;
    private final long most;
    private final AtomicLong done = new AtomicLong();

    private LedgerStorm(Ledger ledger, String run, long most) {
        this.ledger = ledger;
        this.run = run;
        this.most = most;
    }

    /** Arguments: the store, a name for this run, how many operations. */
    public static void main(String[] args) {
        LedgerOptions options = LedgerOptions.builder(Executors.newSingleThreadExecutor(work -> {
                    Thread thread = new Thread(work, "callers");
                    thread.setDaemon(true);
                    return thread;
                }))
                .releasesPerMinute(1_000_000)
                .build();
        try (Ledger ledger = SqliteLedger.open(Path.of(args[0]), options)) {
            new LedgerStorm(ledger, args[1], Long.parseLong(args[2])).storm();
        }
        System.out.println("closed");
    }

    private void storm() {
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(new Caller(i).call());
        }
        callers.forEach(CompletableFuture::join);
    }

    private <T> T acknowledged(T result) {
        long now = done.incrementAndGet();
        if (now % STEP == 0) {
            System.out.println(now);
        }
        return result;
    }

    /** One caller: one step after the other, each when the one before is acknowledged. */
    private final class Caller {

        private final String wallet;
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private final Deque<String> captured = new ArrayDeque<>();
        private long mix;
        private long next;

        Caller(int number) {
            this.wallet = "w_" + number;
            this.mix = (number + 1) * 0x9E3779B97F4A7C15L + run.hashCode();
        }

        CompletableFuture<Void> call() {
            await(ledger.register(Payments.registration(wallet)));
            goOn(topUp());
            return end;
        }

        private void goOn(CompletionStage<?> step) {
            var unused = step.whenComplete((result, failure) -> {
                if (failure != null) {
                    end.completeExceptionally(failure);
                } else if (done.get() >= most) {
                    end.complete(null);
                } else {
                    goOn(step(number(100)));
                }
            });
        }

        /** A number below the bound; the same ones in every run of the same name. */
        private int number(int bound) {
            mix = mix * 6364136223846793005L + 1442695040888963407L;
            return (int) ((mix >>> 33) % bound);
        }

        private CompletionStage<?> step(int kind) {
            String refundable = captured.poll();
            if (kind < 5) {
                return topUp();
            }
            if (kind < 15 && refundable != null) {
                RefundRequest refund = new RefundRequest(refundable, 1 + number(3), "r" + next++, "goodwill");
                return ledger.refund(refund).thenApply(LedgerStorm.this::acknowledged);
            }
            if (kind < 17) {
                return ledger.sweep().thenApply(LedgerStorm.this::acknowledged);
            }
            HoldRequest request = Payments.hold(Payments.terms(
                    id(),
                    id(),
                    wallet,
                    number(40),
                    InstantSource.system().instant().plus(Payments.VALID)));
            next++;
            return kind < 30 ? upfront(request, kind) : held(request, kind);
        }

        private String id() {
            return run + "-" + wallet + "-" + next;
        }

        private CompletionStage<?> topUp() {
            TopUp topUp = new TopUp(wallet, Payments.USD, 500 + number(500), run + "-" + next++);
            return ledger.topUp(topUp).thenApply(LedgerStorm.this::acknowledged);
        }

        private CompletionStage<?> upfront(HoldRequest request, int kind) {
            return ledger.chargeUpfront(request)
                    .thenApply(LedgerStorm.this::acknowledged)
                    .thenCompose(reserved -> {
                        if (!(reserved instanceof Reserved.Held held)) {
                            return CompletableFuture.completedStage(null);
                        }
                        return (kind % 2 == 0
                                        ? ledger.delivered(held.ref(), Payments.ANSWER)
                                        : ledger.refundUndelivered(
                                                held.ref(), ReleaseReason.HANDLER_FAILED, Execution.YES))
                                .thenApply(LedgerStorm.this::acknowledged);
                    });
        }

        private CompletionStage<?> held(HoldRequest request, int kind) {
            return ledger.reserve(request)
                    .thenApply(LedgerStorm.this::acknowledged)
                    .thenCompose(reserved -> {
                        if (!(reserved instanceof Reserved.Held held)) {
                            return CompletableFuture.completedStage(null);
                        }
                        return settle(held, kind).thenApply(LedgerStorm.this::acknowledged);
                    });
        }

        private CompletionStage<?> settle(Reserved.Held held, int kind) {
            long amount = held.charge().terms().amount();
            if (kind < 36) {
                // Nobody ends it but a sweep, soon.
                return ledger.renew(held.ref(), Duration.ofMillis(1));
            }
            if (kind < 50) {
                return ledger.release(held.ref(), ReleaseReason.WAIVED, Execution.NO);
            }
            captured.add(held.ref().challengeId());
            long part = kind < 70 ? number((int) amount + 1) : amount;
            return ledger.capture(held.ref(), part, Payments.ANSWER)
                    .thenCompose(done -> kind % 5 == 0 ? ledger.renew(held.ref(), HOLD) : completed(done));
        }
    }

    private static CompletionStage<Transition> completed(Transition done) {
        return CompletableFuture.completedStage(done);
    }
}
