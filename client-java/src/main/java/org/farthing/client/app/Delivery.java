package org.farthing.client.app;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.farthing.client.http.HeldBody;
import org.jspecify.annotations.Nullable;

/**
 * Takes answers: the content of a 2xx goes to an {@link Outlet}, the body of any other is kept in memory, because it is
 * words about what went wrong and no content. The body it gives is those words; empty for content.
 */
final class Delivery implements BodyHandler<byte[]> {

    private static final int MOST_WORDS = 64 * 1024;
    private static final byte[] NOTHING = new byte[0];

    private final Outlet outlet;
    private final Progress progress;
    private volatile @Nullable IOException failure;

    Delivery(Outlet outlet, Progress progress) {
        this.outlet = outlet;
        this.progress = progress;
    }

    /** Why the content could not be written here; null if it could. Then the payment is still open and can be resumed. */
    @Nullable
    IOException failure() {
        return failure;
    }

    @Override
    public BodySubscriber<byte[]> apply(ResponseInfo info) {
        if (info.statusCode() / 100 != 2) {
            return BodySubscribers.mapping(HeldBody.upTo(MOST_WORDS), HeldBody::bytes);
        }
        progress.start(info.headers().firstValueAsLong("Content-Length").orElse(-1));
        return new Content();
    }

    /** Gives its value when the last byte is written, so that a payment is over only then. */
    private final class Content implements BodySubscriber<byte[]> {

        private final CompletableFuture<byte[]> result = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return result;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            try {
                outlet.start();
                given.request(1);
            } catch (IOException e) {
                fail(given, e);
            }
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            Flow.Subscription source = subscription;
            if (source == null || result.isDone()) {
                return;
            }
            try {
                for (ByteBuffer buffer : buffers) {
                    progress.add(buffer.remaining());
                    if (!outlet.write(buffer)) {
                        result.complete(NOTHING);
                        source.cancel();
                        return;
                    }
                }
                source.request(1);
            } catch (IOException e) {
                fail(source, e);
            }
        }

        private void fail(Flow.Subscription source, IOException e) {
            failure = e;
            // First the failure, then the cancelling: the client must not take this for a reader who had enough.
            result.completeExceptionally(e);
            source.cancel();
        }

        @Override
        public void onError(Throwable broken) {
            result.completeExceptionally(broken);
        }

        @Override
        public void onComplete() {
            try {
                progress.end();
                if (!result.isDone()) {
                    outlet.complete();
                }
                result.complete(NOTHING);
            } catch (IOException e) {
                failure = e;
                result.completeExceptionally(e);
            }
        }
    }
}
