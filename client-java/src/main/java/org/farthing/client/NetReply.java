package org.farthing.client;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An answer of {@code java.net.http}. */
record NetReply<T>(HttpResponse<Answer<T>> response) implements Reply {

    @Override
    public int status() {
        return response.statusCode();
    }

    @Override
    public List<String> values(String field) {
        return response.headers().allValues(field);
    }

    @Override
    public byte @Nullable [] heldBody() {
        return response.body().heldBytes();
    }

    @Override
    public CompletableFuture<Boolean> arrived() {
        return response.body().arrived();
    }

    /** The outcome with the answer as the caller wants it. */
    static <T> CompletableFuture<PaidResponse<T>> forCaller(Settlement<NetReply<T>> ended) {
        NetReply<T> last = ended.answer();
        return last == null
                ? CompletableFuture.completedFuture(new PaidResponse<>(ended.outcome(), null, false))
                : Answer.forCaller(last.response())
                        .thenApply(answer -> new PaidResponse<>(
                                ended.outcome(), answer, last.response().body().isCutOff()));
    }
}
