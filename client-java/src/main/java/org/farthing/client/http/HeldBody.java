package org.farthing.client.http;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** An answer's body, held in memory up to a limit. What lies beyond the limit is not read. */
public final class HeldBody {

    private final byte[] bytes;
    private final boolean whole;

    private HeldBody(byte[] bytes, boolean whole) {
        this.bytes = bytes;
        this.whole = whole;
    }

    /** A copy of what was read. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether that is all there was. */
    public boolean isWhole() {
        return whole;
    }

    /** Hands the body on to another subscriber, as if it came from the network just now. */
    public <T> CompletionStage<T> handTo(BodySubscriber<T> subscriber) {
        subscriber.onSubscribe(new Flow.Subscription() {
            private boolean done;

            @Override
            public void request(long n) {
                if (done) {
                    return;
                }
                done = true;
                if (n <= 0) {
                    subscriber.onError(new IllegalArgumentException("a subscriber asks for at least one"));
                    return;
                }
                if (bytes.length > 0) {
                    subscriber.onNext(List.of(ByteBuffer.wrap(bytes.clone()).asReadOnlyBuffer()));
                }
                subscriber.onComplete();
            }

            @Override
            public void cancel() {
                done = true;
            }
        });
        return subscriber.getBody();
    }

    /** A subscriber that reads at most so many bytes and then hangs up. */
    public static BodySubscriber<HeldBody> upTo(int limit) {
        return new Reader(limit);
    }

    private static final class Reader implements BodySubscriber<HeldBody> {

        private final int limit;
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private final CompletableFuture<HeldBody> result = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        Reader(int limit) {
            this.limit = limit;
        }

        @Override
        public CompletionStage<HeldBody> getBody() {
            return result;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] part = new byte[Math.min(buffer.remaining(), limit - read.size())];
                buffer.get(part);
                read.write(part, 0, part.length);
                if (buffer.hasRemaining() && !result.isDone()) {
                    result.complete(new HeldBody(read.toByteArray(), false));
                    if (subscription != null) {
                        subscription.cancel();
                    }
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            result.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            result.complete(new HeldBody(read.toByteArray(), true));
        }
    }
}
