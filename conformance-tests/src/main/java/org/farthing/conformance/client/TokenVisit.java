package org.farthing.conformance.client;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.token.BlindToken;

/**
 * What a command with blind tokens did on one visit.
 *
 * @param mint whose tokens
 * @param visit the visit
 */
record TokenVisit(Mint mint, Visit visit) {

    private static final int MOST = 1000;

    /** The credentials that came to pages. */
    List<Presented> shown() {
        return visit.credentials().stream()
                .filter(credential -> visit.isFor(credential.request()))
                .toList();
    }

    /** How many different payments for tokens came. */
    long purchases() {
        return payments().size();
    }

    /** Whether nothing was paid for tokens here but what was paid for on another visit. */
    boolean sameAs(TokenVisit other) {
        return other.payments().containsAll(payments());
    }

    private List<String> payments() {
        return visit.credentials().stream()
                .filter(credential -> Mint.isPurchase(credential.request()))
                .map(Presented::token)
                .distinct()
                .toList();
    }

    /** Every request to the issuer's purchase. */
    List<Received> orders() {
        return visit.seen().stream()
                .map(Visit.Seen::request)
                .filter(Mint::isPurchase)
                .toList();
    }

    /** The tokens in a credential, as they stand there. */
    static List<BlindToken> tokens(Presented credential) {
        Object text = credential.payload().get("tokens");
        try {
            if (text instanceof String tokens) {
                return BlindToken.parseAll(tokens, MOST);
            }
        } catch (MalformedException e) {
            throw new NotAsExpected("tokens of 354 bytes, as base64url", "payload.tokens that " + e.getMessage());
        }
        throw new NotAsExpected(
                "a payload with the text \"tokens\"",
                "payload with " + credential.payload().keySet());
    }

    /** The serials that were shown to the page, all of them. */
    List<String> serials() {
        List<String> serials = new ArrayList<>();
        for (Presented credential : shown()) {
            tokens(credential).forEach(token -> serials.add(token.serial().text()));
        }
        return serials;
    }

    /** Fails unless the page was paid by tokens that are good and worth so much. */
    void paid(long price) {
        List<Presented> all = shown();
        NotAsExpected.unless(!all.isEmpty(), "a payment by tokens", "no credential came; " + visit.story());
        long different = all.stream().map(Presented::token).distinct().count();
        NotAsExpected.unless(different == 1, "one payment", different + " different ones");
        List<BlindToken> tokens = tokens(all.get(0));
        good(tokens);
        long sum = tokens.stream()
                .mapToLong(token -> mint.worth(token).orElseThrow())
                .sum();
        NotAsExpected.unless(sum == price, "tokens worth " + price, "tokens worth " + sum);
    }

    /** Fails if a token was shown that its issuer did not make. */
    void good(List<BlindToken> tokens) {
        long bad = tokens.stream().filter(token -> mint.worth(token).isEmpty()).count();
        NotAsExpected.unless(bad == 0, "tokens that hold", bad + " of " + tokens.size() + " do not");
    }

    /** Fails if any token, or another payment, came to the page. */
    void notPaid(String because) {
        NotAsExpected.unless(
                shown().isEmpty(),
                "no credential, because " + because,
                shown().size() + " came, with "
                        + shown().stream()
                                .map(credential ->
                                        String.valueOf(credential.payload().keySet()))
                                .collect(Collectors.joining(", ")));
    }
}
