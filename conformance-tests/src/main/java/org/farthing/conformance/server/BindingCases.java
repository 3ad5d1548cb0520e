package org.farthing.conformance.server;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.internal.Base64Url;

/** Echoes that were changed: the payer pays what it wrote itself, not what was offered. */
@Group("Binding")
final class BindingCases {

    private static final String BINDING = "draft-httpauth-payment-01, Challenge binding";
    private static final String FIX =
            "Compute the id as an HMAC over realm, method, intent, request, expires, digest and opaque as"
                    + " they go out, compute it again over what the credential echoes, and answer 402 with a fresh challenge and a"
                    + " problem body of type …/invalid-challenge if the two differ.";

    private final Site site;

    BindingCases(Site site) {
        this.site = site;
    }

    /** Pays a changed offer and presents that; the server must see that it never made it. */
    private void refused(Visit visit, String what, Offer offer, Offer changed) {
        RawAnswer answer = visit.present(what, site.paid(), visit.pay(changed));
        Expect.refusedAfresh(answer, offer.id());
        Expect.problem(answer, "invalid-challenge");
    }

    private void refused(Trace trace, String member, String value) {
        Visit visit = site.visit(trace);
        Offer offer = visit.offer(site.paid());
        refused(visit, "another " + member + ", paid as it is echoed", offer, offer.with(member, value));
    }

    /** Pays what was offered and changes the echo after that, where nobody could pay the change. */
    private void refusedEcho(Trace trace, String member, String value, String... types) {
        Visit visit = site.visit(trace);
        Offer offer = visit.offer(site.paid());
        Presented changed = visit.pay(offer).withEcho(member, value);
        RawAnswer answer = visit.present("another " + member + " in the echo", site.paid(), changed);
        if (answer.status() != 400) {
            Expect.refusedAfresh(answer, offer.id());
        }
        Expect.problem(answer, types);
    }

    private void refusedRequest(Trace trace, String member, String one, String other) {
        Visit visit = site.visit(trace);
        Offer offer = visit.offer(site.paid());
        String asked =
                offer.asked(member).orElseThrow(() -> new NotApplicable("the request has no \"" + member + "\""));
        Offer changed = offer.withAsked(member, asked.equals(one) ? other : one);
        refused(visit, "another " + member + " in request, paid as it is echoed", offer, changed);
    }

    @Case(
            id = "S3-made-up-id",
            rows = {"S3", "S13", "F-BI-3"},
            section = "draft-httpauth-payment-01, Status Codes",
            title = "A credential for an id the server never gave out is refused",
            fix = FIX)
    void madeUpId(Trace trace) {
        refused(trace, "id", Base64Url.encodeUtf8("made up by the kit, 32 bytes ..."));
    }

    @Case(
            id = "S13-realm-is-bound",
            rows = {"S13", "F-BI-1", "F-BI-13"},
            section = BINDING,
            title = "An echo with another realm is refused",
            fix = FIX)
    void realm(Trace trace) {
        refused(trace, "realm", "elsewhere.example");
    }

    @Case(
            id = "S13-method-is-bound",
            rows = {"S13", "F-BI-1"},
            section = BINDING,
            title = "An echo with another method is refused",
            fix = FIX)
    void method(Trace trace) {
        refusedEcho(trace, "method", "othermethod", "invalid-challenge", "method-unsupported");
    }

    @Case(
            id = "S13-intent-is-bound",
            rows = {"S13", "F-BI-1"},
            section = BINDING,
            title = "An echo with another intent is refused",
            fix = FIX)
    void intent(Trace trace) {
        refusedEcho(trace, "intent", "other-intent", "invalid-challenge", "method-unsupported");
    }

    @Case(
            id = "T8-amount-is-bound",
            rows = {"T8", "S13", "F-SV-7"},
            section = BINDING,
            title = "A payment of another amount than was asked is refused",
            fix = FIX + " Read the amount from the text that was verified, not from anything else in the credential.")
    void amount(Trace trace) {
        refusedRequest(trace, "amount", "1", "2");
    }

    @Case(
            id = "T8-currency-is-bound",
            rows = {"T8", "S13", "F-SV-7"},
            section = BINDING,
            title = "A payment in another currency than was asked is refused",
            fix = FIX)
    void currency(Trace trace) {
        refusedRequest(trace, "currency", "jpy", "krw");
    }

    @Case(
            id = "T8-recipient-is-bound",
            rows = {"T8", "S13", "F-SV-7"},
            section = BINDING,
            title = "A payment to another recipient than was asked is refused",
            fix = FIX)
    void recipient(Trace trace) {
        refusedRequest(trace, "recipient", "https://elsewhere.example", "https://elsewhere2.example");
    }

    @Case(
            id = "S13-expires-is-bound",
            rows = {"S13", "F-BI-1", "T16"},
            section = BINDING,
            title = "An echo with a later expiry is refused",
            fix = FIX)
    void expires(Trace trace) {
        Visit visit = site.visit(trace);
        Offer offer = visit.offer(site.paid());
        Instant until =
                offer.expires().orElse(site.now()).plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
        refused(visit, "a later expires, paid as it is echoed", offer, offer.with("expires", until.toString()));
    }

    @Case(
            id = "S13-expires-cannot-be-left-out",
            rows = {"S13", "F-BI-1", "T16"},
            section = BINDING,
            title = "An echo without the expiry is refused",
            fix = FIX + " An absent parameter is an empty slot, not a slot that is left out of the comparison.")
    void noExpires(Trace trace) {
        Visit visit = site.visit(trace);
        Offer offer = visit.offer(site.paid());
        if (offer.get("expires").isEmpty()) {
            throw new NotApplicable("the challenge has no expires");
        }
        refused(visit, "no expires, paid as it is echoed", offer, offer.with("expires", null));
    }

    @Case(
            id = "S13-digest-cannot-be-added",
            rows = {"S13", "F-BI-1"},
            section = BINDING,
            title = "An echo with a digest the challenge did not have is refused",
            fix = FIX)
    void digest(Trace trace) {
        // The digest of what is sent, nothing: whoever checks bodies and not the id, finds nothing wrong.
        refused(trace, "digest", Digests.of(null));
    }

    @Case(
            id = "S22-opaque-is-bound",
            rows = {"S22", "S13", "F-BI-1"},
            section = BINDING,
            title = "An echo with another opaque is refused",
            fix = FIX)
    void opaque(Trace trace) {
        Visit visit = site.visit(trace);
        Offer offer = visit.offer(site.paid());
        Offer changed = offer.with("opaque", offer.encoded("opaque", "kit", "added"));
        refused(visit, "another opaque, paid as it is echoed", offer, changed);
    }

    @Case(
            id = "S22-opaque-cannot-be-left-out",
            rows = {"S22", "S13", "F-BI-1"},
            section = BINDING,
            title = "An echo without the opaque is refused",
            fix = FIX)
    void noOpaque(Trace trace) {
        Visit visit = site.visit(trace);
        Offer offer = visit.offer(site.paid());
        if (offer.get("opaque").isEmpty()) {
            throw new NotApplicable("the challenge has no opaque");
        }
        refused(visit, "no opaque, paid as it is echoed", offer, offer.with("opaque", null));
    }

    @Case(
            id = "S20-description-is-not-bound",
            rows = {"S20", "F-CR-22"},
            section = "draft-httpauth-payment-01, Challenge parameters, description",
            title = "A changed or missing description does not spoil a payment",
            fix =
                    "Leave description out of the id and out of every check: it is for people, and several SDKs do not send it back.")
    void description(Trace trace) {
        Visit visit = site.visit(trace);
        for (String text : List.of("changed by the kit", "")) {
            Presented credential =
                    visit.pay(visit.offer(site.paid())).withEcho("description", text.isEmpty() ? null : text);
            RawAnswer answer = visit.present("a valid payment, description changed or gone", site.paid(), credential);
            NotAsExpected.unless(answer.isSuccess(), "2xx", answer.brief() + Expect.problemOf(answer));
        }
    }

    @Case(
            id = "T28-odd-amounts-are-refused",
            rows = {"T28", "T8", "F-MO-1"},
            section = "money.md, F-MO-1",
            title = "Negative, huge and oddly written amounts in an echo pay nothing",
            fix = FIX
                    + " Parse amounts with a pattern such as ^(0|[1-9][0-9]{0,17})$, never with a number parser, and let nothing of"
                    + " it end in a 500.")
    void oddAmounts(Trace trace) {
        Visit visit = site.visit(trace);
        for (Object amount :
                List.<Object>of("-1", "0", "+5", "00", "1e2", "0.5", "", "99999999999999999999999", "\u0663", 5)) {
            Offer offer = visit.offer(site.paid());
            Presented changed = visit.pay(offer).withEcho("request", offer.encoded("request", "amount", amount));
            RawAnswer answer = visit.present("the amount " + amount, site.paid(), changed);
            NotAsExpected.unless(
                    answer.status() == 402 || answer.status() == 400, "402 for the amount " + amount, answer.brief());
        }
    }

    @Case(
            id = "S3-expired",
            rows = {"S3", "F-RE-18", "F-ST-14"},
            section = "draft-httpauth-payment-01, Status Codes",
            title = "A payment for an expired challenge is refused as payment-expired",
            fix =
                    "Compare expires of the echo, after its id was verified, with your own clock, without tolerance. After it, answer 402"
                            + " with a fresh challenge and a problem body of type …/payment-expired.")
    void expired(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.need(PageName.SHORT);
        Offer offer = visit.offer(page);
        Instant expires = offer.expires()
                .orElseThrow(() -> new NotApplicable("the challenge of the page \"short\" does not expire"));
        if (Duration.between(site.now(), expires).compareTo(Duration.ofSeconds(90)) > 0) {
            throw new NotApplicable(
                    "the challenges of the page \"short\" live longer than 90 seconds; name one with less");
        }
        Presented credential = visit.pay(offer);
        site.waitUntil(expires.plusSeconds(1));
        RawAnswer answer = visit.present("paid, presented after it expired", page, credential);
        Expect.refusedAfresh(answer, offer.id());
        Expect.problem(answer, "payment-expired");
    }

    @Case(
            id = "S3-expiry-is-checked-last",
            rows = {"S3", "F-BI-3"},
            section = "draft-httpauth-payment-01, Status Codes",
            severity = Severity.SHOULD,
            title = "An echo with an expiry in the past is a changed echo, not an expired one",
            fix =
                    "Verify the id first and look at expires after that. Otherwise anybody can make your server say payment-expired about"
                            + " a challenge it never made.")
    void madeUpExpiry(Trace trace) {
        Visit visit = site.visit(trace);
        Offer offer = visit.offer(site.paid());
        Presented changed = visit.pay(offer).withEcho("expires", "2020-01-01T00:00:00Z");
        RawAnswer answer = visit.present("expires in the past, changed in the echo", site.paid(), changed);
        Expect.refusedAfresh(answer, offer.id());
        Expect.problem(answer, "invalid-challenge");
    }
}
