package org.farthing.conformance.client;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.protocol.binding.Origin;

/** Our own paying client, in process: what the client suite must be green on. A client for each errand, one purse for all. */
final class PayingClientRunner implements Runner {

    private final Purse purse;

    PayingClientRunner(Path folder) throws IOException {
        this.purse = Purse.create(folder.resolve("purse"), new SecureRandom());
    }

    @Override
    public boolean knows(String kind) {
        return kind.equals(Errand.GET) || kind.equals(Errand.POST);
    }

    @Override
    public Ran run(Errand errand) throws IOException, InterruptedException {
        String origin = Origin.of(errand.url().resolve("/")).text();
        SpendingPolicy policy = SpendingPolicy.builder()
                .allowOrigin(origin)
                .perRequest("0.02 USD")
                .total("1000 USD")
                .build();
        PayingClient client =
                PayingClient.builder(purse, policy).loopbackProfile().build();
        HttpRequest.Builder request = HttpRequest.newBuilder(errand.url());
        if (errand.kind().equals(Errand.POST)) {
            request.POST(BodyPublishers.ofByteArray(errand.body()));
        }
        String line = "PayingClient " + errand.kind() + " " + errand.url();
        try {
            PaidResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            String body = answer.response().map(HttpResponse::body).orElse("");
            return new Ran(line, 0, body, answer.outcome().toString());
        } catch (IOException e) {
            return new Ran(line, 1, "", e.toString());
        }
    }
}
