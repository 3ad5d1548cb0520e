package org.farthing.server.jetty;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.server.ledger.UsedToken;

/**
 * What a payee finds out about a swap before it claims anything for it: what costs nothing first, signatures last (specification:
 * token-remote.md, F-TK-115). None of its refusals is a 402.
 */
record SwapCheck(Origin issuer, List<Origin> payees, IssuerDirectory directory, Instant now) {

    private static final int CONFLICT = 409;

    /**
     * A swap that may be claimed.
     *
     * @param payee the payee the tokens are for
     * @param exchange the digest of the body: what it is claimed for, here and at the issuer
     * @param tokens what is claimed
     * @param answers how many signatures are asked for
     */
    record Claimable(Origin payee, String exchange, List<UsedToken> tokens, int answers) {}

    Claimable check(SwapBody body) {
        Origin payee = payee(body.challenge());
        List<BlindToken> tokens = body.tokens();
        if (hasTwice(tokens.stream().map(BlindToken::serial).toList())) {
            throw unusable("A token is there twice.");
        }
        if (hasTwice(body.requests())) {
            throw unusable("A message is there twice.");
        }
        List<PublishedKey> keys = keys(body);
        requireInTime(keys);
        requireEqual(sum(keys), sum(ordered(body.requests())));
        for (int i = 0; i < tokens.size(); i++) {
            if (!keys.get(i).key().verify(tokens.get(i))) {
                throw unusable("Token " + i + " is not signed by the key it names.");
            }
        }
        List<UsedToken> used = tokens.stream()
                .map(token -> new UsedToken(keyId(token), token.serial().text()))
                .toList();
        return new Claimable(payee, body.owner(), used, body.requests().size());
    }

    /** Tokens of others are not this payee's to claim. */
    private Origin payee(TokenChallenge challenge) {
        return payees.stream()
                .filter(payee -> challenge.equals(TokenChallenge.forPayee(issuer, payee)))
                .findFirst()
                .orElseThrow(() -> new Refusal(Problem.of(
                        ProblemType.NOT_ALLOWED,
                        "These are no tokens of an issuer this payee takes, for this payee.")));
    }

    private static boolean hasTwice(Collection<?> all) {
        return new HashSet<>(all).size() < all.size();
    }

    private List<PublishedKey> keys(SwapBody body) {
        List<PublishedKey> keys = new ArrayList<>();
        List<BlindToken> tokens = body.tokens();
        for (int i = 0; i < tokens.size(); i++) {
            BlindToken token = tokens.get(i);
            int index = i;
            if (!token.isFor(body.challenge())) {
                throw unusable("Token " + i + " is not for this challenge.");
            }
            keys.add(directory
                    .key(keyId(token))
                    .orElseThrow(() -> over("Token " + index + " is of no key of the directory.", List.of(index))));
        }
        return keys;
    }

    private void requireInTime(List<PublishedKey> keys) {
        List<Integer> over = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (!keys.get(i).redeemableAt(now)) {
                over.add(i);
            }
        }
        if (over.isEmpty()) {
            return;
        }
        Refusal refusal = over("Tokens are no longer changed through this payee.", over);
        boolean issuerDoes = over.stream().allMatch(i -> keys.get(i).issuerAloneAt(now));
        throw issuerDoes
                ? new Refusal(refusal.problem()
                        .withResolution(
                                new Problem.Resolution("swap", directory.links().swap(), null)))
                : refusal;
    }

    /** The keys that are asked for; one that sells nothing now would make a claim for nothing. */
    private List<PublishedKey> ordered(List<TokenRequest> requests) {
        return requests.stream()
                .map(request -> directory
                        .keyByTruncated(request.truncatedKeyId(), now)
                        .orElseThrow(() -> new Refusal(Problem.of(
                                        ProblemType.TOKEN_EXPIRED,
                                        "A key that is named is not on sale now. Read the directory again.")
                                .withStatus(CONFLICT))))
                .toList();
    }

    private static long sum(List<PublishedKey> keys) {
        long sum = 0;
        try {
            for (PublishedKey key : keys) {
                sum = Math.addExact(sum, key.value().baseUnits());
            }
        } catch (ArithmeticException e) {
            throw unusable("The tokens are worth more than any amount.");
        }
        return sum;
    }

    private static void requireEqual(long given, long asked) {
        if (given != asked) {
            throw new Refusal(Problem.of(
                            ProblemType.AMOUNT_MISMATCH,
                            "The messages are worth " + asked + " and must be worth " + given
                                    + "; nothing was changed.")
                    .withStatus(CONFLICT));
        }
    }

    static Refusal spent(Collection<Integer> indexes) {
        return new Refusal(Problem.of(ProblemType.TOKEN_SPENT, "Tokens were used before; nothing was changed.")
                .withStatus(CONFLICT)
                .with("spent", words(indexes)));
    }

    static Refusal over(String detail, Collection<Integer> indexes) {
        return new Refusal(Problem.of(ProblemType.TOKEN_EXPIRED, detail)
                .withStatus(CONFLICT)
                .with("expired", words(indexes)));
    }

    private static Refusal unusable(String detail) {
        return new Refusal(Problem.of(ProblemType.BAD_REQUEST, detail));
    }

    static String words(Collection<Integer> indexes) {
        return new TreeSet<>(indexes).stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static String keyId(BlindToken token) {
        return Base64Url.encode(token.keyId());
    }
}
