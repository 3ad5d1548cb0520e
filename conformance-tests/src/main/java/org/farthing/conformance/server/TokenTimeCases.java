package org.farthing.conformance.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PublishedKey;

/** Tokens whose time is over, and keys that make none any more. */
@Group("Tokens past their time")
final class TokenTimeCases {

    private final Site site;

    TokenTimeCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "F-TK-57-expired",
            rows = {"F-TK-57", "F-TK-16"},
            section = "token-payment.md, F-TK-57",
            profile = Profile.TOKEN,
            title = "A token past its time is refused with TOKEN_EXPIRED, its place, and where it can be exchanged",
            fix =
                    "Compare the time with spend-until of each token's key; answer 402 TOKEN_EXPIRED with expired, the places from 0, and a resolve entry swap.")
    void expired(Trace trace) {
        Visit visit = site.visit(trace);
        BlindToken token = site.expiredToken();
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.paid();
        Offer offer = payer.offer(page);
        PublishedKey key = payer.mint(offer).directory().keys().stream()
                .filter(one -> Base64Url.encode(token.keyId()).equals(one.key().keyId()))
                .findFirst()
                .orElseThrow(() -> new NotApplicable("needs an expired token of a key in the issuer's directory"));
        boolean fits = token.isFor(TokenPayer.terms(offer).challenge())
                && key.value().baseUnits() == TokenPayer.amount(offer)
                && !key.spendableAt(site.now())
                && key.swappableAt(site.now());
        if (!fits) {
            throw new NotApplicable(
                    "needs a token for this page that is its price, and that is past spend-until and not"
                            + " past swap-until of its key");
        }
        Presented credential = payer.presented(offer, List.of(token));
        RawAnswer answer = visit.present("a token past its time", page, credential);
        var unused = Expect.refusedAfresh(answer, credential.echoed("id"));
        NotAsExpected.unless(
                TokenMint.code(answer).equals("TOKEN_EXPIRED"),
                "a problem whose code is TOKEN_EXPIRED",
                answer.brief() + Expect.problemOf(answer));
        JsonNode problem = Expect.json(answer).orElseThrow();
        NotAsExpected.unless(
                problem.path("expired").asText("").equals("0"),
                "\"expired\":\"0\"",
                "\"expired\": " + problem.path("expired"));
        List<String> ways = new ArrayList<>();
        problem.path("resolve").forEach(way -> ways.add(way.path("rel").asText("")));
        NotAsExpected.unless(ways.contains("swap"), "a resolve entry with rel swap", "resolve with rels " + ways);
    }

    @Case(
            id = "F-TK-80-not-on-sale",
            rows = {"F-TK-80", "T60"},
            section = "token-mint.md, F-TK-80",
            profile = Profile.TOKEN,
            title = "An order for a key that is not on sale now is refused before it is priced",
            fix =
                    "Compare the time with not-before and not-after of each key ordered; answer 409 TOKEN_EXPIRED, never 402.")
    void notOnSale(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Offer offer = payer.offer(site.paid());
        TokenMint mint = payer.mint(offer);
        List<PublishedKey> keys = TokenPayer.keys(
                mint, TokenPayer.cheapest(mint), offer.asked("currency").orElse(""));
        // Of a value that the bundle has, so that nothing else is wrong with the order.
        PublishedKey ended = mint.directory().keys().stream()
                .filter(key -> !key.sellableAt(site.now()) && place(keys, key) >= 0)
                .findFirst()
                .orElseThrow(() -> new NotApplicable(
                        "needs a key in the issuer's directory that is not on sale now, for a value that its cheapest"
                                + " bundle has"));
        keys.set(place(keys, ended), ended);
        TokenOrder order = TokenOrder.of(
                TokenPayer.tokenKeys(keys), TokenPayer.terms(offer).challenge());
        Page page = mint.route("purchase-uri", TokenMint.purchase(order));
        RawAnswer answer = visit.send("an order of a key that has ended", page, page.request());
        NotAsExpected.unless(
                answer.status() == 409 && TokenMint.code(answer).equals("TOKEN_EXPIRED"),
                "409 with a problem whose code is TOKEN_EXPIRED",
                answer.brief() + Expect.problemOf(answer));
    }

    /** Where tokens of a key's value stand in a bundle; -1 if nowhere. */
    private static int place(List<PublishedKey> bundle, PublishedKey key) {
        return bundle.stream().map(PublishedKey::value).toList().indexOf(key.value());
    }
}
