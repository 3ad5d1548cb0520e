package org.farthing.conformance.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;

/** What challenges look like. */
@Group("Challenge")
final class ChallengeCases {

    private static final String PARAMETERS = "draft-httpauth-payment-01, Challenge parameters";
    private static final List<PageName> LOOKED_AT =
            List.of(PageName.PAID, PageName.PAID_POST, PageName.SEVERAL, PageName.OWN_AUTHORIZATION);

    private final Site site;

    ChallengeCases(Site site) {
        this.site = site;
    }

    /** All challenges of the pages the config names. */
    private List<Offer> offers(Trace trace) {
        Visit visit = site.visit(trace);
        List<Offer> offers = new ArrayList<>();
        for (PageName name : LOOKED_AT) {
            site.page(name).ifPresent(page -> offers.addAll(Offer.in(visit.unpaid(page))));
        }
        if (offers.isEmpty()) {
            throw new NotApplicable("needs a challenge, and no page gives one (S1-unpaid-is-402)");
        }
        return offers;
    }

    private void all(Trace trace, String expected, Predicate<Offer> right) {
        for (Offer offer : offers(trace)) {
            NotAsExpected.unless(right.test(offer), expected, offer.text());
        }
    }

    @Case(
            id = "S12-id-is-there",
            rows = {"S12", "F-CH-1"},
            section = PARAMETERS,
            title = "Every challenge has an id that is not empty",
            fix = "Put an id into every challenge: the HMAC over its parameters.")
    void id(Trace trace) {
        all(trace, "id with a value", offer -> !offer.id().isEmpty());
    }

    @Case(
            id = "S10-every-challenge-can-be-read",
            rows = {"S10", "F-CH-20", "F-CH-21", "F-CH-22"},
            section = "RFC 9110, 11.6.1; " + PARAMETERS,
            title = "Strict readers can read every challenge",
            fix =
                    "Write each parameter once, as name=\"value\", with \\ before \" and \\, without control characters, separated by"
                            + " commas. One challenge that cannot be read makes some clients drop all of them.")
    void readable(Trace trace) {
        Visit visit = site.visit(trace);
        for (PageName name : LOOKED_AT) {
            Optional<Page> page = site.page(name);
            if (page.isPresent()) {
                RawAnswer answer = visit.unpaid(page.get());
                Challenge.Parsed read = Challenge.parseAll(answer.all("WWW-Authenticate"));
                NotAsExpected.unless(
                        read.rejected().isEmpty(),
                        "challenges without a fault",
                        read.rejected().stream()
                                        .map(MalformedException::getMessage)
                                        .findFirst()
                                        .orElse("")
                                + ", in: " + answer.all("WWW-Authenticate"));
            }
        }
    }

    @Case(
            id = "S14-realm-is-there",
            rows = {"S14", "F-CH-1"},
            section = PARAMETERS,
            title = "Every challenge names its realm",
            fix = "Put realm into every challenge; the host name of the service will do.")
    void realm(Trace trace) {
        all(trace, "realm", offer -> offer.get("realm").isPresent());
    }

    @Case(
            id = "S15-method-is-lower-case",
            rows = {"S15", "F-CH-2"},
            section = PARAMETERS,
            title = "method is one or more letters a to z",
            fix = "Write the method's registered name in lower case, letters only.")
    void method(Trace trace) {
        all(trace, "method of letters a to z", offer -> offer.method().matches("[a-z]+"));
    }

    @Case(
            id = "S16-intent-is-a-word",
            rows = {"S16", "F-CH-2"},
            section = PARAMETERS,
            title = "intent is one or more letters, digits or hyphens",
            fix = "Write the intent's registered name, such as charge.")
    void intent(Trace trace) {
        all(
                trace,
                "intent of letters, digits and hyphens",
                offer -> offer.intent().matches("[A-Za-z0-9-]+"));
    }

    @Case(
            id = "S17-request-has-no-padding",
            rows = {"S17", "F-CH-3", "F-EN-2"},
            section = PARAMETERS,
            title = "request is base64url without padding",
            fix = "Encode request with the alphabet A-Z a-z 0-9 - _ and without = at its end.")
    void unpadded(Trace trace) {
        all(
                trace,
                "request in base64url without =",
                offer -> offer.text("request").matches("[A-Za-z0-9_-]+"));
    }

    @Case(
            id = "S17-request-is-canonical",
            rows = {"S17", "F-EN-23"},
            section = PARAMETERS,
            title = "request is canonical JSON (RFC 8785)",
            fix =
                    "Serialise request with a JCS library: members sorted, no white space, numbers in their shortest form. Clients parse"
                            + " and serialise it again, and other bytes fail your own HMAC.")
    void canonical(Trace trace) {
        all(trace, "an object as canonical JSON in base64url", offer -> isCanonical(offer.text("request")));
    }

    private static boolean isCanonical(String encoded) {
        try {
            String json = new String(Base64Url.decode(encoded, "request"), StandardCharsets.UTF_8);
            return CanonicalJson.write(StrictJson.parseObject(json, "request", StrictJson.Limits.FIELD))
                    .equals(json);
        } catch (MalformedException | IllegalArgumentException e) {
            return false;
        }
    }

    @Case(
            id = "S18-digest-for-bodies",
            rows = {"S18", "F-BI-41"},
            section = PARAMETERS + ", digest",
            severity = Severity.SHOULD,
            title = "The challenge for a request with a body has its digest",
            fix =
                    "Hash the body that came with the unpaid request and put it into the challenge as digest=\"sha-256=:…:\" (RFC"
                            + " 9530). Without it a payer can pay for one body and send another.")
    void digest(Trace trace) {
        Page page = site.need(PageName.PAID_POST);
        Offer offer = site.visit(trace).offer(page);
        NotAsExpected.unless(
                Digests.matches(offer.text("digest"), page.request().body()),
                "digest=\"" + Digests.of(page.request().body()) + "\"",
                offer.get("digest").map(text -> "digest=\"" + text + "\"").orElse("no digest"));
    }

    @Case(
            id = "S19-expires-is-there",
            rows = {"S19", "F-CH-42", "F-EN-41"},
            section = PARAMETERS,
            severity = Severity.SHOULD,
            title = "Every challenge says in RFC 3339 when it expires",
            fix = "Add expires, such as 2026-11-22T10:05:00Z, a few minutes ahead, and refuse the challenge after it.")
    void expires(Trace trace) {
        all(
                trace,
                "expires as an RFC 3339 date and time",
                offer -> offer.expires().isPresent());
    }

    @Case(
            id = "S19-expires-is-ahead",
            rows = {"S19", "F-CH-42", "T16"},
            section = PARAMETERS,
            severity = Severity.SHOULD,
            title = "A fresh challenge is not expired",
            fix = "Set expires from the time at which the challenge is sent, and keep the server's clock right.")
    void ahead(Trace trace) {
        Instant now = site.now();
        for (Offer offer : offers(trace)) {
            if (offer.expires().isPresent()) {
                Duration left = Duration.between(now, offer.expires().get());
                NotAsExpected.unless(
                        left.compareTo(Duration.ZERO) > 0,
                        "expires after " + now,
                        "expires=\"" + offer.text("expires") + "\"");
            }
        }
    }

    @Case(
            id = "S21-opaque-is-a-flat-map",
            rows = {"S21", "F-BI-20"},
            section = PARAMETERS,
            title = "opaque is canonical JSON of texts by name, in base64url",
            fix =
                    "Build opaque from one flat object whose values are all strings, serialise it with a JCS library, and encode it in"
                            + " base64url without padding.")
    void opaque(Trace trace) {
        List<Offer> with = offers(trace).stream()
                .filter(offer -> offer.get("opaque").isPresent())
                .toList();
        if (with.isEmpty()) {
            throw new NotApplicable("no challenge has opaque");
        }
        for (Offer offer : with) {
            boolean flat = isCanonical(offer.text("opaque"))
                    && offer.decoded("opaque").stream()
                            .flatMap(object -> object.properties().stream())
                            .allMatch(member -> member.getValue().isTextual());
            NotAsExpected.unless(flat, "a flat object of texts, canonical, in base64url", offer.text("opaque"));
        }
    }

    @Case(
            id = "T28-amount-is-a-whole-number",
            rows = {"T28", "F-MO-1", "F-MO-3"},
            section = "money.md, F-MO-1",
            profile = Profile.WALLET,
            title = "Amounts are whole numbers of a named unit, written as texts",
            fix =
                    "Write amount as a string of 1 to 18 digits without sign, point or leading zero, in the unit that currency names:"
                            + " \"2500\" of \"usd.e6\" are 0.25 cents.")
    void amount(Trace trace) {
        for (Offer offer : offers(trace)) {
            if (offer.method().equals("wallet")) {
                try {
                    var unused = offer.strict().paymentRequest();
                } catch (MalformedException e) {
                    throw new NotAsExpected(
                            "amount and currency as in money.md",
                            e.getMessage() + ", in: "
                                    + offer.request().map(Object::toString).orElse(""));
                }
            }
        }
    }
}
