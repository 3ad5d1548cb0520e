package org.farthing.examples;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.Purchase;
import org.farthing.client.token.TokenScope;
import org.farthing.protocol.Amount;
import org.farthing.protocol.binding.Origin;

/** A program that buys tokens and pays with them. */
final class TokenPayingExample {

    private TokenPayingExample() {}

    static PaidResponse<String> fetch(Path purseFolder, SpendingPolicy budget, Origin mint, URI document)
            throws Exception {
        // readme: begin
        Purse purse = Purse.open(purseFolder);
        PayingClient wallet =
                PayingClient.builder(purse, budget).loopbackProfile().build();
        BlindTokens tokens =
                BlindTokens.builder(purse, wallet).loopbackProfile().build();
        TokenScope scope = new TokenScope(mint, Origin.of(document)); // whose tokens, and whom they are for
        Purchase bought = tokens.buy(scope, Amount.of(50_000)).join(); // 0.05 USD: ahead, not just before paying
        PayingClient client = PayingClient.builder(purse, budget)
                .journal(wallet.journal())
                .preferMethod(tokens.method())
                .loopbackProfile()
                .build();
        HttpRequest request = HttpRequest.newBuilder(document).build();
        PaidResponse<String> answer = client.send(request, BodyHandlers.ofString());
        System.out.println(bought + ", then " + answer.outcome());
        // readme: end
        return answer;
    }
}
