package org.farthing.conformance.client;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentTimer;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.TokenScope;
import org.farthing.client.trust.KeyFetcher;
import org.farthing.protocol.Amount;
import org.farthing.protocol.binding.Origin;

/** Our own paying client, in process: what the client suite must be green on. A client for each errand, one purse for all. */
final class PayingClientRunner implements Runner {

    /** The suite's pauses are of no use here: what is asked for again is asked for at once. */
    private static final PaymentTimer NOW = delay -> CompletableFuture.completedFuture(null);

    /** So that an issuer that never answers is not asked for a minute, without a pause. */
    private static final Duration SOON = Duration.ofMillis(50);

    private final Purse purse;
    private final Purse thrifty;

    PayingClientRunner(Path folder) throws IOException {
        this.purse = Purse.create(folder.resolve("purse"), new SecureRandom());
        this.thrifty = Purse.create(folder.resolve("thrifty"), new SecureRandom());
    }

    @Override
    public boolean knows(String kind) {
        return Set.of(Errand.GET, Errand.POST, Errand.BUY, Errand.TOKENS, Budgets.KIND)
                .contains(kind);
    }

    @Override
    public Ran run(Errand errand) throws IOException, InterruptedException {
        if (errand.kind().equals(Errand.BUY)) {
            return buy(errand);
        }
        String origin = Origin.of(errand.url().resolve("/")).text();
        boolean budget = errand.kind().equals(Budgets.KIND);
        SpendingPolicy policy = SpendingPolicy.builder()
                .allowOrigin(origin)
                .perRequest("0.02 USD")
                .total(budget ? "0.025 USD" : "1000 USD")
                .build();
        PayingClient client = client(budget ? thrifty : purse, policy);
        if (errand.kind().equals(Errand.TOKENS)) {
            client = patient(purse, policy)
                    .timer(NOW)
                    .journal(client.journal())
                    .methods(List.of(tokens(client).method()))
                    .build();
        }
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

    private static PayingClient client(Purse purse, SpendingPolicy policy) throws IOException {
        return patient(purse, policy).timer(NOW).build();
    }

    /** A machine that is busy with something else may need more than the three seconds of F-KY-50 for a key document. */
    private static PayingClient.Builder patient(Purse purse, SpendingPolicy policy) {
        return PayingClient.builder(purse, policy)
                .loopbackProfile()
                .keyFetcher(like -> new KeyFetcher(like, InstantSource.system(), Runnable::run, Duration.ofMinutes(1)));
    }

    private BlindTokens tokens(PayingClient wallet) throws IOException {
        return BlindTokens.builder(purse, wallet).loopbackProfile().timer(NOW).build();
    }

    /** What the command line does: what was left open first, and only then something new. */
    private Ran buy(Errand errand) throws IOException {
        Origin issuer = Origin.of(errand.url().resolve("/"));
        TokenScope scope = new TokenScope(issuer, issuer);
        SpendingPolicy policy = SpendingPolicy.builder()
                .allowOrigin(issuer.text())
                .perRequest("0.02 USD")
                .total("1000 USD")
                .build();
        BlindTokens tokens =
                tokens(patient(purse, policy).timer(NOW).patience(SOON).build());
        String line = "BlindTokens buy " + issuer;
        try {
            String how = tokens.open().contains(scope)
                    ? "open: " + tokens.recover(scope).join()
                    : tokens.buy(scope, Amount.of(Mint.BUNDLE)).join().toString();
            return new Ran(line, 0, how, "");
        } catch (CompletionException e) {
            return new Ran(line, 1, "", String.valueOf(e.getCause()));
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
