package org.farthing.client.token;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentTimer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Buys ahead when tokens run low: never for a price, never at once, one purchase at a time for each scope. After one that failed
 * it waits, longer each time; the payments meanwhile ask nobody (F-TK-134).
 */
final class TopUps {

    private static final Logger LOG = LoggerFactory.getLogger(BlindTokens.class);

    private static final Duration FIRST_PAUSE = Duration.ofMinutes(15);
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    private final TokenPurse purse;
    private final PaymentTimer timer;
    private final InstantSource clock;
    private final List<TopUpRule> rules = new CopyOnWriteArrayList<>();
    private final Set<TokenScope> waiting = ConcurrentHashMap.newKeySet();
    private final Map<TokenScope, Pause> pauses = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private volatile Function<TopUpRule, CompletableFuture<Purchase>> buying =
            rule -> CompletableFuture.failedFuture(new IllegalStateException("nobody buys yet"));

    TopUps(TokenPurse purse, PaymentTimer timer, InstantSource clock) {
        this.purse = purse;
        this.timer = timer;
        this.clock = clock;
    }

    /** After a purchase that failed. */
    private record Pause(Duration length, Instant until) {}

    void buysWith(Function<TopUpRule, CompletableFuture<Purchase>> purchase) {
        buying = purchase;
    }

    void add(TopUpRule rule) {
        rules.add(rule);
    }

    /**
     * Tokens were spent, or were too few: if they are below the mark, and still are after a while, some are bought.
     *
     * @return when what this began has ended, however it ended; nobody who pays waits for it
     */
    CompletableFuture<Void> low(TokenScope scope) {
        List<CompletableFuture<Boolean>> begun = new ArrayList<>();
        for (TopUpRule rule : rules) {
            if (rule.scope().equals(scope) && !isPausing(scope) && isLow(rule) && waiting.add(scope)) {
                begun.add(timer.after(delay(rule))
                        .toCompletableFuture()
                        .thenComposeAsync(
                                waited -> isLow(rule)
                                        ? buy(rule)
                                        : CompletableFuture.completedFuture(Optional.<String>empty()),
                                Background.THREADS)
                        .handle((hindrance, failure) ->
                                done(scope, failure == null ? hindrance : Optional.of(words(Failure.cause(failure))))));
            }
        }
        return CompletableFuture.allOf(begun.toArray(CompletableFuture<?>[]::new));
    }

    /** Nothing that another party wrote. */
    private static String words(Throwable failure) {
        return failure instanceof MintRefusedException refused
                ? "the issuer answered " + refused.status()
                        + refused.problem()
                                .map(problem -> " " + problem.type().code())
                                .orElse("")
                : failure.getClass().getSimpleName();
    }

    /** Buys, and says what hindered it. A purchase that is not needed any more, because another process bought, is not hindered. */
    private CompletableFuture<Optional<String>> buy(TopUpRule rule) {
        return buying.apply(rule).thenApply(purchase -> {
            if (purchase instanceof Purchase.Bought) {
                return Optional.empty();
            }
            if (purchase instanceof Purchase.NotBought not) {
                return not.payment() instanceof PaymentOutcome.Free
                        ? isLow(rule) ? Optional.of("another purchase of them is open") : Optional.empty()
                        : Optional.of(
                                not.payment() instanceof PaymentOutcome.Declined declined
                                        ? "the wallet declined: " + declined.why()
                                        : "the payment came to nothing");
            }
            return Optional.of("it is not known yet whether they are paid for");
        });
    }

    /** A budget is new some day and an issuer comes back, so it goes on; but not at every payment until then. */
    private boolean done(TokenScope scope, Optional<String> hindrance) {
        if (hindrance.isEmpty()) {
            pauses.remove(scope);
        } else {
            Pause before = pauses.get(scope);
            Duration length = before == null ? FIRST_PAUSE : longer(before.length());
            Pause pause = new Pause(length, clock.instant().plus(length));
            pauses.put(scope, pause);
            LOG.warn(
                    "No tokens were bought of {}: {}. Not tried again before {}",
                    scope,
                    hindrance.get(),
                    pause.until());
        }
        return waiting.remove(scope);
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    private boolean isPausing(TokenScope scope) {
        Pause pause = pauses.get(scope);
        return pause != null && clock.instant().isBefore(pause.until());
    }

    private Duration delay(TopUpRule rule) {
        long range = rule.longest().minus(rule.shortest()).toMillis();
        return rule.shortest().plusMillis(random.nextLong(range + 1));
    }

    /** A purchase that is open hinders nothing here: it is finished before another is thought of. */
    private boolean isLow(TopUpRule rule) {
        try {
            return purse.asks(rule::isLow);
        } catch (IOException e) {
            return false;
        }
    }
}
