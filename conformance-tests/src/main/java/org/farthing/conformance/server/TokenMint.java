package org.farthing.conformance.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.farthing.conformance.http.FieldLine;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenResponse;
import org.jspecify.annotations.Nullable;

/** The issuer that offers of method {@code token} name, as its clients meet it (token-mint.md). */
final class TokenMint {

    private static final String DIRECTORY = "/.well-known/private-token-issuer-directory";
    private static final List<FieldLine> JSON = List.of(new FieldLine("Content-Type", "application/json"));
    /** More than any answer to what the suite asks. */
    private static final int MOST = 256;

    private final Visit visit;
    private final Origin origin;
    private @Nullable RawAnswer published;

    TokenMint(Visit visit, Origin origin) {
        this.visit = visit;
        this.origin = origin;
    }

    Origin origin() {
        return origin;
    }

    /** Its directory as it came; asked for once. */
    RawAnswer published() {
        RawAnswer known = published;
        if (known == null) {
            Page page = page(origin.text() + DIRECTORY, "GET", null);
            known = visit.send("the issuer's directory", page, page.request());
            published = known;
        }
        return known;
    }

    /**
     * Its directory.
     *
     * @throws NotApplicable if there is none that can be read; the case on directories fails for that
     */
    IssuerDirectory directory() {
        RawAnswer answer = published();
        try {
            if (answer.status() == 200) {
                return IssuerDirectory.parse(answer.body());
            }
        } catch (MalformedException e) {
            throw new NotApplicable("needs the issuer's directory, and it cannot be read: " + e.getMessage());
        }
        throw new NotApplicable("needs the issuer's directory, and " + origin + DIRECTORY + " gives none");
    }

    /** A key that makes tokens of a value now. */
    PublishedKey key(long value, String currency) {
        return directory().keys().stream()
                .filter(key -> key.value().baseUnits() == value
                        && key.currency().text().equals(currency)
                        && key.sellableAt(visit.site().now()))
                .findFirst()
                .orElseThrow(() -> new NotApplicable(
                        "needs a key of the issuer that makes tokens of " + value + " " + currency + " now"));
    }

    /** One of its routes, by its member of the directory. */
    Page route(String member, @Nullable String body) {
        return page(uri(member), "POST", body);
    }

    private String uri(String member) {
        String uri = Expect.json(published())
                .map(directory -> directory.path(member).asText())
                .orElse("");
        if (uri.isEmpty()) {
            throw new NotApplicable("needs the member \"" + member + "\" of the issuer's directory");
        }
        return URI.create(origin.text() + "/").resolve(uri).toString();
    }

    private static Page page(String uri, String method, @Nullable String body) {
        return new Page(PageName.PAID, URI.create(uri), method, body == null ? List.of() : JSON, body);
    }

    /** Asks for something that costs nothing. */
    RawAnswer ask(String what, String member, Map<String, String> body) {
        Page page = route(member, CanonicalJson.write(body));
        return visit.send(what, page, page.request());
    }

    /** The body that asks for tokens. */
    static String purchase(TokenOrder order) {
        return CanonicalJson.write(Map.of("requests", order.requests()));
    }

    /** The challenge of an order, which a payer can pay. */
    Offer priced(Page page) {
        return pick(Expect.challenged(visit.send("an order of tokens, unpaid", page, page.request())));
    }

    /** Of several offers the first one that whoever buys tokens can pay, else the first. */
    Offer pick(List<Offer> offers) {
        return offers.stream().filter(visit.site().funds()::pays).findFirst().orElse(offers.get(0));
    }

    /** The credential for an order of tokens. */
    Presented paid(Offer offer) {
        Payer funds = visit.site().funds();
        if (funds != Payer.NONE && !funds.pays(offer)) {
            throw new NotApplicable(
                    "needs tokens, and " + funds + " cannot pay for them by method \"" + offer.method() + "\"");
        }
        return Presented.of(offer, visit.site().pay(offer, funds));
    }

    /** Buys what was ordered: the answer with the signatures. */
    RawAnswer buy(Page page) {
        return visit.present("an order of tokens, paid", page, paid(priced(page)));
    }

    /** Buys tokens. */
    List<BlindToken> bought(TokenOrder order) {
        return order.tokens(responses(buy(route("purchase-uri", purchase(order)))));
    }

    /** The signatures in an answer. */
    static List<TokenResponse> responses(RawAnswer answer) {
        Expect.status(answer, 200);
        String text = Expect.json(answer)
                .map(body -> body.path("responses"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .orElseThrow(() -> new NotAsExpected("\"responses\" in the answer", "none"));
        try {
            return text.isEmpty() ? List.of() : TokenResponse.parseAll(text, MOST);
        } catch (MalformedException e) {
            throw new NotAsExpected("responses of 256 bytes each", String.valueOf(e.getMessage()));
        }
    }

    /** A refusal by status and code. */
    static void refused(RawAnswer answer, int status, String... codes) {
        NotAsExpected.unless(
                answer.status() == status && List.of(codes).contains(code(answer)),
                status + " with a problem body whose code is " + String.join(" or ", codes),
                answer.brief() + Expect.problemOf(answer));
    }

    /** The code of a problem. */
    static String code(RawAnswer answer) {
        return Expect.json(answer).map(body -> body.path("code").asText("")).orElse("");
    }

    /** Where it is. */
    @Override
    public String toString() {
        return "issuer " + origin;
    }
}
