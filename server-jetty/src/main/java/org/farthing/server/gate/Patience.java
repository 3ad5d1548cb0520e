package org.farthing.server.gate;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.farthing.server.gate.Timers.Timer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a request waits for the ledger (F-SV-70). Only the waiting ends: what was asked for goes on, because nobody can take
 * it back, and whoever asked is told what came of it when it comes.
 *
 * <p><b>Threads.</b> Thread-safe. Whoever waits goes on where the stage completes, or where the timers run.
 *
 * @param timers where the waiting is timed
 * @param most how long at most
 */
public record Patience(Timers timers, Duration most) {

    /** How long a request waits for the ledger if nothing is said. */
    public static final Duration DEFAULT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(PaymentGate.class);

    /**
     * Checks that there is some.
     *
     * @param timers as the record says
     * @param most as the record says
     * @throws IllegalArgumentException if it is not more than nothing
     */
    public Patience {
        checked(most);
    }

    /**
     * Checks a deadline.
     *
     * @param most how long a request is to wait at most
     * @return it
     * @throws IllegalArgumentException if it is not more than nothing
     */
    public static Duration checked(Duration most) {
        if (most.isNegative() || most.isZero()) {
            throw new IllegalArgumentException("a request must wait some time for the ledger, its deadline is " + most);
        }
        return most;
    }

    /**
     * Waits for a stage as long as this lasts.
     *
     * @param <T> what the stage comes to
     * @param stage what is waited for
     * @param whenLate what goes on in its place; called at most once, and only if it is late
     * @param tooLate takes what the stage came to after that; not called if it then fails
     * @return what the stage came to, or what goes on in its place
     */
    public <T> CompletionStage<T> await(
            CompletionStage<T> stage, Supplier<? extends T> whenLate, Consumer<? super T> tooLate) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        AtomicBoolean decided = new AtomicBoolean();
        Alarm alarm = new Alarm();
        stage.whenComplete((result, failure) -> {
            // Before anybody goes on: what comes next has a deadline of its own.
            alarm.off();
            if (!decided.compareAndSet(false, true)) {
                note(result, failure, tooLate);
            } else if (failure == null) {
                answer.complete(result);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        if (!answer.isDone()) {
            alarm.set(timers.after(most, () -> {
                if (decided.compareAndSet(false, true)) {
                    complete(answer, whenLate);
                }
            }));
        }
        return answer;
    }

    /** A timer that may no longer be needed when it is set. */
    private static final class Alarm {

        private @Nullable Timer timer;
        private boolean off;

        synchronized void set(Timer set) {
            if (off) {
                set.cancel();
            } else {
                timer = set;
            }
        }

        synchronized void off() {
            off = true;
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
        }
    }

    private static <T> void complete(CompletableFuture<T> answer, Supplier<? extends T> whenLate) {
        try {
            answer.complete(whenLate.get());
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    /** Nobody is behind this stage any more to catch what goes wrong. */
    private static <T> void note(T result, @Nullable Throwable failure, Consumer<? super T> tooLate) {
        if (failure != null) {
            LOG.warn("What the ledger was too late with failed: {}", String.valueOf(Failures.cause(failure)));
            return;
        }
        try {
            tooLate.accept(result);
        } catch (RuntimeException e) {
            LOG.error("What the ledger was too late with could not be undone", e);
        }
    }
}
