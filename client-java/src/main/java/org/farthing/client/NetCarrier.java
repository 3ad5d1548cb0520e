package org.farthing.client;

import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.protocol.binding.ContentDigest;

/** A request of {@code java.net.http}, after the redirects within its origin that {@link Conversation} followed. */
final class NetCarrier<T> implements Carrier<NetReply<T>> {

    private final HttpClient http;
    private final HttpRequest prepared;
    private final RequestBody body;
    private final BodyHandler<T> handler;

    NetCarrier(HttpClient http, HttpRequest prepared, RequestBody body, BodyHandler<T> handler) {
        this.http = http;
        this.prepared = prepared;
        this.body = body;
        this.handler = handler;
    }

    @Override
    public String method() {
        return prepared.method();
    }

    @Override
    public URI uri() {
        return prepared.uri();
    }

    @Override
    public Optional<Declined> refusal() {
        return Optional.empty();
    }

    @Override
    public boolean hasOwnAuthorization() {
        return prepared.headers().firstValue(PaidRequest.AUTHORIZATION).isPresent();
    }

    /** With an Authenticator, java.net.http of JDK 17 drops an Authorization that it did not make itself. */
    @Override
    public boolean losesAuthorization() {
        return http.authenticator().isPresent();
    }

    @Override
    public boolean isDirect() {
        ProxySelector selector = http.proxy().orElseGet(ProxySelector::getDefault);
        return selector == null
                || selector.select(prepared.uri()).stream()
                        .allMatch(proxy -> proxy.type() == java.net.Proxy.Type.DIRECT);
    }

    @Override
    public boolean isRepeatable() {
        return body.isRepeatable();
    }

    @Override
    public Optional<ContentDigest> digest() {
        return body.digest();
    }

    @Override
    public CompletableFuture<NetReply<T>> pay(String field, String credential, Duration answerTimeout) {
        CompletableFuture<HttpResponse<Answer<T>>> answer = http.sendAsync(
                PaidRequest.paying(prepared, field, credential, answerTimeout),
                Answer.handler(handler, NetCarrier::mayNotBeTheLast));
        return Cancellation.linked(answer.thenApply(NetReply::new), answer);
    }

    private static boolean mayNotBeTheLast(ResponseInfo info) {
        return PaymentEngine.mayNotBeTheLast(info.statusCode(), info.headers().allValues("Payment-Outcome"));
    }
}
