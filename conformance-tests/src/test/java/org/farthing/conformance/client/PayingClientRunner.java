package org.farthing.conformance.client;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentTimer;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.protocol.binding.Origin;

/** Our own paying client, in process: what the client suite must be green on. A client for each errand, one purse for all. */
final class PayingClientRunner implements Runner {

    /** The suite's pauses are of no use here: what is asked for again is asked for at once. */
    private static final PaymentTimer NOW = delay -> CompletableFuture.completedFuture(null);

    private final Purse purse;
    private final Purse thrifty;

    PayingClientRunner(Path folder) throws IOException {
        this.purse = Purse.create(folder.resolve("purse"), new SecureRandom());
        this.thrifty = Purse.create(folder.resolve("thrifty"), new SecureRandom());
    }

    @Override
    public boolean knows(String kind) {
        return kind.equals(Errand.GET) || kind.equals(Errand.POST) || kind.equals(Budgets.KIND);
    }

    @Override
    public Ran run(Errand errand) throws IOException, InterruptedException {
        String origin = Origin.of(errand.url().resolve("/")).text();
        boolean budget = errand.kind().equals(Budgets.KIND);
        SpendingPolicy policy = SpendingPolicy.builder()
                .allowOrigin(origin)
                .perRequest("0.02 USD")
                .total(budget ? "0.025 USD" : "1000 USD")
                .build();
        PayingClient client = PayingClient.builder(budget ? thrifty : purse, policy)
                .loopbackProfile()
                .timer(NOW)
                .build();
        HttpRequest.Builder request = HttpRequest.newBuilder(errand.url());
        if (errand.kind().equals(Errand.POST)) {
            request.POST(BodyPublishers.ofByteArray(errand.body()));
        }
        String line = "PayingClient " + errand.kind() + " " + errand.url();
        try {
            PaidResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            String body = answer.response().map(HttpResponse::body).orElse("");
            return new Ran(line, exit(answer), body, answer.outcome().toString());
        } catch (IOException e) {
            return new Ran(line, 1, "", e.toString());
        }
    }

    /** As the command line has it: 0 for content, whatever it cost. */
    private static int exit(PaidResponse<?> answer) {
        boolean content = answer.response()
                .filter(response -> response.statusCode() / 100 == 2)
                .isPresent();
        return content ? 0 : 3;
    }
}
