package org.farthing.client.token;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentTimer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Buys ahead when tokens run low: never for a price, never at once, one purchase at a time for each scope. */
final class TopUps {

    private static final Logger LOG = LoggerFactory.getLogger(BlindTokens.class);

    private final TokenPurse purse;
    private final PaymentTimer timer;
    private final List<TopUpRule> rules = new CopyOnWriteArrayList<>();
    private final Set<TokenScope> waiting = ConcurrentHashMap.newKeySet();
    private final Map<TokenScope, Boolean> refused = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private volatile Function<TopUpRule, CompletableFuture<Purchase>> buying =
            rule -> CompletableFuture.failedFuture(new IllegalStateException("nobody buys yet"));

    TopUps(TokenPurse purse, PaymentTimer timer) {
        this.purse = purse;
        this.timer = timer;
    }

    void buysWith(Function<TopUpRule, CompletableFuture<Purchase>> purchase) {
        buying = purchase;
    }

    void add(TopUpRule rule) {
        rules.add(rule);
    }

    /** Tokens were spent, or were too few: if they are below the mark, and still are after a while, some are bought. */
    void low(TokenScope scope) {
        for (TopUpRule rule : rules) {
            if (rule.scope().equals(scope) && !refused.containsKey(scope) && isLow(rule) && waiting.add(scope)) {
                CompletableFuture<Boolean> unused = timer.after(delay(rule))
                        .toCompletableFuture()
                        .thenComposeAsync(waited -> isLow(rule) ? buy(rule) : none(), Background.THREADS)
                        .handle((bought, failure) -> done(rule, bought, failure));
            }
        }
    }

    private static CompletableFuture<Boolean> none() {
        return CompletableFuture.completedFuture(true);
    }

    /** Nothing was due any more where nothing was asked for: another process may have bought. */
    private CompletableFuture<Boolean> buy(TopUpRule rule) {
        return buying.apply(rule)
                .thenApply(purchase -> purchase instanceof Purchase.Bought
                        || (purchase instanceof Purchase.NotBought not
                                && not.payment() instanceof PaymentOutcome.Free));
    }

    private boolean done(TopUpRule rule, Boolean bought, Throwable failure) {
        waiting.remove(rule.scope());
        if (failure != null || !bought) {
            // Not again by itself in this process: a budget that is used up, or an issuer that is gone, is the owner's.
            refused.put(rule.scope(), true);
            LOG.warn("No tokens were bought of {}; buy them yourself to go on", rule.scope());
        }
        return failure == null;
    }

    private Duration delay(TopUpRule rule) {
        long range = rule.longest().minus(rule.shortest()).toMillis();
        return rule.shortest().plusMillis(random.nextLong(range + 1));
    }

    private boolean isLow(TopUpRule rule) {
        try {
            return purse.asks(rule::isDue);
        } catch (IOException e) {
            return false;
        }
    }
}
