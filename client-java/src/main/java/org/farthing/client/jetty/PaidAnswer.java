package org.farthing.client.jetty;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.client.transport.HttpResponse;
import org.eclipse.jetty.client.transport.ResponseListeners;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.farthing.client.PaymentEngine;
import org.jspecify.annotations.Nullable;

/**
 * One request with a credential, and its answer. It listens in the application's place from before the first byte leaves: an
 * answer that may not be the last is held, and a failure before the answer's head is ours to deal with; anything else goes
 * to the application as it comes.
 */
final class PaidAnswer implements Response.Listener {

    private final LogicalRequest logical;
    private final ResponseListeners application;
    private final HttpRequest copy;
    private final String field;
    private final String credential;
    private final HeldContent content = new HeldContent();
    private final CompletableFuture<JettyReply> reply = new CompletableFuture<>();
    private final CompletableFuture<Boolean> arrived = new CompletableFuture<>();
    private volatile @Nullable ResponseListeners ours;
    private volatile @Nullable JettyReply streamed;

    PaidAnswer(
            LogicalRequest logical, ResponseListeners application, HttpRequest copy, String field, String credential) {
        this.logical = logical;
        this.application = application;
        this.copy = copy;
        this.field = field;
        this.credential = credential;
    }

    CompletableFuture<JettyReply> reply() {
        return reply;
    }

    boolean isFor(Object request) {
        return copy == request;
    }

    /** Takes the application's place. */
    void listen() {
        HttpConversation conversation = copy.getConversation();
        conversation.updateResponseListeners(this);
        ours = conversation.getResponseListeners();
    }

    /** Writes the credential last, over whatever the client or another listener put in its place, and in one line. */
    void write() {
        copy.headers(headers -> {
            headers.put(field, credential);
            if (headers.getFields(HttpHeader.AUTHORIZATION).size() > 1) {
                headers.put(headers.getFields(HttpHeader.AUTHORIZATION).get(0));
            }
        });
    }

    /** After it was sent it is nobody's business. */
    void forget() {
        copy.headers(headers -> headers.remove(field));
    }

    void breakOff(Throwable cause) {
        if (streamed == null && (!reply.isDone() || reply.isCancelled())) {
            var unused = copy.abort(cause);
        }
    }

    @Override
    public void onHeaders(Response response) {
        if (mayNotBeTheLast(response)) {
            return;
        }
        if (!logical.tell()) {
            var unused = copy.abort(new IOException("the request is over"));
            return;
        }
        // Before the application may take fields away.
        streamed = JettyReply.streamed(response, arrived);
        application.notifyBegin(response);
        List<HttpField> wanted = response.getHeaders().stream()
                .filter(header -> application.notifyHeader(response, header))
                .toList();
        if (wanted.size() < response.getHeaders().size() && response instanceof HttpResponse mutable) {
            // An application that processes a field itself takes it away from those after it.
            mutable.clearHeaders();
            wanted.forEach(mutable::addHeader);
        }
        application.notifyHeaders(response);
    }

    private static boolean mayNotBeTheLast(Response response) {
        return PaymentEngine.mayNotBeTheLast(
                response.getStatus(), response.getHeaders().getValuesList("Payment-Outcome"));
    }

    @Override
    public void onContentSource(Response response, Content.Source source) {
        if (streamed != null) {
            application.notifyContentSource(response, source);
        } else {
            content.read(response, source);
        }
    }

    @Override
    public void onSuccess(Response response) {
        JettyReply whole = streamed;
        if (whole != null) {
            boolean unusedArrived = arrived.complete(true);
            // Nobody waits for this but the outcome, so it tells of the whole answer.
            boolean unusedReply = reply.complete(whole);
            application.notifySuccess(response);
        }
    }

    @Override
    public void onFailure(Response response, Throwable failure) {
        JettyReply broken = streamed;
        if (broken != null) {
            boolean unusedArrived = arrived.completeExceptionally(failure);
            boolean unusedReply = reply.complete(broken);
            application.notifyFailure(response, failure);
        }
    }

    @Override
    public void onComplete(Result result) {
        if (streamed != null) {
            application.notifyComplete(result);
            return;
        }
        Throwable failure = result.getResponseFailure();
        if (failure == null || content.isCutOff()) {
            boolean unused = reply.complete(JettyReply.held(result.getResponse(), content));
        } else {
            boolean unused = reply.completeExceptionally(failure);
        }
    }

    /** Heard in any case: where Jetty did not let us take the application's place, the application heard of the end. */
    void ended(Result result) {
        HttpConversation conversation = copy.getConversation();
        if (conversation.getResponseListeners() == ours) {
            return;
        }
        if (conversation.getExchanges().getFirst().getResponseListeners() == application) {
            boolean unused = logical.tell();
        }
        Throwable failure =
                result.getFailure() == null ? new IOException("the answer passed us by") : result.getFailure();
        boolean unusedReply = reply.completeExceptionally(failure);
        boolean unusedArrived = arrived.completeExceptionally(failure);
    }
}
