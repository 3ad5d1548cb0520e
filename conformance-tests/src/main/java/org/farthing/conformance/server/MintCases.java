package org.farthing.conformance.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;

/** The issuer that a page's offers name: its directory, and the sale of tokens. */
@Group("Issuing")
final class MintCases {

    private final Site site;

    MintCases(Site site) {
        this.site = site;
    }

    /** The issuer of the page {@code paid}, what a bundle of it is, and for whom. */
    private record Shop(TokenPayer payer, TokenMint mint, Offer offer) {

        static Shop of(Visit visit) {
            TokenPayer payer = new TokenPayer(visit);
            Offer offer = payer.offer(visit.site().paid());
            return new Shop(payer, payer.mint(offer), offer);
        }

        String currency() {
            return offer.asked("currency").orElse("");
        }

        /** An order of the cheapest bundle. */
        TokenOrder order() {
            return order(TokenPayer.keys(mint, TokenPayer.cheapest(mint), currency()));
        }

        TokenOrder order(List<PublishedKey> keys) {
            return TokenOrder.of(
                    TokenPayer.tokenKeys(keys), TokenPayer.terms(offer).challenge());
        }

        Page purchase(TokenOrder order) {
            return mint.route("purchase-uri", TokenMint.purchase(order));
        }
    }

    @Case(
            id = "F-TK-77-directory",
            rows = {"F-TK-77", "F-TK-18", "F-TK-9"},
            section = "RFC 9578, section 4; token-mint.md, F-TK-77; token.md, F-TK-18; token.md, F-TK-9",
            profile = Profile.TOKEN,
            title =
                    "The issuer's directory can be read, be kept for a while, and tells its keys apart by their last byte",
            fix =
                    "Serve application/private-token-issuer-directory with max-age and ETag; make keys until the last bytes of their ids are all different.")
    void directory(Trace trace) {
        Shop shop = Shop.of(site.visit(trace));
        RawAnswer answer = shop.mint().published();
        NotAsExpected.unless(
                answer.mediaType().equals("application/private-token-issuer-directory"),
                "Content-Type: application/private-token-issuer-directory",
                "Content-Type: " + answer.mediaType());
        NotAsExpected.unless(
                answer.hasWord("Cache-Control", "max-age") && answer.has("ETag"),
                "Cache-Control with max-age, and an ETag",
                "Cache-Control: " + answer.first("Cache-Control").orElse("(none)") + ", ETag: "
                        + answer.first("ETag").orElse("(none)"));
        try {
            IssuerDirectory directory = IssuerDirectory.parse(answer.body());
            NotAsExpected.unless(
                    directory.issuer().equals(shop.mint().origin()),
                    "the directory of " + shop.mint().origin(),
                    "one of " + directory.issuer());
        } catch (MalformedException e) {
            throw new NotAsExpected("a directory a payer can read", "one it refuses: " + e.getMessage());
        }
    }

    @Case(
            id = "T59-bundles-only",
            rows = {"T59", "F-TK-79", "F-TK-21"},
            section = "threats.md 59; token-mint.md, F-TK-79; token.md, F-TK-21",
            profile = Profile.TOKEN,
            title =
                    "Tokens are sold in the published bundles alone, and any other order is refused before it is priced",
            fix =
                    "Compare the values ordered with your bundles before you answer 402: an order for exactly one price tells what was bought with it.")
    void bundles(Trace trace) {
        Visit visit = site.visit(trace);
        Shop shop = Shop.of(visit);
        List<PublishedKey> keys = TokenPayer.keys(shop.mint(), TokenPayer.cheapest(shop.mint()), shop.currency());
        List<PublishedKey> less = keys.subList(0, keys.size() - 1);
        boolean isOne = shop.mint().directory().bundles().stream()
                .map(Bundle::amount)
                .anyMatch(amount -> amount.baseUnits()
                        == less.stream()
                                .mapToLong(key -> key.value().baseUnits())
                                .sum());
        if (isOne || less.isEmpty()) {
            throw new NotApplicable("needs a bundle that without one of its tokens is none");
        }
        Page page = shop.purchase(shop.order(less));
        RawAnswer answer = visit.send("an order that is no bundle", page, page.request());
        NotAsExpected.unless(
                answer.status() == 400 || answer.status() == 422,
                "400 or 422, and no price",
                answer.brief() + Expect.problemOf(answer));
    }

    @Case(
            id = "F-TK-84-paid-order-is-signed",
            rows = {"F-TK-84", "F-TK-82"},
            section = "token-mint.md, F-TK-84; token-mint.md, F-TK-82",
            profile = Profile.TOKEN,
            title = "A paid order gets its signatures, and the same bytes get the same signatures again",
            fix =
                    "Price the order by its values, bind it by digest, sign when it is paid, and answer a repeat with the same bytes: whoever lost the answer has paid for it.")
    void purchase(Trace trace) {
        Visit visit = site.visit(trace);
        Shop shop = Shop.of(visit);
        TokenOrder order = shop.order();
        Page page = shop.purchase(order);
        Offer price = shop.mint().priced(page);
        long sum = TokenPayer.cheapest(shop.mint()).amount().baseUnits();
        NotAsExpected.unless(
                price.asked("amount").orElse("").equals(Long.toString(sum)),
                "a price of " + sum + ", the sum of the values",
                "a price of " + price.asked("amount").orElse("(none)"));
        NotAsExpected.unless(price.get("digest").isPresent(), "a challenge with digest", "one without");
        Presented credential = shop.mint().paid(price);
        RawAnswer first = visit.present("the order, paid", page, credential);
        NotAsExpected.unless(first.isSuccess(), "2xx for a paid order", first.brief() + Expect.problemOf(first));
        var unused = order.tokens(TokenMint.responses(first));
        RawAnswer again = visit.present("the same order with the same credential", page, credential);
        NotAsExpected.unless(
                again.isSuccess() && Arrays.equals(first.body(), again.body()),
                "the same signatures",
                again.brief() + Expect.problemOf(again));
    }

    @Case(
            id = "T60-other-messages-for-the-money",
            rows = {"T60", "F-TK-82", "T6"},
            section = "threats.md 60; token-mint.md, F-TK-82; threats.md 6",
            profile = Profile.TOKEN,
            title = "A payment for one order does not sign the messages of another",
            fix = "Bind the order's body into its challenge (digest), and compare it when the payment comes.")
    void otherMessages(Trace trace) {
        Visit visit = site.visit(trace);
        Shop shop = Shop.of(visit);
        Page page = shop.purchase(shop.order());
        Presented credential = shop.mint().paid(shop.mint().priced(page));
        Page other = shop.purchase(shop.order());
        RawAnswer answer = visit.present("another order, with the payment of the first", other, credential);
        Expect.notDelivered(answer, "other messages were paid for");
        RawAnswer right = visit.present("the order that was paid", page, credential);
        NotAsExpected.unless(
                right.isSuccess(), "2xx for the order that was paid", right.brief() + Expect.problemOf(right));
    }

    @Case(
            id = "F-TK-81-message-is-sold-once",
            rows = {"F-TK-81", "F-TK-10"},
            section = "token-mint.md, F-TK-81; token.md, F-TK-10",
            profile = Profile.TOKEN,
            title = "A message that was signed before is not sold again",
            fix =
                    "Remember 16 bytes of each message you signed, and refuse an order that has one of them before it is priced; who lost the answer asks token-restore.")
    void soldOnce(Trace trace) {
        Visit visit = site.visit(trace);
        Shop shop = Shop.of(visit);
        TokenOrder order = shop.order();
        var unused = shop.mint().bought(order);
        Page page = shop.purchase(order);
        RawAnswer again = visit.send("the same order, as a new purchase", page, page.request());
        NotAsExpected.unless(
                again.status() >= 400 && again.status() != 402 && again.status() < 500,
                "a refusal, and no price",
                again.brief() + Expect.problemOf(again));
    }

    @Case(
            id = "T60-no-oracle",
            rows = {"T60", "F-TK-74", "F-TK-13"},
            section = "RFC 9578, section 6.2; threats.md 60; token-mint.md, F-TK-74; token.md, F-TK-13",
            profile = Profile.TOKEN,
            title = "The issuer signs no number that is not one of its key's, and nothing before it is paid",
            fix =
                    "Refuse blinded messages that are not below the modulus or not coprime to it before you price the order, and sign after the charge alone.")
    void oracle(Trace trace) {
        Visit visit = site.visit(trace);
        Shop shop = Shop.of(visit);
        List<PublishedKey> keys = TokenPayer.keys(shop.mint(), TokenPayer.cheapest(shop.mint()), shop.currency());
        TokenOrder order = shop.order(keys);
        byte[] beyond = new byte[TokenResponse.LENGTH];
        Arrays.fill(beyond, (byte) 0xff);
        Map<String, byte[]> wrong =
                Map.of("all ones, which is not below any n", beyond, "zero", new byte[TokenResponse.LENGTH]);
        for (Map.Entry<String, byte[]> entry : wrong.entrySet()) {
            List<TokenRequest> messages = new ArrayList<>(order.messages());
            messages.set(0, new TokenRequest(messages.get(0).truncatedKeyId(), entry.getValue()));
            Page page = shop.mint()
                    .route("purchase-uri", CanonicalJson.write(Map.of("requests", TokenRequest.formatAll(messages))));
            RawAnswer answer = visit.send("a message that is " + entry.getKey(), page, page.request());
            NotAsExpected.unless(
                    answer.status() == 400 || answer.status() == 422,
                    "400 or 422, and no price",
                    answer.brief() + Expect.problemOf(answer));
        }
        Page page = shop.purchase(order);
        RawAnswer unpaid = visit.send("a right order, unpaid", page, page.request());
        NotAsExpected.unless(
                unpaid.status() == 402 && !unpaid.text().contains("\"responses\""),
                "402 without a signature",
                unpaid.brief());
    }

    @Case(
            id = "F-TK-74-unknown-key",
            rows = {"F-TK-74"},
            section = "RFC 9578, section 6.2; token-mint.md, F-TK-74",
            profile = Profile.TOKEN,
            title = "An order for a key the issuer does not sell now is refused before it is priced",
            fix = "Look up the key by the last byte of its id among those on sale; 400 or 422 where there is none.")
    void unknownKey(Trace trace) {
        Visit visit = site.visit(trace);
        Shop shop = Shop.of(visit);
        Set<Integer> known = new HashSet<>();
        shop.mint().directory().keys().forEach(key -> known.add(key.key().truncatedId()));
        int none = 0;
        while (known.contains(none)) {
            none++;
        }
        TokenOrder order = shop.order();
        List<TokenRequest> messages = new ArrayList<>(order.messages());
        messages.set(0, new TokenRequest(none, messages.get(0).blinded()));
        Page page = shop.mint()
                .route("purchase-uri", CanonicalJson.write(Map.of("requests", TokenRequest.formatAll(messages))));
        RawAnswer answer = visit.send("an order for a key that is not there", page, page.request());
        NotAsExpected.unless(
                answer.status() == 400 || answer.status() == 422,
                "400 or 422, and no price",
                answer.brief() + Expect.problemOf(answer));
    }

    @Case(
            id = "F-TK-79-request-of-rfc-9578",
            rows = {"F-TK-79", "F-TK-74"},
            section = "RFC 9578, section 6; token-mint.md, F-TK-79; token-mint.md, F-TK-74",
            profile = Profile.TOKEN,
            title = "A client of RFC 9578 gets one token for the value of its key",
            fix =
                    "Take application/private-token-request with 259 bytes at issuer-request-uri, charge the key's value, and answer application/private-token-response with 256.")
    void single(Trace trace) {
        Visit visit = site.visit(trace);
        Shop shop = Shop.of(visit);
        PublishedKey key = TokenPayer.keys(shop.mint(), TokenPayer.cheapest(shop.mint()), shop.currency())
                .get(0);
        TokenOrder order = shop.order(List.of(key));
        SingleRequest single = new SingleRequest(visit, shop.mint());
        RawAnswer answer = single.buy(order.messages().get(0), key.value().baseUnits());
        NotAsExpected.unless(
                answer.status() == 200 && answer.mediaType().equals("application/private-token-response"),
                "200 with application/private-token-response",
                answer.brief() + ", Content-Type: " + answer.mediaType() + Expect.problemOf(answer));
        List<BlindToken> tokens = order.tokens(List.of(single.response(answer)));
        NotAsExpected.unless(key.key().verify(tokens.get(0)), "a token that holds", "one that does not");
        RawAnswer broken = single.unpaid(Arrays.copyOf(order.messages().get(0).bytes(), 100));
        NotAsExpected.unless(
                broken.status() == 400 || broken.status() == 422,
                "400 or 422 for 100 bytes",
                broken.brief() + Expect.problemOf(broken));
    }
}
