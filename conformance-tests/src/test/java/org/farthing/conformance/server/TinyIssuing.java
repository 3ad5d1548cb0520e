package org.farthing.conformance.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.farthing.conformance.server.TinyRefusals.Refusal;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.IssuerLinks;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.testing.TestTokenKeys;

/** Keys, directory and signatures of {@link TinyMint}. */
final class TinyIssuing {

    /** What there is: 0.0005, 0.001 and 0.002 dollars. */
    static final List<Long> VALUES = List.of(500L, 1000L, 2000L);
    /** What is sold together. */
    static final Bundle BUNDLE = Bundle.of(new TreeMap<>(Map.of(500L, 2, 1000L, 2, 2000L, 1)));

    private static final long DAY = 24L * 60 * 60;
    /** The key whose tokens cannot be spent any more. */
    private static final int ENDED = 4;

    private final List<TokenSecretKey> secrets = new ArrayList<>();
    private final IssuerDirectory directory;
    private final TinyClock clock;
    private final Set<TokenFault> faults;
    private final AtomicInteger asked = new AtomicInteger();

    TinyIssuing(Origin origin, TinyClock clock, Set<TokenFault> faults) {
        this.clock = clock;
        this.faults = faults;
        List<PublishedKey> keys = new ArrayList<>();
        for (int at = 0; at < VALUES.size(); at++) {
            secrets.add(TestTokenKeys.get(at));
            keys.add(published(TestTokenKeys.publicKey(at), VALUES.get(at), 0));
        }
        secrets.add(TestTokenKeys.get(ENDED));
        keys.add(published(TestTokenKeys.publicKey(ENDED), 1000, 61));
        directory = IssuerDirectory.of(origin, IssuerLinks.at(origin), keys, List.of(BUNDLE));
    }

    private PublishedKey published(TokenKey key, long value, long daysAgo) {
        var now = clock.instant().minusSeconds(daysAgo * DAY);
        return new PublishedKey(
                key,
                new Amount(value),
                new CurrencyId("usd.e6"),
                now.minusSeconds(DAY),
                now.plusSeconds(30 * DAY),
                now.plusSeconds(60 * DAY),
                now.plusSeconds(67 * DAY),
                now.plusSeconds(90 * DAY));
    }

    IssuerDirectory directory() {
        return directory;
    }

    /** The directory as it goes out. */
    TinyAnswer published() {
        String text = directory.format();
        if (faults.contains(TokenFault.DIRECTORY_FOR_EACH)) {
            text = text + " ".repeat(asked.incrementAndGet());
        }
        if (faults.contains(TokenFault.DIRECTORY_UNREADABLE)) {
            text = text.replace("token-keys", "keys");
        }
        TinyAnswer answer = new TinyAnswer(200)
                .body(
                        faults.contains(TokenFault.DIRECTORY_IS_JSON) ? "application/json" : IssuerDirectory.MEDIA_TYPE,
                        text)
                .add("ETag", "\"" + directory.hash() + "\"");
        return answer.add(
                "Cache-Control", faults.contains(TokenFault.DIRECTORY_NOT_KEPT) ? "no-store" : "public, max-age=3600");
    }

    /** The key of a token. */
    Optional<PublishedKey> keyOf(BlindToken token) {
        return directory.keys().stream()
                .filter(key -> Arrays.equals(key.key().id(), token.keyId()))
                .findFirst();
    }

    long worth(List<BlindToken> tokens) {
        return tokens.stream()
                .mapToLong(token ->
                        keyOf(token).map(key -> key.value().baseUnits()).orElse(0L))
                .sum();
    }

    private Optional<PublishedKey> keyFor(TokenRequest request) {
        Optional<PublishedKey> key = directory.keyByTruncated(request.truncatedKeyId());
        return key.isEmpty() && faults.contains(TokenFault.ANY_KEY)
                ? Optional.of(directory.keys().get(0))
                : key;
    }

    /** The places of tokens that cannot be spent any more. */
    List<Integer> expired(List<BlindToken> tokens) {
        List<Integer> places = new ArrayList<>();
        for (int at = 0; at < tokens.size(); at++) {
            if (keyOf(tokens.get(at))
                    .filter(key -> key.spendableAt(clock.instant()))
                    .isEmpty()) {
                places.add(at);
            }
        }
        return places;
    }

    /** A token that was not spent in its time. */
    BlindToken expired(TokenChallenge challenge) {
        PublishedKey ended = directory.keys().get(secrets.size() - 1);
        TokenOrder order = TokenOrder.of(List.of(ended.key()), challenge);
        try {
            return order.tokens(List.of(new TokenResponse(
                            secret(ended).blindSign(order.messages().get(0).blinded()))))
                    .get(0);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    /** What the requests are worth, all of which can be signed. */
    long value(List<TokenRequest> requests) throws Refusal {
        long sum = 0;
        for (TokenRequest request : requests) {
            PublishedKey key = keyFor(request).orElseThrow(() -> TinyTill.no(ProblemType.BAD_REQUEST, 400));
            if (!key.sellableAt(clock.instant()) && !faults.contains(TokenFault.SELLS_WHAT_ENDED)) {
                throw TinyTill.no(ProblemType.TOKEN_EXPIRED, 409);
            }
            requireSignable(request, key);
            sum += key.value().baseUnits();
        }
        return sum;
    }

    private void requireSignable(TokenRequest request, PublishedKey key) throws Refusal {
        try {
            if (!faults.contains(TokenFault.ANY_NUMBER_SIGNED)) {
                secret(key).requireSignable(request.blinded());
            }
        } catch (MalformedException e) {
            throw TinyTill.no(ProblemType.BAD_REQUEST, 400);
        }
    }

    /** Whether the requests are for what is sold together. */
    boolean isBundle(List<TokenRequest> requests) {
        Map<Long, Integer> ordered = requests.stream()
                .collect(Collectors.toMap(
                        request -> keyFor(request)
                                .map(key -> key.value().baseUnits())
                                .orElse(0L),
                        request -> 1,
                        Integer::sum,
                        TreeMap::new));
        return ordered.equals(new TreeMap<>(BUNDLE.tokens())) || faults.contains(TokenFault.ANY_ORDER);
    }

    private TokenSecretKey secret(PublishedKey key) {
        return secrets.get(directory.keys().indexOf(key));
    }

    /** The name of a request among those that were signed. */
    byte[] message(TokenRequest request) {
        return request.messageHash(keyFor(request).orElseThrow().key().id());
    }

    TokenResponse sign(TokenRequest request) throws Refusal {
        PublishedKey key = keyFor(request).orElseThrow();
        TokenSecretKey signer = secret(key);
        if (faults.contains(TokenFault.WRONG_SIGNATURES)) {
            return new TokenResponse(request.blinded());
        }
        try {
            return new TokenResponse(signer.blindSign(request.blinded()));
        } catch (MalformedException e) {
            throw TinyTill.no(ProblemType.BAD_REQUEST, 400);
        }
    }

    /** The answer with signatures. */
    String signed(List<TokenRequest> requests) throws Refusal {
        List<TokenResponse> responses = new ArrayList<>();
        for (TokenRequest request : requests) {
            responses.add(sign(request));
        }
        return "{\"responses\":\"" + TokenResponse.formatAll(responses) + "\"}";
    }
}
