package org.farthing.conformance.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.IssuerLinks;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.RestoreAnswer;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenResponses;
import org.farthing.protocol.token.TokenSecretKey;

/**
 * An issuer of blind tokens that is a payee, too: it sells one bundle for a wallet's order, signs again what it signed, and takes
 * the tokens for its pages. Right in all of this; scripts make it wrong.
 */
final class Mint {

    /** What its tokens are worth, in millionths of a dollar: a hundredth to four hundredths of a cent. */
    static final List<Long> VALUES = List.of(100L, 200L, 400L);
    /** How many of each a bundle has. */
    private static final int EACH = 3;
    /** What a bundle costs. */
    static final long BUNDLE = EACH * 700L;
    /** What a page costs: a token of each value but the largest. */
    static final long PRICE = 300;

    private static final String CURRENCY = "usd.e6";
    private static final Pattern RESPONSES = Pattern.compile("\"responses\":\"([A-Za-z0-9_-]*)\"");
    private static final String PURCHASE = "/token-purchase";
    private static final String RESTORE = "/token-restore";

    private final Payee payee;
    private final Origin origin;
    private final Map<String, TokenSecretKey> secrets = new LinkedHashMap<>();
    private final IssuerDirectory directory;
    private final Map<String, TokenResponse> signed = new ConcurrentHashMap<>();

    Mint(Payee payee, List<TokenSecretKey> keys, Instant now) {
        this.payee = payee;
        this.origin = new Origin(payee.origin());
        Instant from = Instant.ofEpochSecond(now.minus(Duration.ofDays(1)).getEpochSecond());
        List<PublishedKey> published = new ArrayList<>();
        for (int at = 0; at < VALUES.size(); at++) {
            TokenSecretKey key = keys.get(at);
            secrets.put(key.publicKey().keyId(), key);
            published.add(new PublishedKey(
                    key.publicKey(),
                    new Amount(VALUES.get(at)),
                    new CurrencyId(CURRENCY),
                    from,
                    from.plus(Duration.ofDays(30)),
                    from.plus(Duration.ofDays(60)),
                    from.plus(Duration.ofDays(67)),
                    from.plus(Duration.ofDays(90))));
        }
        Map<Long, Integer> bundle = new TreeMap<>();
        VALUES.forEach(value -> bundle.put(value, EACH));
        directory = IssuerDirectory.of(origin, IssuerLinks.at(origin), published, List.of(Bundle.of(bundle)));
    }

    Payee payee() {
        return payee;
    }

    /** What its offers say of tokens. */
    Map<String, Object> details() {
        TokenOffer terms =
                new TokenOffer(origin, challenge(), new Denominations(VALUES), VALUES.size(), false, directory.hash());
        return Map.copyOf(terms.toMethodDetails());
    }

    /** An offer of method token with nothing wrong about it. */
    Offer offer() {
        return Offer.good(new Method(
                Method.TOKEN,
                "charge",
                Map.of(
                        "amount",
                        Long.toString(PRICE),
                        "currency",
                        CURRENCY,
                        "recipient",
                        payee.origin(),
                        "methodDetails",
                        details()),
                Map.of()));
    }

    /** What its tokens are made for. */
    TokenChallenge challenge() {
        return TokenChallenge.forPayee(origin, origin);
    }

    /** What it answers beside the pages; empty for what is the payee's business. */
    Optional<Reply> beside(Received request, Visit visit) {
        return switch (request.path()) {
            case IssuerDirectory.WELL_KNOWN_PATH ->
                Optional.of(Reply.status(200)
                        .body(IssuerDirectory.MEDIA_TYPE, directory.format())
                        .with("Cache-Control", "public, max-age=3600"));
            case PURCHASE -> Optional.of(purchase(request, visit));
            case RESTORE -> Optional.of(restore(request));
            default -> Optional.empty();
        };
    }

    static boolean isPurchase(Received request) {
        return request.path().equals(PURCHASE);
    }

    static boolean isRestore(Received request) {
        return request.path().equals(RESTORE);
    }

    private Reply purchase(Received request, Visit visit) {
        try {
            List<TokenRequest> asked = PurchaseBody.parse(request.body()).requests();
            if (value(asked) != BUNDLE || asked.size() != EACH * VALUES.size()) {
                return Till.refuse("That is not what is sold here.").withStatus(400);
            }
            if (!request.hasCredential()) {
                String digest = ContentDigest.of(request.body()).format();
                return visit.demand(
                        request,
                        Offer.good(Method.WALLET)
                                .member("amount", Long.toString(BUNDLE))
                                .parameter("digest", digest));
            }
            Reply served = visit.serve(request);
            return served.status() == 200 ? served.body("application/json", sign(asked)) : served;
        } catch (MalformedException e) {
            return Till.refuse("That is no order.").withStatus(400);
        }
    }

    private long value(List<TokenRequest> asked) {
        return asked.stream()
                .mapToLong(one -> directory
                        .keyByTruncated(one.truncatedKeyId())
                        .map(key -> key.value().baseUnits())
                        .orElse(0L))
                .sum();
    }

    /** The answer to an order, which is remembered. */
    private String sign(List<TokenRequest> asked) throws MalformedException {
        List<TokenResponse> responses = new ArrayList<>();
        for (TokenRequest one : asked) {
            TokenResponse known = signed.get(name(one));
            TokenResponse response = known == null ? response(one) : known;
            signed.put(name(one), response);
            responses.add(response);
        }
        return new TokenResponses(responses).format();
    }

    private TokenResponse response(TokenRequest asked) throws MalformedException {
        PublishedKey key = directory.keyByTruncated(asked.truncatedKeyId()).orElseThrow();
        TokenSecretKey secret =
                Objects.requireNonNull(secrets.get(key.key().keyId()), "each key of the directory was made here");
        return new TokenResponse(secret.blindSign(asked.blinded()));
    }

    /** An answer with signatures, none of which holds any more. */
    static Reply spoiled(Reply right) {
        Matcher responses = RESPONSES.matcher(right.text());
        if (!responses.find()) {
            return right;
        }
        byte[] bytes = Base64.getUrlDecoder().decode(responses.group(1));
        for (int at = 0; at < bytes.length; at += TokenResponse.LENGTH) {
            bytes[at + TokenResponse.LENGTH - 1] ^= 1;
        }
        String text = right.text();
        return right.body(
                "application/json",
                text.substring(0, responses.start(1)) + Base64Url.encode(bytes) + text.substring(responses.end(1)));
    }

    private static String name(TokenRequest asked) {
        return asked.truncatedKeyId() + Base64Url.encode(asked.blinded());
    }

    private Reply restore(Received request) {
        try {
            List<Optional<TokenResponse>> answers = new ArrayList<>();
            for (TokenRequest one : PurchaseBody.parse(request.body()).requests()) {
                answers.add(Optional.ofNullable(signed.get(name(one))));
            }
            return Reply.status(200).body("application/json", new RestoreAnswer(answers).format());
        } catch (MalformedException e) {
            return Till.refuse("That asks for nothing.").withStatus(400);
        }
    }

    /** What a token is worth; empty if it was not made here, for here. */
    Optional<Long> worth(BlindToken token) {
        return directory.keys().stream()
                .filter(key -> Arrays.equals(key.key().id(), token.keyId()))
                .filter(key -> token.isFor(challenge()) && key.key().verify(token))
                .map(key -> key.value().baseUnits())
                .findFirst();
    }
}
