package org.farthing.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.protocol.binding.Origin;

/**
 * One logical request: ask, follow redirects within the origin, and where the answer is 402, pay at most once by itself
 * (spec/client.md, F-CL-20 to F-CL-25), or once more against proof that the first payment was not charged.
 */
final class Conversation<T> {

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MOST_REDIRECTS = 5;
    private static final String ACROSS = "Refusing to send payment credential across redirect";

    private final Payer payer;
    private final HttpClient http;
    private final Cancellation cancellation = new Cancellation();
    private final HttpRequest request;
    private final BodyHandler<T> handler;

    Conversation(Payer payer, HttpClient http, HttpRequest request, BodyHandler<T> handler) {
        this.payer = payer;
        this.http = http;
        this.request = request;
        this.handler = handler;
    }

    /** Starts it. Cancelling the result stops it before its next step. */
    CompletableFuture<PaidResponse<T>> start() {
        return cancellation.stopsWith(RequestBody.of(
                        request.bodyPublisher(), payer.settings().mostBody())
                .thenCompose(body -> ask(PaidRequest.prepared(request, body, payer.acceptPayment()), body, 0)));
    }

    private CompletableFuture<PaidResponse<T>> ask(HttpRequest prepared, RequestBody body, int redirects) {
        boolean follows = PaidRequest.isFollowed(prepared);
        Optional<String> pass = payer.pass(prepared.method(), prepared.uri());
        CompletableFuture<HttpResponse<Answer<T>>> answer = http.sendAsync(
                PaidRequest.showing(prepared, body, pass),
                Answer.handler(
                        handler,
                        info -> info.statusCode() == 402 || (follows && REDIRECTS.contains(info.statusCode()))));
        cancellation.during(answer);
        return answer.thenCompose(response -> {
            if (response.statusCode() == 402) {
                NetCarrier<T> carrier = new NetCarrier<>(http, prepared, body, handler);
                return new Purchase<>(payer, cancellation, carrier)
                        .decide(new NetReply<>(response))
                        .thenCompose(ended -> NetReply.forCaller(PaymentEngine.finished(payer, prepared.uri(), ended)));
            }
            if (follows && REDIRECTS.contains(response.statusCode())) {
                return redirected(prepared, body, redirects, response);
            }
            return deliver(prepared.uri(), new PaymentOutcome.Free(), response);
        });
    }

    private CompletableFuture<PaidResponse<T>> redirected(
            HttpRequest prepared, RequestBody body, int redirects, HttpResponse<Answer<T>> response) {
        Optional<URI> next = PaidRequest.target(prepared, response.headers().firstValue("Location"));
        if (next.isEmpty()) {
            return deliver(prepared.uri(), new PaymentOutcome.Free(), response);
        }
        if (!sameOrigin(prepared.uri(), next.get())) {
            Declined across = new Declined(DeclineReason.CROSS_ORIGIN_REDIRECT, ACROSS, null);
            return deliver(prepared.uri(), across, response);
        }
        if (redirects == MOST_REDIRECTS) {
            Declined loop =
                    new Declined(DeclineReason.TOO_MANY_REDIRECTS, "more than " + MOST_REDIRECTS + " redirects", null);
            return deliver(prepared.uri(), loop, response);
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

    /** Gives the caller an answer that nothing was paid for. */
    private CompletableFuture<PaidResponse<T>> deliver(
            URI uri, PaymentOutcome outcome, HttpResponse<Answer<T>> response) {
        return NetReply.forCaller(
                PaymentEngine.finished(payer, uri, new Settlement<>(outcome, new NetReply<>(response))));
    }
}
