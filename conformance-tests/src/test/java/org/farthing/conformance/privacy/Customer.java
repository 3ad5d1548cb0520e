package org.farthing.conformance.privacy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.Purchase;
import org.farthing.client.token.TokenScope;
import org.farthing.protocol.Amount;
import org.farthing.protocol.signature.VerificationKey;

/** Somebody with a wallet at the issuer who buys tokens there and pays the payee with them: the real client. */
final class Customer {

    private final TokenWorld world;
    private final BlindTokens tokens;
    private final PayingClient client;
    private final String wallet;

    Customer(TokenWorld world, Path directory, HttpClient http) throws IOException {
        this.world = world;
        Purse purse = Purse.create(directory, new SecureRandom());
        VerificationKey key = purse.publicKey(world.issuer);
        wallet = purse.walletId(world.issuer);
        world.open(wallet, key.thumbprint(), key.toString(), 1_000_000);
        SpendingPolicy policy = SpendingPolicy.builder()
                .allowAnyOrigin()
                .perRequest("0.01usd")
                .perPeriod(Duration.ofDays(1), "10usd")
                .build();
        PayingClient paying = PayingClient.builder(purse, policy)
                .httpClient(http)
                .clock(world.clock)
                .loopbackProfile()
                .build();
        tokens = BlindTokens.builder(purse, paying)
                .httpClient(http)
                .clock(world.clock)
                .loopbackProfile()
                .build();
        client = PayingClient.builder(purse, policy)
                .httpClient(http)
                .clock(world.clock)
                .loopbackProfile()
                .journal(paying.journal())
                .preferMethod(tokens.method())
                .build();
    }

    String wallet() {
        return wallet;
    }

    void buy(int times) {
        TokenScope scope = new TokenScope(world.issuer, world.payee);
        for (int i = 0; i < times; i++) {
            Purchase purchase = tokens.buy(scope, Amount.of(TokenWorld.VALUE)).join();
            if (!(purchase instanceof Purchase.Bought)) {
                throw new AssertionError(purchase.toString());
            }
        }
    }

    void pay(int times) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(world.payee.text() + "/page")).build();
        for (int i = 0; i < times; i++) {
            try {
                PaidResponse<String> answer = client.send(request, BodyHandlers.ofString());
                if (answer.response().orElseThrow().statusCode() != 200) {
                    throw new AssertionError(answer.toString());
                }
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
