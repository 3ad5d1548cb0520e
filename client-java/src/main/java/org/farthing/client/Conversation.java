package org.farthing.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One logical request: ask, follow redirects within the origin, and where the answer is 402, pay at most once by itself
 * (spec/client.md, F-CL-20 to F-CL-25), or once more against proof that the first payment was not charged.
 */
final class Conversation<T> {

    private static final Logger LOG = LoggerFactory.getLogger(PayingClient.class);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MOST_REDIRECTS = 5;
    private static final String ACROSS = "Refusing to send payment credential across redirect";

    private final Payer payer;
    private final Cancellation cancellation = new Cancellation();
    private final HttpRequest request;
    private final BodyHandler<T> handler;

    Conversation(Payer payer, HttpRequest request, BodyHandler<T> handler) {
        this.payer = payer;
        this.request = request;
        this.handler = handler;
    }

    /** Starts it. Cancelling the result stops it before its next step. */
    CompletableFuture<PaidResponse<T>> start() {
        return result(
                cancellation,
                RequestBody.of(request.bodyPublisher(), payer.settings().mostBody())
                        .thenCompose(body -> ask(PaidRequest.prepared(request, body, payer.acceptPayment()), body, 0)));
    }

    static <T> CompletableFuture<PaidResponse<T>> result(
            Cancellation cancellation, CompletableFuture<PaidResponse<T>> chain) {
        CompletableFuture<PaidResponse<T>> result = new CompletableFuture<>();
        CompletableFuture<Boolean> unusedEnd = chain.handle((done, failure) ->
                failure != null ? result.completeExceptionally(Failures.cause(failure)) : result.complete(done));
        CompletableFuture<Boolean> unusedStop = result.handle((done, failure) -> {
            if (result.isCancelled()) {
                cancellation.cancel();
            }
            return result.isCancelled();
        });
        return result;
    }

    private CompletableFuture<PaidResponse<T>> ask(HttpRequest prepared, RequestBody body, int redirects) {
        boolean follows = PaidRequest.isFollowed(prepared);
        CompletableFuture<HttpResponse<Answer<T>>> answer = payer.http()
                .sendAsync(
                        prepared,
                        Answer.handler(handler, status -> status == 402 || (follows && REDIRECTS.contains(status))));
        cancellation.during(answer);
        return answer.thenCompose(response -> {
            if (response.statusCode() == 402) {
                return new Purchase<>(payer, cancellation, prepared, body, handler).decide(response);
            }
            if (follows && REDIRECTS.contains(response.statusCode())) {
                return redirected(prepared, body, redirects, response);
            }
            return deliver(payer, prepared.uri(), new PaymentOutcome.Free(), response);
        });
    }

    private CompletableFuture<PaidResponse<T>> redirected(
            HttpRequest prepared, RequestBody body, int redirects, HttpResponse<Answer<T>> response) {
        Optional<URI> next = PaidRequest.target(prepared, response.headers().firstValue("Location"));
        if (next.isEmpty()) {
            return deliver(payer, prepared.uri(), new PaymentOutcome.Free(), response);
        }
        if (!sameOrigin(prepared.uri(), next.get())) {
            Declined across = new Declined(DeclineReason.CROSS_ORIGIN_REDIRECT, ACROSS, null);
            return deliver(payer, prepared.uri(), across, response);
        }
        if (redirects == MOST_REDIRECTS) {
            Declined loop =
                    new Declined(DeclineReason.TOO_MANY_REDIRECTS, "more than " + MOST_REDIRECTS + " redirects", null);
            return deliver(payer, prepared.uri(), loop, response);
        }
        return ask(PaidRequest.at(prepared, next.get()), body, redirects + 1);
    }

    private static boolean sameOrigin(URI from, URI to) {
        try {
            return Origin.of(from).equals(Origin.of(to));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Gives the caller the answer, with what became of the money. */
    static <T> CompletableFuture<PaidResponse<T>> deliver(
            Payer payer, URI uri, PaymentOutcome outcome, @Nullable HttpResponse<Answer<T>> response) {
        if (outcome instanceof Declined declined) {
            LOG.info("Not paid at {}: {} ({})", uri.getRawAuthority(), declined.why(), declined.words());
        }
        payer.tell(new PaymentEvent.Finished(uri, outcome));
        if (response == null) {
            return CompletableFuture.completedFuture(new PaidResponse<>(outcome, null));
        }
        return Answer.forCaller(response).thenApply(answer -> new PaidResponse<>(outcome, answer));
    }
}
