package org.farthing.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.farthing.protocol.binding.ContentDigest;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that may have to be sent twice. A body of known length within the limit is read once and held, so
 * that its digest is certain and every attempt sends the same bytes. Any other is passed on as it is, and not paid for.
 */
final class RequestBody {

    private final BodyPublisher publisher;
    private final byte @Nullable [] bytes;

    private RequestBody(BodyPublisher publisher, byte @Nullable [] bytes) {
        this.publisher = publisher;
        this.bytes = bytes;
    }

    static CompletableFuture<RequestBody> of(Optional<BodyPublisher> given, int limit) {
        if (given.isEmpty() || given.get().contentLength() == 0) {
            return CompletableFuture.completedFuture(new RequestBody(BodyPublishers.noBody(), new byte[0]));
        }
        BodyPublisher publisher = given.get();
        if (publisher.contentLength() < 0 || publisher.contentLength() > limit) {
            return CompletableFuture.completedFuture(new RequestBody(publisher, null));
        }
        Collector collector = new Collector((int) publisher.contentLength());
        publisher.subscribe(collector);
        return collector.result.thenApply(bytes -> new RequestBody(BodyPublishers.ofByteArray(bytes), bytes));
    }

    BodyPublisher publisher() {
        return publisher;
    }

    boolean isRepeatable() {
        return bytes != null;
    }

    /** The digest of a held body; empty if there is no body, or it is not held. */
    Optional<ContentDigest> digest() {
        return bytes == null || bytes.length == 0 ? Optional.empty() : Optional.of(ContentDigest.of(bytes));
    }

    private static final class Collector implements Flow.Subscriber<ByteBuffer> {

        private final int length;
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> result = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        Collector(int length) {
            this.length = length;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer buffer) {
            byte[] part = new byte[buffer.remaining()];
            buffer.get(part);
            read.write(part, 0, part.length);
            if (read.size() > length && subscription != null) {
                subscription.cancel();
                result.completeExceptionally(new IOException("the body is longer than its publisher said"));
            }
        }

        @Override
        public void onError(Throwable failure) {
            result.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            if (read.size() < length) {
                result.completeExceptionally(new IOException("the body is shorter than its publisher said"));
            } else {
                result.complete(read.toByteArray());
            }
        }
    }
}
