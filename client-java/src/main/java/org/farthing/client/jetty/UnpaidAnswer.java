package org.farthing.client.jetty;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpRequestException;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.io.Content;
import org.farthing.client.PaymentEngine;

/** Holds a 402 and starts the payment when it is there. */
final class UnpaidAnswer implements Response.Listener {

    private final LogicalRequest logical;
    private final HttpClient client;
    private final PaymentEngine engine;
    private final HeldContent content = new HeldContent();

    UnpaidAnswer(LogicalRequest logical, HttpClient client, PaymentEngine engine) {
        this.logical = logical;
        this.client = client;
        this.engine = engine;
    }

    @Override
    public void onContentSource(Response response, Content.Source source) {
        content.read(response, source);
    }

    @Override
    public void onSuccess(Response response) {
        endUpload(response);
    }

    @Override
    public void onFailure(Response response, Throwable failure) {
        endUpload(response);
    }

    /** A body that is still being sent, or waits for a 100, is of no use any more; the exchange is over only without it. */
    private static void endUpload(Response response) {
        if (response.getRequest() instanceof HttpRequest request && request.getBody() != null) {
            var unused = request.fail(new HttpRequestException("the server asks for a payment first", request));
        }
    }

    @Override
    public void onComplete(Result result) {
        HttpRequest request = (HttpRequest) result.getRequest();
        if (result.getResponseFailure() != null && !content.isCutOff()) {
            logical.brokeOff(request, result);
        } else {
            logical.settle(client, engine, request, JettyReply.held(result.getResponse(), content));
        }
    }
}
