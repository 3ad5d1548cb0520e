package org.farthing.conformance.payer;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.Purchase;
import org.farthing.client.token.TokenScope;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.IssuerDirectory;

/**
 * Blind tokens to be bought before anything is asked for.
 *
 * @param money for how much, such as {@code 0.015usd}: a bundle of the issuer
 * @param issuer who sells them
 */
record TokenErrand(String money, Origin issuer) {

    /** Buys them for one payee, and tells. */
    void buy(BlindTokens tokens, Origin payee, Steps steps) throws IOException {
        try {
            IssuerDirectory directory = tokens.directory(issuer).join();
            Purchase purchase = tokens.buy(
                            new TokenScope(issuer, payee), find(directory).amount())
                    .join();
            if (!(purchase instanceof Purchase.Bought bought)) {
                throw new IOException("no tokens were bought at " + issuer + ": " + purchase);
            }
            String price = price(directory, find(directory)).format();
            steps.add(
                    "bought",
                    bought.tokens().size() + " tokens for " + price + " at " + issuer,
                    Steps.facts("tokens", bought.tokens().size(), "price", price, "issuer", issuer.text()));
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException failed
                    ? failed
                    : new IOException(String.valueOf(e.getCause()), e);
        }
    }

    private Bundle find(IssuerDirectory directory) {
        Money wanted = wanted();
        return directory.bundles().stream()
                .filter(bundle -> price(directory, bundle).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(issuer + " sells "
                        + directory.bundles().stream()
                                .map(bundle -> price(directory, bundle).format())
                                .collect(Collectors.joining(", "))
                        + ", not " + wanted.format()));
    }

    private static Money price(IssuerDirectory directory, Bundle bundle) {
        return Money.of(bundle.amount(), directory.currency());
    }

    private Money wanted() {
        try {
            return Money.parse(money);
        } catch (MalformedException e) {
            throw new IllegalArgumentException("--tokens " + money + " is no amount such as 0.05usd", e);
        }
    }
}
