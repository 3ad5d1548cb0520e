package org.farthing.client.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * The caller's own subscriber, with a look at whether the body arrived: a streaming subscriber gives its value before the
 * last byte came, and a payment is over only then.
 */
public final class WatchedSubscriber<T> implements BodySubscriber<T> {

    private final BodySubscriber<T> inner;
    private final CompletableFuture<Boolean> arrived = new CompletableFuture<>();

    /** Watches a subscriber. */
    public WatchedSubscriber(BodySubscriber<T> inner) {
        this.inner = inner;
    }

    /** True when the last byte came or the caller wanted no more; a failure when the connection broke. */
    public CompletableFuture<Boolean> arrived() {
        return arrived;
    }

    @Override
    public CompletionStage<T> getBody() {
        return inner.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        inner.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                subscription.request(n);
            }

            @Override
            public void cancel() {
                arrived.complete(true);
                subscription.cancel();
            }
        });
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        inner.onNext(item);
    }

    @Override
    public void onError(Throwable failure) {
        arrived.completeExceptionally(failure);
        inner.onError(failure);
    }

    @Override
    public void onComplete() {
        // Before the inner one: whoever waits for the response finds this decided already.
        arrived.complete(true);
        inner.onComplete();
    }
}
