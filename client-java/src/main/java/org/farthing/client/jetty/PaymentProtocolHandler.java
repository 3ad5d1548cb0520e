package org.farthing.client.jetty;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.ProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.farthing.client.PaymentEngine;

/** Takes 402s away from the application's listeners, and every answer to a request of ours with a credential. */
final class PaymentProtocolHandler implements ProtocolHandler {

    static final String NAME = "farthing-payment";

    private final HttpClient client;
    private final PaymentEngine engine;

    PaymentProtocolHandler(HttpClient client, PaymentEngine engine) {
        this.client = client;
        this.engine = engine;
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public boolean accept(Request request, Response response) {
        if (HttpStatus.isInformational(response.getStatus()) || HttpMethod.CONNECT.is(request.getMethod())) {
            return false;
        }
        LogicalRequest logical = LogicalRequest.of((HttpRequest) request);
        return logical.paidBy(request) != null
                || (response.getStatus() == HttpStatus.PAYMENT_REQUIRED_402
                        && !logical.isSettling()
                        && request.getURI() != null);
    }

    /** Jetty does not say here which answer it is for, so the listener finds out with the answer's first event. */
    @Override
    public Response.Listener getResponseListener() {
        return new Response.Listener() {
            @Override
            public void onBegin(Response response) {
                HttpRequest request = (HttpRequest) response.getRequest();
                LogicalRequest logical = LogicalRequest.of(request);
                PaidAnswer paid = logical.paidBy(request);
                if (paid != null) {
                    paid.listen();
                } else {
                    request.getConversation().updateResponseListeners(new UnpaidAnswer(logical, client, engine));
                }
            }
        };
    }
}
