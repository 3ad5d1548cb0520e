package org.farthing.server.gate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.farthing.server.gate.Settled.Withhold;
import org.farthing.server.gate.Timers.Timer;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Transition;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one hold alive while its handler runs: renews it, and ends it when the handler takes too long or the ledger says that
 * it is no longer ours. Exactly one of settle, abandon, too slow and lost wins ({@link #end}); the others get its result.
 */
final class HoldKeeper {

    /** How long money stays aside unless renewed (protocol section 2.2). */
    static final Duration HOLD = Duration.ofSeconds(30);

    /** How often a hold is renewed. */
    static final Duration RENEW_EVERY = Duration.ofSeconds(10);

    /** How long after the ledger said so a hold is ours without asking again. */
    private static final Duration SURE = Duration.ofSeconds(20);

    private final Ledger ledger;
    private final Timers timers;
    private final Patience patience;
    private final HoldRef ref;
    private final Duration maxDuration;
    private final Supplier<CompletionStage<Settled>> whenTooSlow;
    private final Supplier<CompletionStage<Settled>> whenLost;
    private final Supplier<Settled> whenStuck;
    private final CompletableFuture<Settled> result = new CompletableFuture<>();
    private final CompletableFuture<Withhold> cutShort = new CompletableFuture<>();
    private final InstantSource clock;
    private Instant confirmed = Instant.MIN;
    private Duration elapsed = Duration.ZERO;
    private boolean claimed;
    private @Nullable Timer timer;

    HoldKeeper(
            Services services,
            HoldRef ref,
            Duration maxDuration,
            Supplier<CompletionStage<Settled>> whenTooSlow,
            Supplier<CompletionStage<Settled>> whenLost,
            Supplier<Settled> whenStuck) {
        this.ledger = services.ledger();
        this.timers = services.timers();
        this.patience = services.patience();
        this.clock = services.clock();
        this.ref = ref;
        this.maxDuration = maxDuration;
        this.whenTooSlow = whenTooSlow;
        this.whenLost = whenLost;
        this.whenStuck = whenStuck;
    }

    /** Starts the clock of a hold that was asked for at this time, by our own clock. */
    void start(Instant asked) {
        confirm(asked);
        schedule();
    }

    /**
     * Tells whether the right still is ours; asks the ledger if so long ago was the last time it said so that the hold may be
     * over: this process may have been paused, and another may have given the money back (F-SV-75).
     */
    CompletionStage<Boolean> isOurs() {
        Instant now = clock.instant();
        synchronized (this) {
            if (now.isBefore(confirmed.plus(SURE)) && !now.isBefore(confirmed)) {
                return CompletableFuture.completedFuture(true);
            }
        }
        return renew(now).thenApply(transition -> !(transition instanceof Transition.Lost));
    }

    private CompletionStage<Transition> renew(Instant now) {
        return ledger.renew(ref, HOLD).thenApply(transition -> {
            if (transition instanceof Transition.Done) {
                confirm(now);
            }
            return transition;
        });
    }

    private synchronized void confirm(Instant at) {
        confirmed = at;
    }

    /**
     * Ends the hold by an action of ours. If something else has ended it, the answer that comes with this call must not go
     * out: the result then is what replaces it. If the ledger does not answer in time, the result is what is said in its
     * place; what it was asked for goes on (F-SV-72).
     */
    CompletionStage<Settled> end(
            Supplier<CompletionStage<Settled>> action, Supplier<Settled> whenStuck, UnaryOperator<Settled> whenLate) {
        if (!claim()) {
            return result.thenApply(whenLate);
        }
        run(action, whenStuck);
        return result;
    }

    /** The result, once there is one. */
    CompletableFuture<Settled> result() {
        return result;
    }

    void onCutShort(Consumer<Withhold> listener) {
        CompletionStage<Withhold> cut = cutShort;
        cut.thenAccept(listener);
    }

    /** Stops the clock of a charge that needs no renewing any more, without ending anything. */
    synchronized void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** A fault of ours on the way must not leave the request hanging. */
    private void run(Supplier<CompletionStage<Settled>> action, Supplier<Settled> instead) {
        CompletionStage<Settled> stage;
        try {
            stage = action.get();
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedStage(e);
        }
        patience.await(stage, instead, late -> {}).whenComplete((settled, failure) -> {
            if (failure == null) {
                result.complete(settled);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    private synchronized boolean claim() {
        boolean won = !claimed;
        claimed = true;
        stop();
        return won;
    }

    private synchronized void schedule() {
        if (claimed) {
            return;
        }
        Duration left = maxDuration.minus(elapsed);
        Duration delay = left.compareTo(RENEW_EVERY) < 0 ? left : RENEW_EVERY;
        timer = timers.after(delay, () -> due(delay));
    }

    private void due(Duration slept) {
        boolean tooSlow;
        synchronized (this) {
            if (claimed) {
                return;
            }
            elapsed = elapsed.plus(slept);
            tooSlow = elapsed.compareTo(maxDuration) >= 0;
        }
        if (tooSlow) {
            cutShort(whenTooSlow);
            return;
        }
        renew(clock.instant()).whenComplete((transition, failure) -> {
            // A renewal that failed is tried again at the next turn: two more fit before the hold runs out.
            if (transition instanceof Transition.Lost) {
                cutShort(whenLost);
            }
        });
        schedule();
    }

    private void cutShort(Supplier<CompletionStage<Settled>> action) {
        if (claim()) {
            run(action, whenStuck);
            CompletionStage<Settled> ended = result;
            ended.thenAccept(settled -> {
                if (settled instanceof Withhold withhold) {
                    cutShort.complete(withhold);
                }
            });
        }
    }
}
