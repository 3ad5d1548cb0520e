package org.farthing.examples;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;

/** A program that pays for what it fetches, within a budget. */
final class PayingExample {

    private PayingExample() {}

    static PaidResponse<String> fetch(Path purseFolder, URI document) throws IOException, InterruptedException {
        // readme: begin
        SpendingPolicy budget = SpendingPolicy.builder()
                .allowAnyOrigin() // or allowOrigin("https://api.example.com")
                .perRequest("0.02usd")
                .total("1usd")
                .build();
        PayingClient client = PayingClient.builder(Purse.open(purseFolder), budget)
                .loopbackProfile() // for development on http://127.0.0.1; leave it out otherwise
                .build();
        HttpRequest request = HttpRequest.newBuilder(document).build();
        PaidResponse<String> answer = client.send(request, BodyHandlers.ofString());
        System.out.println(answer.outcome()); // Served, Free, Declined, NotCharged or Unknown
        // readme: end
        return answer;
    }
}
