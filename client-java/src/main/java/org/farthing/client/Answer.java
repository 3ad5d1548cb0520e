package org.farthing.client;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.farthing.client.http.HeldBody;
import org.farthing.client.http.WatchedSubscriber;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer: on its way to the caller, or held back because the answer may not be the last one. A held one can be
 * handed to the caller later as if it came just now.
 */
final class Answer<T> {

    /** How much of an answer that may not be the last one is kept. */
    static final int MOST_HELD = 64 * 1024;

    private final ResponseInfo info;
    private final BodyHandler<T> caller;
    private final @Nullable HeldBody held;
    private final @Nullable WatchedSubscriber<T> watched;
    private final @Nullable T direct;

    private Answer(
            ResponseInfo info,
            BodyHandler<T> caller,
            @Nullable HeldBody held,
            @Nullable WatchedSubscriber<T> watched,
            @Nullable T direct) {
        this.info = info;
        this.caller = caller;
        this.held = held;
        this.watched = watched;
        this.direct = direct;
    }

    /** A handler that holds the bodies of some answers back and gives all others to the caller at once. */
    static <T> BodyHandler<Answer<T>> handler(BodyHandler<T> caller, Predicate<ResponseInfo> holdsBack) {
        return info -> {
            if (holdsBack.test(info)) {
                return BodySubscribers.mapping(
                        HeldBody.upTo(MOST_HELD), held -> new Answer<>(info, caller, held, null, null));
            }
            BodySubscriber<T> inner = caller.apply(info);
            WatchedSubscriber<T> watched = new WatchedSubscriber<>(inner);
            return BodySubscribers.mapping(watched, body -> new Answer<>(info, caller, null, watched, body));
        };
    }

    /** What was held back; null if nothing was. */
    byte @Nullable [] heldBytes() {
        return held == null ? null : held.bytes();
    }

    /** Whether only the beginning of the body is held. */
    boolean isCutOff() {
        return held != null && !held.isWhole();
    }

    /** Completes when the last byte is with the caller, or held; fails if the connection broke before. */
    CompletableFuture<Boolean> arrived() {
        return watched == null ? CompletableFuture.completedFuture(true) : watched.arrived();
    }

    /** The response for the caller; a held body goes through the caller's handler now. */
    static <T> CompletableFuture<HttpResponse<T>> forCaller(HttpResponse<Answer<T>> response) {
        Answer<T> answer = response.body();
        if (answer.held == null) {
            return CompletableFuture.completedFuture(new CallerResponse<>(response, answer.direct));
        }
        return answer.held
                .handTo(answer.caller.apply(answer.info))
                .<HttpResponse<T>>thenApply(body -> new CallerResponse<>(response, body))
                .toCompletableFuture();
    }
}
