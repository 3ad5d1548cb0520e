package org.farthing.conformance.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenOffer;

/**
 * Pays method {@code token}: buys tokens at the issuer the offer names, from the wallet the suite has, and shows those that sum to
 * the price (token-payment.md).
 */
final class TokenPayer implements Payer {

    private final Visit visit;

    TokenPayer(Visit visit) {
        this.visit = visit;
    }

    @Override
    public boolean pays(Offer offer) {
        return isForTokens(offer);
    }

    /** Whether an offer asks for tokens. */
    static boolean isForTokens(Offer offer) {
        return offer.method().equals("token") && offer.intent().equals("charge");
    }

    @Override
    public Proof pay(Offer offer) {
        return proof(exact(offer));
    }

    /** The payload that shows tokens. */
    static Proof proof(List<BlindToken> tokens) {
        return proof(BlindToken.formatAll(tokens));
    }

    /** The payload that shows whatever is written so. */
    static Proof proof(String tokens) {
        return new Proof(Map.of("type", "tokens", "tokens", tokens), null);
    }

    /** The credential that shows tokens to an offer. */
    Presented presented(Offer offer, List<BlindToken> tokens) {
        return Presented.of(offer, visit.site().pay(offer, fixed(proof(tokens))));
    }

    private static Payer fixed(Proof proof) {
        return new Payer() {
            @Override
            public boolean pays(Offer offer) {
                return true;
            }

            @Override
            public Proof pay(Offer offer) {
                return proof;
            }
        };
    }

    /**
     * A page's offer of method {@code token}.
     *
     * @throws NotApplicable if there is none; the page is named
     */
    Offer offer(Page page) {
        RawAnswer answer = visit.unpaid(page);
        return offers(answer)
                .orElseThrow(() -> new NotApplicable(
                        "needs an offer of method token, and \"" + page.name().word() + "\" has none"));
    }

    /** The offer of method {@code token} in an answer. */
    Optional<Offer> offers(RawAnswer answer) {
        return answer.status() == 402
                ? Offer.in(answer).stream().filter(this::pays).findFirst()
                : Optional.empty();
    }

    /** What an offer says of tokens, as a strict client reads it. */
    static TokenOffer terms(Offer offer) {
        try {
            return TokenOffer.parse(offer.strict().paymentRequest().methodDetails());
        } catch (MalformedException e) {
            throw new NotAsExpected("a request of method token", "one that cannot be read: " + e.getMessage());
        }
    }

    static long amount(Offer offer) {
        try {
            return offer.strict().paymentRequest().amount().baseUnits();
        } catch (MalformedException e) {
            throw new NotAsExpected("a request of method token", "one that cannot be read: " + e.getMessage());
        }
    }

    private static String currency(Offer offer) {
        return offer.asked("currency").orElse("");
    }

    /** The issuer an offer names. */
    TokenMint mint(Offer offer) {
        return new TokenMint(visit, terms(offer).issuer());
    }

    /** Good tokens that sum to the price, shown to nobody before; the smallest one for a price that nothing sums to. */
    List<BlindToken> exact(Offer offer) {
        long amount = amount(offer);
        Denominations denominations = terms(offer).denominations();
        Map<Long, Integer> coins = denominations
                .fewest(new Amount(amount))
                .orElse(Map.of(denominations.values().get(0), 1));
        List<Long> values = new ArrayList<>();
        coins.forEach((value, count) -> {
            for (int i = 0; i < count; i++) {
                values.add(value);
            }
        });
        return worth(offer, values);
    }

    /** Good tokens of these values for the payee of an offer. */
    List<BlindToken> worth(Offer offer, List<Long> values) {
        return values.stream().map(value -> token(offer, value)).toList();
    }

    /** A good token of a value for the payee of an offer. */
    BlindToken token(Offer offer, long value) {
        String challenge = terms(offer).challenge().text();
        TokenPouch pouch = visit.site().pouch();
        return pouch.take(challenge, value).orElseGet(() -> {
            fill(offer, value);
            return pouch.take(challenge, value)
                    .orElseThrow(() -> new NotApplicable("needs a bundle of tokens with one of " + value));
        });
    }

    /** Buys the cheapest bundle that has a token of a value. */
    private void fill(Offer offer, long value) {
        TokenMint mint = mint(offer);
        TokenChallenge challenge = terms(offer).challenge();
        Bundle bundle = mint.directory().bundles().stream()
                .filter(one -> one.tokens().containsKey(value))
                .min(Comparator.comparing(Bundle::amount))
                .orElseThrow(() -> new NotApplicable("needs a bundle of the issuer that has tokens of " + value));
        List<PublishedKey> keys = keys(mint, bundle, currency(offer));
        List<BlindToken> tokens = mint.bought(TokenOrder.of(tokenKeys(keys), challenge));
        for (int at = 0; at < tokens.size(); at++) {
            visit.site().pouch().put(challenge.text(), keys.get(at).value().baseUnits(), tokens.get(at));
        }
    }

    /** A key for each token of a bundle. */
    static List<PublishedKey> keys(TokenMint mint, Bundle bundle, String currency) {
        List<PublishedKey> keys = new ArrayList<>();
        bundle.tokens().forEach((value, count) -> {
            for (int i = 0; i < count; i++) {
                keys.add(mint.key(value, currency));
            }
        });
        return keys;
    }

    static List<TokenKey> tokenKeys(List<PublishedKey> keys) {
        return keys.stream().map(PublishedKey::key).collect(Collectors.toList());
    }

    /** The cheapest bundle of an issuer. */
    static Bundle cheapest(TokenMint mint) {
        return mint.directory().bundles().stream()
                .min(Comparator.comparing(Bundle::amount))
                .orElseThrow(() -> new NotApplicable("needs \"bundles\" in the issuer's directory"));
    }

    /** Who would be paid by tokens of another payee. */
    static TokenChallenge elsewhere(Offer offer) {
        return TokenChallenge.forPayee(terms(offer).issuer(), new Origin("https://another-payee.example"));
    }

    /** A name for reports. */
    @Override
    public String toString() {
        return "blind tokens";
    }
}
