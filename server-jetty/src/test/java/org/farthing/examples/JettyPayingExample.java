package org.farthing.examples;

import java.net.URI;
import java.nio.file.Path;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.jetty.JettyPayer;
import org.farthing.client.purse.Purse;

/** A program with a Jetty client that pays for what it fetches, within a budget. */
final class JettyPayingExample {

    private JettyPayingExample() {}

    static PaymentOutcome fetch(HttpClient client, Path purseFolder, URI document) throws Exception {
        SpendingPolicy budget = SpendingPolicy.builder()
                .allowAnyOrigin()
                .perRequest("0.02usd")
                .total("1usd")
                .build();
        // readme: begin
        PayingClient.Builder options = PayingClient.builder(Purse.open(purseFolder), budget)
                .loopbackProfile(); // for development on http://127.0.0.1; leave it out otherwise
        JettyPayer payer = JettyPayer.install(client, options);
        Request request = client.newRequest(document);
        ContentResponse answer = request.send(); // the 200, or the 402 where nothing may be paid
        PaymentOutcome outcome = payer.outcome(request).get();
        System.out.println(answer.getStatus() + " " + outcome);
        // readme: end
        return outcome;
    }
}
