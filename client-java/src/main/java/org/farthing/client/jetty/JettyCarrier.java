package org.farthing.client.jetty;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.client.transport.ResponseListeners;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.farthing.client.Carrier;
import org.farthing.client.DeclineReason;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Origin;

/** A request of Jetty's client, after the redirects and the 401 that the client answered by itself. */
final class JettyCarrier implements Carrier<JettyReply> {

    private final LogicalRequest logical;
    private final HttpClient client;
    private final HttpRequest request;
    private final ResponseListeners application;

    JettyCarrier(LogicalRequest logical, HttpClient client, HttpRequest request, ResponseListeners application) {
        this.logical = logical;
        this.client = client;
        this.request = request;
        this.application = application;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public URI uri() {
        return request.getURI();
    }

    @Override
    public Optional<Declined> refusal() {
        // Jetty follows redirects across origins; whoever was sent elsewhere did not ask there (F-CL-3).
        if (request.getConversation().getExchanges().stream()
                .anyMatch(exchange -> !sameOrigin(exchange.getRequest().getURI(), request.getURI()))) {
            return refused(DeclineReason.CROSS_ORIGIN_REDIRECT, "Refusing to send payment credential across redirect");
        }
        // Jetty can be told to believe any certificate, for development (F-CL-2).
        if (HttpScheme.HTTPS.is(request.getScheme()) && !verifies(client.getSslContextFactory())) {
            return refused(DeclineReason.NOT_SECURE, "the HttpClient does not verify who the server is");
        }
        if (carriesCredential()) {
            return refused(
                    DeclineReason.AUTHORIZATION_IN_USE,
                    "the request has a payment credential already; this client adds its own");
        }
        return Optional.empty();
    }

    private static Optional<Declined> refused(DeclineReason why, String words) {
        return Optional.of(new Declined(why, words, null));
    }

    private static boolean verifies(SslContextFactory.Client tls) {
        return !tls.isTrustAll() && "HTTPS".equalsIgnoreCase(tls.getEndpointIdentificationAlgorithm());
    }

    private boolean carriesCredential() {
        return request.getHeaders().contains("Payment-Authorization")
                || request.getHeaders().getValuesList(HttpHeader.AUTHORIZATION).stream()
                        .anyMatch(value ->
                                value.stripLeading().toLowerCase(Locale.ROOT).startsWith("payment "));
    }

    private static boolean sameOrigin(URI from, URI to) {
        try {
            return Origin.of(from).equals(Origin.of(to));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** As sent: with what the application, its listeners and the client's store of passwords put there. */
    @Override
    public boolean hasOwnAuthorization() {
        return request.getHeaders().contains(HttpHeader.AUTHORIZATION) || isInStore();
    }

    private boolean isInStore() {
        return client.getAuthenticationStore().findAuthenticationResult(request.getURI()) != null;
    }

    @Override
    public boolean isDirect() {
        return client.resolveDestination(request).getProxy() == null;
    }

    @Override
    public boolean isRepeatable() {
        return request.getBody() == null || logical.body() != null;
    }

    @Override
    public Optional<ContentDigest> digest() {
        byte[] body = logical.body();
        return request.getBody() == null || body == null || body.length == 0
                ? Optional.empty()
                : Optional.of(ContentDigest.of(body));
    }

    @Override
    public boolean isStopped() {
        return logical.stopCause() != null;
    }

    @Override
    public CompletableFuture<JettyReply> pay(String field, String credential, Duration answerTimeout) {
        HttpRequest copy = copy(field);
        PaidAnswer answer = new PaidAnswer(logical, application, copy, field, credential);
        logical.pays(answer);
        copy.onRequestQueued(queued -> answer.listen());
        copy.onRequestBegin(begun -> {
            answer.listen();
            answer.write();
        });
        // After every listener that writes when a request begins; what is sent is taken from the request only after
        // this.
        copy.onRequestHeaders(headed -> answer.write());
        copy.onRequestCommit(committed -> answer.forget());
        copy.onComplete(answer::ended);
        CompletableFuture<JettyReply> reply = answer.reply();
        Scheduler.Task late = client.getScheduler()
                .schedule(() -> answer.breakOff(new TimeoutException("no answer in time")), answerTimeout);
        CompletableFuture<JettyReply> unused = reply.whenComplete((came, failure) -> {
            boolean unusedTask = late.cancel();
            if (reply.isCancelled()) {
                answer.breakOff(new CancellationException("the payment was stopped"));
            }
        });
        send(copy);
        return reply;
    }

    private void send(HttpRequest copy) {
        Connection connection = request.getConnection();
        if (connection != null && !connection.isClosed()) {
            connection.send(copy, null);
        } else {
            copy.send(null);
        }
    }

    /** The request again. What Jetty's own copy leaves out is put back; a credential is put in when it is sent. */
    private HttpRequest copy(String field) {
        HttpRequest copy = request.copy(request.getURI());
        byte[] body = logical.body();
        if (request.getBody() != null && body != null) {
            copy.body(new BytesRequestContent(request.getBody().getContentType(), body));
        }
        request.getCookies().forEach(copy::cookie);
        copy.trailersSupplier(request.getTrailersSupplier());
        if (request.getTransport() != null) {
            Request unused = copy.transport(request.getTransport());
        }
        copy.followRedirects(false);
        HttpField own = request.getHeaders().getField(HttpHeader.AUTHORIZATION);
        if (own != null && !isInStore() && !field.equalsIgnoreCase(HttpHeader.AUTHORIZATION.asString())) {
            copy.headers(headers -> headers.put(own));
        }
        long end = logical.endNanoTime();
        if (end != Long.MAX_VALUE) {
            Request unused = copy.timeout(Math.max(1, NanoTime.millisUntil(end)), TimeUnit.MILLISECONDS);
        }
        return copy;
    }
}
