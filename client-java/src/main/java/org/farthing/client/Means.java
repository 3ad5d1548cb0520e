package org.farthing.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.client.ChallengeCheck.Checked;
import org.farthing.client.method.ExchangingMethod;
import org.farthing.client.method.PreparingMethod;
import org.farthing.client.method.Price;
import org.farthing.protocol.binding.Origin;

/** Looks, before anything is counted or signed, whether what a method pays with is there (F-CL-62, F-TK-131). */
final class Means {

    private Means() {}

    /** Completes with what was checked; fails with {@link DeclinedException}. */
    static CompletableFuture<Checked> ready(Payer payer, Checked checked) {
        Origin service = checked.price().service();
        if (service != null && checked.method() instanceof ExchangingMethod method) {
            return method.ready(service)
                    .thenApply(there -> checked)
                    .exceptionallyCompose(failure -> declined(DeclineReason.WALLET_UNREACHABLE, failure));
        }
        if (checked.method() instanceof PreparingMethod method) {
            return payer.<CompletionStage<Price>>blocking(
                            () -> method.prepare(checked.challenge(), checked.price(), payer.journal()))
                    .thenCompose(prepared -> prepared)
                    .thenApply(there -> checked)
                    .exceptionallyCompose(failure -> declined(DeclineReason.NO_TOKENS, failure));
        }
        return CompletableFuture.completedFuture(checked);
    }

    private static CompletableFuture<Checked> declined(DeclineReason why, Throwable failure) {
        return CompletableFuture.failedFuture(new DeclinedException(why, Failures.words(failure)));
    }
}
